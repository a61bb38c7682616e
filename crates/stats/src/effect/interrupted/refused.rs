//! Why a lone series says nothing, and what would help.

use super::FEWEST_PERIODS_BEFORE;
use crate::words::counted;

/// Why no break was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InterruptedRefused {
    /// No starts.
    #[error(
        "no unit starts within the observed periods, so there is no break to look for; check the starts, or wait for \
         the first"
    )]
    NobodyStarts,
    /// More than one series.
    #[error(
        "units start at {n_starts} different times; a lone series has one start: use the group-time method, which \
         compares them with each other, or give one start's units alone"
    )]
    SeveralStarts {
        /// Distinct starts.
        n_starts: usize,
    },
    /// Too short a past.
    #[error(
        "{} seen in all started units before the start, and a line with nothing beside it needs at \
         least {FEWEST_PERIODS_BEFORE}; add earlier periods, or fill the gaps",
        counted(*n_before, "period was", "periods were")
    )]
    TooFewBefore {
        /// Periods before the start.
        n_before: usize,
    },
    /// No present.
    #[error(
        "the started units were not all seen in any period after the start; wait for one, or fill the gaps"
    )]
    NothingAfter,
    /// The line fits to the last digit.
    #[error(
        "the series lies on its line exactly, so nothing tells how far chance reaches; check the outcome"
    )]
    NothingVaries,
}
