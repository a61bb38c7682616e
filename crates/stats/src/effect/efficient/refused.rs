//! Why there is no efficient estimate, and what would make it possible.

use crate::effect::StartsRefused;
use crate::panel::Period;

/// Why random timing could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EfficientRefused {
    /// The starts let nothing be compared, whatever the method.
    #[error(transparent)]
    Starts(#[from] StartsRefused),
    /// Weights.
    #[error(
        "units have weights, but chance dealt each its start alike, and each counts alike here; \
         leave out the weight, or use effects by start and period"
    )]
    Weighted,
    /// Clusters.
    #[error(
        "units are in clusters, but here each counts as dealt its start by itself; where whole clusters were dealt, \
         give one row for each cluster and period, else leave out the cluster"
    )]
    Clustered,
    /// More covariances than fit.
    #[error(
        "{n_starts} starts in {n_periods} periods are too many to hold how each two periods go together for each start; \
         take longer periods, say months for days"
    )]
    TooManyPeriods {
        /// Starts.
        n_starts: usize,
        /// Periods.
        n_periods: usize,
    },
    /// Gaps everywhere.
    #[error(
        "all {n_units} units lack some period, and a mean over different units in each period is not what chance dealt; \
         fill the gaps, leave out the periods that have them, or use effects by start and period, which allow for gaps"
    )]
    AllHaveGaps {
        /// Units.
        n_units: usize,
    },
    /// Gaps everywhere on one side.
    #[error(
        "of {n_starting} units that start and {n_never} that never do, only {} are seen in every period, and a mean over \
         different units in each period is not what chance dealt, so nobody is left to compare; fill the gaps, leave out the \
         periods that have them, or use effects by start and period, which allow for gaps",
        match left { Some(start) => format!("{n_left} that start in {start}"), None => format!("{n_left} that never start") }
    )]
    GapsLeaveOneStart {
        /// Units that start, with gaps or without.
        n_starting: usize,
        /// Units that never start.
        n_never: usize,
        /// Units without gaps.
        n_left: usize,
        /// Their start; `None` for those that never start.
        left: Option<Period>,
    },
    /// The best multiple cannot be estimated.
    #[error(
        "no two units share a start, so nothing tells how an outcome goes with what was before; \
         start two or more units together, or ask for beta 0 or 1"
    )]
    OneUnitEach,
    /// The summary that was asked for has no cells.
    #[error(
        "nothing can be compared at exposure {exposure}; ask for one that some unit reaches while others still wait"
    )]
    NoSuchExposure {
        /// Steps since the start.
        exposure: i64,
    },
}
