//! What is believed of a share after counting: a Beta law, its mean and its interval.

use statrs::function::beta::beta_reg;

use super::Level;

/// A Beta law of a share: what `n` cases and a belief held before say about how often something happens.
///
/// Assumes that the cases are alike and independent given the share. Misleads if those that are counted were picked
/// by how they ended.
/// Source: Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data Analysis, 3rd ed., section 2.4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// As if it had happened so often; above 0.
    pub yes: f64,
    /// As if it had failed to so often; above 0.
    pub no: f64,
}

impl Share {
    /// The law after `n_yes` more cases in which it happened, and `n_no` in which it did not.
    pub fn after(self, n_yes: f64, n_no: f64) -> Share {
        Share { yes: self.yes + n_yes, no: self.no + n_no }
    }

    /// The mean: the probability that it happens in the next case.
    pub fn mean(self) -> f64 {
        self.yes / (self.yes + self.no)
    }

    /// The share that the law stays under with this probability, by halving the interval until no number lies within.
    pub fn quantile(self, probability: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if beta_reg(self.yes, self.no, middle) < probability { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// The interval that leaves as much probability below as above.
    pub fn interval(self, level: Level) -> (f64, f64) {
        let tail = 0.5 * (1.0 - level.share());
        (self.quantile(tail), self.quantile(1.0 - tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(yes: f64, no: f64, low: f64, high: f64) {
        let (found_low, found_high) = Share { yes, no }.interval(Level::new(0.95).unwrap());
        assert!(
            (found_low - low).abs() < 1e-9 && (found_high - high).abs() < 1e-9,
            "{found_low} {found_high}"
        );
    }

    /// Beta(1, 1) is even; Beta(a, 1) has the quantile p^(1/a), and Beta(1, b) one less (1 - p)^(1/b).
    #[test]
    fn the_interval_is_that_of_laws_known_in_closed_form() {
        check(1.0, 1.0, 0.025, 0.975);
        check(7.0, 1.0, 0.025_f64.powf(1.0 / 7.0), 0.975_f64.powf(1.0 / 7.0));
        check(1.0, 4.0, 1.0 - 0.975_f64.powf(0.25), 1.0 - 0.025_f64.powf(0.25));
    }

    /// Beta(2, 2): the distribution function is 3x² - 2x³.
    #[test]
    fn the_quantile_turns_the_distribution_round() {
        for probability in [0.01, 0.3, 0.5, 0.9] {
            let x = Share { yes: 2.0, no: 2.0 }.quantile(probability);
            assert!((3.0 * x * x - 2.0 * x * x * x - probability).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn cases_move_the_mean_by_their_number() {
        let share = Share { yes: 3.0, no: 1.0 }.after(1.0, 3.0);
        assert_eq!((share.yes, share.no, share.mean()), (4.0, 4.0, 0.5));
    }
}
