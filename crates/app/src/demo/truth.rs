//! What is true in the simulation: how each ward's numbers come about.
//!
//! One change works; the other does nothing; one ward slips back after its hand-over.

use crate::demo::chance::Chance;

/// A simulated change: its words and its true effect.
#[derive(Clone, Copy, Debug)]
pub struct Simulated {
    /// Its name.
    pub name: &'static str,
    /// Its short name.
    pub slug: &'static str,
    /// What it promises.
    pub promise: &'static str,
    /// Its metric's name.
    pub metric: &'static str,
    /// Its metric's short name.
    pub metric_slug: &'static str,
    /// What one of it is.
    pub measure: &'static str,
    /// The goal.
    pub goal: &'static str,
    /// Where the metric should be.
    pub target: f64,
    /// The smallest effect worth it, without a sign.
    pub worth: f64,
    /// What was predicted, in the metric's unit.
    pub predicted: f64,
    /// The mean of the metric without the change.
    pub level: f64,
    /// Standard deviation between wards.
    pub between: f64,
    /// Standard deviation of a week within a ward.
    pub within: f64,
    /// The true effect once it is fully there, in the metric's unit.
    pub effect: f64,
    /// Weeks until the effect is fully there.
    pub weeks_to_full: f64,
    /// Share of people who take it up.
    pub uptake: f64,
}

/// The change that works.
pub const BEDSIDE: Simulated = Simulated {
    name: "Bedside blood tests",
    slug: "bedside-blood-tests",
    promise: "Blood results in ten minutes at the bedside, instead of waiting for the lab",
    metric: "Waiting time for results",
    metric_slug: "waiting-time-for-results",
    measure: "minutes per test",
    goal: "Blood results within the hour",
    target: 60.0,
    worth: 10.0,
    predicted: -25.0,
    level: 96.0,
    between: 11.0,
    within: 6.0,
    effect: -24.0,
    weeks_to_full: 2.0,
    uptake: 0.72,
};

/// The change that does nothing.
pub const HUDDLE: Simulated = Simulated {
    name: "Morning huddle board",
    slug: "morning-huddle-board",
    promise: "Everybody sees the day at a glance, so patients go home earlier",
    metric: "Discharges before noon",
    metric_slug: "discharges-before-noon",
    measure: "of a hundred discharges",
    goal: "Half of all discharges before noon",
    target: 50.0,
    worth: 6.0,
    predicted: 8.0,
    level: 31.0,
    between: 6.0,
    within: 4.5,
    effect: 0.0,
    weeks_to_full: 4.0,
    uptake: 0.41,
};

/// What is constant about a ward.
#[derive(Clone, Debug)]
pub struct WardNature {
    /// How far it is from the mean, in standard deviations between wards: for each change.
    pub offset: [f64; 2],
}

impl WardNature {
    /// A ward as chance makes it.
    pub fn drawn(chance: &mut Chance) -> WardNature {
        WardNature { offset: [chance.normal(), chance.normal()] }
    }
}

/// How long a ward has had a change, and whether it let go of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exposure {
    /// It does not have it.
    None,
    /// For so many weeks.
    Weeks(f64),
    /// It had it, and let go so many weeks ago.
    SlippedFor(f64),
}

impl Simulated {
    /// The share of the effect that is there at an exposure: it grows to all of it, and fades over eight weeks once a
    /// ward lets go.
    pub fn share_of_effect(&self, exposure: Exposure) -> f64 {
        match exposure {
            Exposure::None => 0.0,
            Exposure::Weeks(weeks) => ((weeks + 1.0) / self.weeks_to_full).min(1.0),
            Exposure::SlippedFor(weeks) => (1.0 - weeks / 8.0).max(0.0),
        }
    }

    /// How much more wards contend from wave to wave: what works pulls, what does not, does not.
    pub fn pull_after(&self, wave: usize) -> f64 {
        let pull = if self.effect == 0.0 { 0.9 } else { 1.15 };
        f64::powi(pull, i32::try_from(wave).unwrap_or(1) - 1)
    }

    /// The metric of a ward in a week: level + ward + season + drift + effect + noise.
    pub fn reading(&self, nature: f64, week: usize, exposure: Exposure, chance: &mut Chance) -> f64 {
        let season = (week as f64 / 52.0 * std::f64::consts::TAU).cos() * self.within * 0.35;
        let drift = -0.01 * week as f64 * self.within / 6.0;
        let effect = self.effect * self.share_of_effect(exposure);
        let noise = self.within * chance.normal();
        let value = self.level + self.between * nature + season + drift + effect + noise;
        (value.max(0.0) * 10.0).round() / 10.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_grows_to_all_of_it_and_fades_when_a_ward_lets_go() {
        assert_eq!(BEDSIDE.share_of_effect(Exposure::None), 0.0);
        assert_eq!(BEDSIDE.share_of_effect(Exposure::Weeks(0.0)), 0.5);
        assert_eq!(BEDSIDE.share_of_effect(Exposure::Weeks(9.0)), 1.0);
        assert_eq!(BEDSIDE.share_of_effect(Exposure::SlippedFor(4.0)), 0.5);
        assert_eq!(BEDSIDE.share_of_effect(Exposure::SlippedFor(20.0)), 0.0);
    }

    #[test]
    fn the_mean_reading_is_the_level_with_and_without_the_effect() {
        let mut chance = Chance::seeded(5);
        let mut mean = |exposure| {
            (0..4_000).map(|_| BEDSIDE.reading(0.0, 13, exposure, &mut chance)).sum::<f64>() / 4_000.0
        };
        // Four standard errors of a mean of 4,000 readings with standard deviation 6, plus the drift of 13 weeks.
        let slack = 4.0 * 6.0 / 4_000_f64.sqrt() + 0.2;
        assert!((mean(Exposure::None) - BEDSIDE.level).abs() < slack);
        assert!((mean(Exposure::Weeks(10.0)) - BEDSIDE.level - BEDSIDE.effect).abs() < slack);
    }
}
