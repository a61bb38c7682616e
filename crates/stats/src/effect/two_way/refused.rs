//! Why there is no two-way coefficient, and what would make it possible.

/// Why there is no two-way coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TwoWayRefused {
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
    /// Treatment is the same for all at any time, or throughout.
    #[error(
        "in every period all units seen are treated alike, or each unit is treated throughout, so nothing tells the \
         effect from whatever else happened; hold some units back, or add units that never start"
    )]
    NothingToCompare,
}
