//! Why there is no two-way coefficient, and what would make it possible.

use crate::effect::StartsRefused;

/// Why there is no two-way coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TwoWayRefused {
    /// The starts let nothing be compared, whatever the method.
    #[error(transparent)]
    Starts(#[from] StartsRefused),
    /// Treatment is the same for all at any time, or throughout.
    #[error(
        "in every period all units seen are treated alike, or each unit is treated throughout, so nothing tells the \
         effect from whatever else happened; hold some units back, or add units that never start"
    )]
    NothingToCompare,
}
