//! A draw as an experiment: in the tier that the slots did not reach round, chance alone parted winners from losers.
//!
//! It takes lists and chances as they were, and knows no record of a draw; it looks at periods after a draw only for
//! units still as the draw left them. It passes no verdict.

mod choices;
mod compare;
mod deals;
mod effect;
mod kept;
mod mechanism;
mod one_set;
mod overall;
mod permuted;
mod plan;
mod refused;
mod seen;
#[cfg(test)]
mod tests;
mod users;
mod waves;

use std::num::NonZeroUsize;

use super::Beta;
use super::Summary;
use crate::panel::Period;
use crate::uncertainty::{Estimate, Level};

pub use effect::{balance, risk_set};
pub use kept::{KeptNumber, kept_number};
pub use mechanism::WhyNotWhole;
pub use overall::overall;
pub use permuted::{
    Combined, DrawPermuted, ExposurePermuted, SetPermuted, permute_balance, permute_draw, permute_exposures,
};
pub use plan::{ClosedPool, RiskSize, closed_pool, information};
pub use refused::RiskSetRefused;
pub use users::{OnUsers, WeakInterval, on_users};
pub use waves::{Admission, AtRisk, Entrant, Lot, OutsideDraw, RiskSet, Tier, Wave, risk_sets};

/// How much each risk set counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetWeights {
    /// By its units: the effect on those at risk.
    #[default]
    AtRisk,
    /// By its winners: the effect on those.
    Winners,
    /// By n p (1 - p): the coefficient of a regression with one intercept a set; the most precise if effects are alike.
    Regression,
}

/// How long a unit's lottery number lasts; it decides how a draw is made again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// For one wave.
    #[default]
    Fresh,
    /// Over all waves: who lost before is less likely to win. Entrants' probabilities are to be those of
    /// [`kept_number`].
    Kept,
}

/// In which periods after a draw outcomes are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// From the first with the slots to the last before the next wave's: before any loser is served. Each unit counts
    /// with its mean over the periods in which it was seen.
    #[default]
    UntilNextWave,
    /// The first with the slots.
    First,
}

/// What a difference after the draw is held against: each unit's mean over some periods before. Only periods count in
/// which one of the wave's winners was seen, and of a unit those in which it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Baseline {
    /// As many periods before the wave's slots as are compared after, or as there are: the noise of single periods then
    /// weighs no more before than after.
    #[default]
    AsAfter,
    /// The last so many before the wave's slots, or as there are.
    Last(NonZeroUsize),
    /// The last one before the first wave's slots, for all waves.
    BeforeFirst,
}

/// From whose outcomes a best multiple of the baseline is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BestOf {
    /// Those of all sides of all sets together, as if units of all of them varied alike: winners are few, and a multiple that
    /// suits them best suits their noise. With fewer than twelve units to spare a
    /// multiple that is found costs more than it gains, and all is taken off.
    #[default]
    AllSides,
    /// Those of each side by themselves, each side counting as it does for the effect's variance: the best with many units
    /// on each.
    EachSide,
}

/// How the effect is to be found from the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskSetSettings {
    /// How much each risk set counts.
    pub weights: SetWeights,
    /// Which multiple of the baseline is taken off: one compares changes, zero levels, the best leaves the least to chance.
    pub beta: Beta,
    /// From whose outcomes the best is found, where it is the best.
    pub best_of: BestOf,
    /// What a difference after the draw is held against.
    pub baseline: Baseline,
    /// In which periods outcomes are compared.
    pub window: Window,
    /// How long a unit's lottery number lasts.
    pub numbers: Numbers,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

impl Default for RiskSetSettings {
    fn default() -> Self {
        RiskSetSettings {
            weights: SetWeights::default(),
            beta: Beta::Best,
            best_of: BestOf::default(),
            baseline: Baseline::default(),
            window: Window::default(),
            numbers: Numbers::default(),
            level: Level::default(),
        }
    }
}

impl RiskSetSettings {
    /// The plainest comparison: of the change since the last period before.
    pub fn change_since_last() -> Self {
        RiskSetSettings {
            beta: Beta::One,
            baseline: Baseline::Last(NonZeroUsize::MIN),
            ..RiskSetSettings::default()
        }
    }
}

/// What one risk set says.
#[derive(Clone, Debug)]
pub struct SetEffect {
    /// The first period with its wave's slots.
    pub at: Period,
    /// Its tier.
    pub tier: Tier,
    /// Winners that count.
    pub n_winners: usize,
    /// Losers that count.
    pub n_losers: usize,
    /// Its share in the overall effect; all add up to 1.
    pub share: f64,
    /// The difference between winners and losers, less beta times their difference before. Its error is Neyman's.
    pub effect: Estimate,
    /// Whether a side of one unit borrows its spread from the other sides.
    pub borrows: bool,
}

/// What draws leave out, each counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RiskSetLeftOut {
    /// What lists leave outside the experiment.
    pub outside: OutsideDraw,
    /// Winners at risk of whom not enough was seen. More of one side than of the other is a warning.
    pub n_winners_unseen: usize,
    /// Losers at risk of whom not enough was seen.
    pub n_losers_unseen: usize,
    /// Units at risk of whom no outcome was ever seen, on either side.
    pub n_never_seen: usize,
    /// Risk sets without a winner and a loser of whom enough was seen.
    pub n_sets: usize,
}

/// The effect of a slot, from the draws' own chances.
#[derive(Clone, Debug)]
pub struct RiskSetEffect {
    /// The effect of being granted a slot, in the outcome's unit.
    pub overall: Estimate,
    /// The multiple of the baseline that was taken off.
    pub beta: f64,
    /// Set by set, in order of start and tier.
    pub sets: Vec<SetEffect>,
    /// By steps since the start, against units of the same set still without a slot; the overall is that above.
    pub by_exposure: Summary<i64>,
    /// The sum of p (1 - p) over all units at risk in sets that count: what there is to learn from.
    pub information: f64,
    /// What was left out.
    pub left_out: RiskSetLeftOut,
    /// How it was done.
    pub settings: RiskSetSettings,
}
