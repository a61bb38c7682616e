//! Why no effects could be found, and what would make it possible.

use super::Compare;

/// Why there are no effects by start and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupTimeRefused {
    /// One period.
    #[error("there is only one period; at least one before a start and one after it are needed")]
    TooFewPeriods,
    /// One unit.
    #[error("there is only one unit; at least one that starts and one to compare it with are needed")]
    TooFewUnits,
    /// No starts.
    #[error(
        "no unit starts within the observed periods, so there is no effect to find; check the starts, or wait for the first"
    )]
    NobodyStarts,
    /// Only starts without a before.
    #[error(
        "every unit that starts does so too early to have been seen before ({n_units} units); \
         add at least one earlier period{}", if *anticipation > 0 { " or assume less anticipation" } else { "" }
    )]
    NothingBefore {
        /// Units that start too early.
        n_units: usize,
        /// Periods before the start in which an effect was allowed for.
        anticipation: u32,
    },
    /// All at once.
    #[error(
        "all {n_units} units start at once, so nothing tells the effect from whatever else happened then; \
         hold some units back, or add units that never start"
    )]
    EveryoneAtOnce {
        /// Units.
        n_units: usize,
    },
    /// The comparison asked for has no units.
    #[error(
        "no unit never starts, so there is none to compare with; compare with units that have not started yet"
    )]
    NoNever,
    /// Covariates that cannot be told apart.
    #[error(
        "the covariates do not vary enough among the units of a start, or those they are compared with, to be told \
         from one another or from a constant; leave some out"
    )]
    CovariatesRepeat,
    /// Covariates that tell the two sides apart.
    #[error(
        "the covariates tell starting units from comparison units all but surely, so that none are alike; leave out the \
         covariate that does, or compare with other units"
    )]
    NoOverlap,
    /// Comparison units are never there when needed.
    #[error(
        "no period after a start has units to compare with ({}); add units that start later or never",
        match compare { Compare::Never => "never started", Compare::NotYet => "not yet started" }
    )]
    NothingComparable {
        /// The comparison asked for.
        compare: Compare,
    },
}
