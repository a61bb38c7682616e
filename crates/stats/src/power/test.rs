//! The test a plan is made for: what it detects, given how uncertain the effect will be.

use crate::uncertainty::{Law, Level, MANY_UNITS};

/// A probability between 0 and 1, exclusive.
pub type Share = Level;

/// A two-sided test of "no effect".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// How much of the truth its interval holds; 0.95 means that 5 in 100 rolls of chance pass for an effect.
    pub level: Level,
    /// The law of the estimate's distance from the truth, in standard errors.
    pub law: Law,
}

impl Test {
    /// The test by the normal law, as most published tables have it.
    pub fn by_normal(level: Level) -> Self {
        Test { level, law: Law::Normal }
    }

    /// The test that suits `n_units` units: from 40 on by the normal law, below by Student's with n - 2 degrees of freedom.
    ///
    /// `None` below three units: then no degrees of freedom are left. Source: Li, Turner and Preisser (2018), Biometrics
    /// 74(4), 1450-1458, section 4, who take n - 2 as the conservative choice.
    pub fn of_units(n_units: usize, level: Level) -> Option<Self> {
        let law = match n_units {
            0..=2 => return None,
            n if n < MANY_UNITS => Law::Student { df: n as f64 - 2.0 },
            _ => Law::Normal,
        };
        Some(Test { level, law })
    }

    /// The probability of a significant result, either way.
    ///
    /// - `effect`: the true effect; `se`: the standard error its estimate will have; both in the outcome's unit, `se` above 0.
    ///
    /// Student's law is shifted by the effect, as the literature on stepped wedges has it; the non-central law differs
    /// in the second digit below some ten degrees of freedom.
    ///
    /// ```
    /// use traction_stats::power::Test;
    /// use traction_stats::uncertainty::Level;
    ///
    /// let test = Test::by_normal(Level::NINETY_FIVE);
    /// assert!((test.power(0.0, 1.0) - 0.05).abs() < 1e-12); // nothing to find: a false alarm in twenty
    /// assert!((test.power(2.8, 1.0) - 0.8).abs() < 1e-3);
    /// ```
    pub fn power(&self, effect: f64, se: f64) -> f64 {
        let (distance, reach) = (effect.abs() / se, self.law.reach(self.level));
        self.below(distance - reach) + self.below(-distance - reach)
    }

    /// The smallest effect that is detected, in its own direction, with probability `power`; above 0, in `se`'s unit.
    pub fn smallest_effect(&self, se: f64, power: Share) -> f64 {
        (self.law.reach(self.level) + self.quantile(power.share())) * se
    }

    /// The law's distribution function.
    fn below(&self, z: f64) -> f64 {
        let tail = 0.5 * self.law.beyond(z);
        if z > 0.0 { 1.0 - tail } else { tail }
    }

    /// Where the law's distribution function is `share`: the reach of the central part that leaves 1 - `share` above.
    fn quantile(&self, share: f64) -> f64 {
        match Level::new((2.0 * share - 1.0).abs()) {
            Some(centre) => (share - 0.5).signum() * self.law.reach(centre),
            None => 0.0,
        }
    }
}
