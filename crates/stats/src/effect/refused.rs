//! Why no effects could be found, and what would make it possible.

use super::{Compare, StartsRefused};

/// Why there are no effects by start and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupTimeRefused {
    /// The starts let nothing be compared, whatever the method.
    #[error(transparent)]
    Starts(#[from] StartsRefused),
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
    /// Starting units were seen on one side of their start only.
    #[error(
        "no unit that starts was seen both before its start and after it, so nothing tells what changed there; add what is \
         known of starting units on the other side of their start"
    )]
    StartedOnOneSide,
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
