//! What whoever asks has settled beforehand; the rest is chosen.

use std::num::NonZeroUsize;

use traction_stats::effect::risk_set::{Baseline, RiskSetSettings};
use traction_stats::effect::{Adjust, Base, Beta, Compare, Seen};
use traction_stats::uncertainty::Level;

use super::choice::Choice;

/// How an answer is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Effects by start and period.
    GroupTime,
    /// What the units without it lead one to expect, taken from what was observed.
    Imputation,
    /// The sharpest comparison where the times of starting were as good as drawn.
    Efficient,
    /// A regression on start and exposure.
    Interaction,
    /// The regression that everybody knows: a warning, never an answer.
    TwoWay,
    /// A twin put together from other units, in level and in change.
    Synthetic,
    /// A twin put together from other units, in level.
    SyntheticControl,
    /// The unit's own course before, carried on.
    Interrupted,
    /// Winners against losers of the same draw.
    RiskSet,
}

/// What is known about who started when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignment {
    /// Nothing: units chose, or were chosen.
    #[default]
    Chosen,
    /// The times were drawn by lot, or as good as that.
    Random,
}

/// How errors are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inference {
    /// By each unit's influence.
    #[default]
    Analytic,
    /// By weighing units anew at random: the intervals of parts become bands that hold them all together.
    Bootstrap,
    /// By dealing the lots again.
    Permutation,
}

impl Inference {
    /// The word on the command line and in records.
    pub fn word(self) -> &'static str {
        Choice::word(self)
    }
}

/// What the intervals of parts hold, where chance is drawn for units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Band {
    /// All parts together.
    #[default]
    Simultaneous,
    /// Each part by itself.
    Pointwise,
}

/// What winners and losers of a draw are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Before {
    /// As many periods before as are compared after.
    #[default]
    AsAfter,
    /// The last so many before.
    Last(NonZeroUsize),
    /// As it was before there was a choice: the last one before, and all of the difference then is taken off.
    Formerly,
}

/// Whether something further is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Further {
    /// As goes with the rest of what is wished for.
    #[default]
    AsUsual,
    /// In any case: where it cannot be had, that is said.
    Asked,
    /// Where it can be had.
    WherePossible,
}

impl Further {
    /// Whether it is to be found.
    pub(super) fn is_wanted(self) -> bool {
        self != Further::AsUsual
    }
}

/// What whoever asks has settled beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// The method; `None` leaves the choice to what is known about who started when.
    pub method: Option<Method>,
    /// What is known about who started when.
    pub assignment: Assignment,
    /// Whether a second method is to give its opinion; as usual, it does where the method was left to be chosen.
    pub second: Further,
    /// Whether it is asked how far trends may part; as usual, it is not.
    pub sensitivity: Further,
    /// Which units to compare with; `None` leaves the choice to the data.
    pub compare: Option<Compare>,
    /// What periods before a start are measured from.
    pub base: Base,
    /// Steps before the start in which an effect is allowed for.
    pub anticipation: u32,
    /// How covariates are allowed for.
    pub adjust: Adjust,
    /// Whose outcomes a period is compared by.
    pub seen: Seen,
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// How much of what differed before is taken off, by the efficient method and between winners and losers of a draw.
    pub efficient_beta: Beta,
    /// What winners and losers of a draw are held against.
    pub baseline: Before,
    /// How errors are found.
    pub inference: Inference,
    /// What intervals of parts hold by the bootstrap; `None` leaves it as usual, all together.
    pub band: Option<Band>,
    /// How often chance is drawn again, where it is.
    pub n_draws: u64,
    /// Seeds whatever is drawn by chance.
    pub seed: u64,
    /// What of the doubts is told.
    pub told: Told,
}

/// What of the doubts is told: nobody's to choose, but records made before are made again in their own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// All that weakens a verdict, in its sentence and beside its kind.
    #[default]
    All,
    /// What sentences told before a verdict had doubts beside its kind.
    BeforeDoubts,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            method: None,
            assignment: Assignment::default(),
            second: Further::default(),
            sensitivity: Further::default(),
            compare: None,
            base: Base::default(),
            anticipation: 0,
            adjust: Adjust::default(),
            seen: Seen::default(),
            level: Level::default(),
            efficient_beta: Beta::default(),
            baseline: Before::default(),
            inference: Inference::default(),
            band: None,
            n_draws: 999,
            seed: 1,
            told: Told::default(),
        }
    }
}

impl Wish {
    /// How winners and losers of a draw are compared.
    pub(super) fn of_draws(&self) -> RiskSetSettings {
        let baseline = match self.baseline {
            Before::AsAfter => Baseline::AsAfter,
            Before::Last(n) => Baseline::Last(n),
            Before::Formerly => {
                return RiskSetSettings { level: self.level, ..RiskSetSettings::change_since_last() };
            }
        };
        RiskSetSettings {
            beta: self.efficient_beta,
            baseline,
            level: self.level,
            ..RiskSetSettings::default()
        }
    }
}

impl Method {
    /// The method's word, on the command line and in sentences.
    pub fn word(self) -> &'static str {
        Choice::word(self)
    }

    /// Whether it takes units of one cluster to share their fate, so that chance is dealt to clusters.
    pub fn looks_at_clusters(self) -> bool {
        matches!(self, Method::GroupTime | Method::Imputation | Method::Interaction | Method::TwoWay)
    }

    /// Whether it can allow for an effect in some periods before the start.
    pub fn allows_for_anticipation(self) -> bool {
        matches!(self, Method::GroupTime | Method::Imputation | Method::Interaction)
    }
}
