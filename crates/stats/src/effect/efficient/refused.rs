//! Why there is no efficient estimate, and what would make it possible.

/// Why random timing could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EfficientRefused {
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
        "every unit that starts does so in the first period or earlier ({n_units} units); add at least one earlier period"
    )]
    NothingBefore {
        /// Units that start too early.
        n_units: usize,
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
    /// All at once.
    #[error(
        "all {n_units} units start at once, so nothing tells the effect from whatever else happened then; \
         hold some units back, or add units that never start"
    )]
    EveryoneAtOnce {
        /// Units.
        n_units: usize,
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
