//! How often a joint test notices something that is there: the power of [`Wald`]'s test.
//!
//! It takes the covariance for known, as the numbers of a power are only as good as their plan.

#[cfg(test)]
mod tests;

use statrs::function::{beta::beta_reg, gamma::gamma_ur};

use super::{Level, Wald};

/// Poisson weights below this count for nothing.
const NEGLIGIBLE: f64 = 1e-17;

/// So many standard deviations below its mean Poisson's law has nothing left.
const WIDE: f64 = 12.0;

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
    ///
    /// Far from 0 only the weights about the mean count, and each law's tail is its neighbour's and a term more: a test with
    /// hardly a degree of freedom notices distances of a million, which would else take as many tails.
    fn beyond(&self, line: f64, distance: f64) -> f64 {
        let mean = distance / 2.0;
        if mean <= 0.0 {
            return self.tail(line, 0);
        }
        let first = (mean - WIDE * mean.sqrt() - WIDE).max(0.0).floor();
        let mut weight = (first * mean.ln() - mean - libm::lgamma(first + 1.0)).exp();
        let (mut tail, mut more) = (self.tail(line, first as u32), self.more(line, first));
        let (mut sum, mut n) = (0.0, first);
        while n <= mean || weight > NEGLIGIBLE {
            sum += weight * tail.min(1.0);
            let half = self.df as f64 / 2.0 + n;
            tail += more;
            more *= match self.df_denominator {
                None => line / 2.0 / (half + 1.0),
                Some(rest) => line / (rest + line) * (rest / 2.0 + half) / (half + 1.0),
            };
            n += 1.0;
            weight *= mean / n;
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

    /// By how much two degrees of freedom more raise it. Source: NIST Digital Library of Mathematical Functions, 8.8.6 and
    /// 8.17.21.
    fn more(&self, line: f64, extra: f64) -> f64 {
        let half = self.df as f64 / 2.0 + extra;
        match self.df_denominator {
            None => (half * (line / 2.0).ln() - line / 2.0 - libm::lgamma(half + 1.0)).exp(),
            Some(rest) => {
                let (a, x) = (rest / 2.0, rest / (rest + line));
                let gammas = libm::lgamma(a + half) - libm::lgamma(a) - libm::lgamma(half + 1.0);
                (a * x.ln() + half * (line / (rest + line)).ln() + gammas).exp()
            }
        }
    }
}

/// Where an ascending function passes 0, above 0.
fn bisect(ascending: impl Fn(f64) -> f64, first: f64) -> f64 {
    let (mut low, mut high) = (0.0, first);
    while ascending(high) < 0.0 && high < 1e9 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if ascending(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
