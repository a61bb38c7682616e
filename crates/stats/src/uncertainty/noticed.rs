//! How often a joint test notices something that is there: the power of [`Wald`]'s test.
//!
//! It takes the covariance for known, as the numbers of a power are only as good as their plan.

use statrs::function::{beta::beta_reg, gamma::gamma_ur};

use super::{Level, Wald};

/// Poisson weights below this count for nothing.
const NEGLIGIBLE: f64 = 1e-17;

impl Wald {
    /// How often a test like this one rejects, were the tested numbers truly that far from 0.
    ///
    /// - `distance`: squared, in units of the numbers' covariance: the `statistic` that the true numbers would have;
    ///   0 or more. `level`: 0.95 for a test that rejects at p < 0.05.
    /// - Returns a probability: the tail of a noncentral chi-square or F law.
    pub fn power(&self, distance: f64, level: Level) -> f64 {
        let error = 1.0 - level.share();
        let line = bisect(|x| error - self.tail(x, 0), 1.0);
        self.beyond(line, distance)
    }

    /// The squared distance from 0 that a test like this one notices with probability `share`.
    ///
    /// - `share`: above 1 - `level`, which it notices where nothing is.
    pub fn distance_noticed(&self, share: Level, level: Level) -> f64 {
        let error = 1.0 - level.share();
        let line = bisect(|x| error - self.tail(x, 0), 1.0);
        bisect(|distance| self.beyond(line, distance) - share.share(), 1.0)
    }

    /// The probability beyond `line` of the noncentral law: central ones mixed by Poisson's law of half the distance.
    fn beyond(&self, line: f64, distance: f64) -> f64 {
        let mean = distance / 2.0;
        // By logarithms: far from 0 the first weights are less than a double can be.
        let weight = |n: u32| match n {
            0 => (-mean).exp(),
            n => (f64::from(n) * mean.ln() - mean - libm::lgamma(f64::from(n) + 1.0)).exp(),
        };
        let (mut sum, mut n) = (0.0, 0);
        while f64::from(n) <= mean || weight(n) > NEGLIGIBLE {
            sum += weight(n) * self.tail(line, n);
            n += 1;
        }
        sum
    }

    /// The probability beyond `line` (on the scale of chi-square, or for few units of q times F) of the central law
    /// with 2 `extra` degrees of freedom more.
    fn tail(&self, line: f64, extra: u32) -> f64 {
        let half = self.df as f64 / 2.0 + f64::from(extra);
        match self.df_denominator {
            None => gamma_ur(half, line / 2.0),
            Some(rest) => beta_reg(rest / 2.0, half, rest / (rest + line)),
        }
    }
}

/// Where an ascending function passes 0, above 0.
fn bisect(ascending: impl Fn(f64) -> f64, first: f64) -> f64 {
    let (mut low, mut high) = (0.0, first);
    while ascending(high) < 0.0 && high < 1e6 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if ascending(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    fn test(df: usize, df_denominator: Option<f64>) -> Wald {
        Wald { statistic: 0.0, df, df_denominator, p: 1.0 }
    }

    /// Two standard normals (Box and Muller).
    fn normals(rng: &mut Xoshiro256PlusPlus) -> f64 {
        let (a, b): (f64, f64) = (rng.random(), rng.random());
        (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    /// Published: a noncentral chi-square of one degree reaches 80 % at 2.8016^2 = 7.8489, of two at 9.6347 (tables of
    /// power analysis, e.g. Cohen 1988, at 5 %).
    #[test]
    fn distances_equal_those_of_the_tables() {
        let noticed =
            |df, share| test(df, None).distance_noticed(Level::new(share).unwrap(), Level::NINETY_FIVE);
        assert!((noticed(1, 0.8) - 7.848_861).abs() < 1e-5, "{}", noticed(1, 0.8));
        assert!((noticed(2, 0.8) - 9.634_689).abs() < 1e-5, "{}", noticed(2, 0.8));
        // One number, noticed in half of all cases: (almost) the line itself, the other tail being 4e-5.
        assert!((noticed(1, 0.5).sqrt() - 1.96).abs() < 1e-3);
    }

    #[test]
    fn nothing_is_noticed_as_often_as_the_level_says_and_the_two_ways_agree() {
        for law in [test(5, None), test(3, Some(7.5)), test(40, Some(200.0)), test(200, None)] {
            assert!((law.power(0.0, Level::NINETY_FIVE) - 0.05).abs() < 1e-9);
            for share in [0.5, 0.8] {
                let share = Level::new(share).unwrap();
                let distance = law.distance_noticed(share, Level::NINETY_FIVE);
                assert!((law.power(distance, Level::NINETY_FIVE) - share.share()).abs() < 1e-9);
            }
            assert!(law.power(4.0, Level::NINETY_FIVE) < law.power(5.0, Level::NINETY_FIVE));
        }
        // With ever more degrees of freedom the F law becomes chi-square.
        let (few, many) = (test(4, Some(1e7)), test(4, None));
        assert!((few.power(9.0, Level::NINETY_FIVE) - many.power(9.0, Level::NINETY_FIVE)).abs() < 1e-5);
    }

    /// Brute force: 200,000 tests of three numbers, of which one is off; within four Monte Carlo errors.
    #[test]
    fn power_is_what_simulated_tests_reject() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
        let (distance, n, rest) = (6.0_f64, 200_000, 9_usize);
        // The lines that chi-square(3) and F(3, 9) pass with 5 % (tables): 7.8147 and 3.8625.
        let mut beyond = (0, 0);
        for _ in 0..n {
            let mut squared = |n: usize| (0..n).map(|_| normals(&mut rng).powi(2)).sum::<f64>();
            let others = squared(2);
            let below = squared(rest);
            let chi = others + (normals(&mut rng) + distance.sqrt()).powi(2);
            beyond.0 += usize::from(chi > 7.814_728);
            beyond.1 += usize::from(chi / 3.0 / (below / rest as f64) > 3.862_548);
        }
        for (rejected, law) in [(beyond.0, test(3, None)), (beyond.1, test(3, Some(rest as f64)))] {
            let (share, power) = (rejected as f64 / f64::from(n), law.power(distance, Level::NINETY_FIVE));
            let error = (power * (1.0 - power) / f64::from(n)).sqrt();
            assert!((share - power).abs() < 4.0 * error, "{share} {power}");
        }
    }
}
