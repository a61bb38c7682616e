//! Why there is no twin to compare with, and what would make it possible.

use super::{FEWEST_BEFORE, FEWEST_DONORS, MOST_DONORS};
use crate::words::counted;

/// Why units could not be compared with a synthetic twin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntheticRefused {
    /// No starts.
    #[error(
        "no unit starts within the observed periods, so there is no effect to find; check the starts, or wait for \
         the first"
    )]
    NobodyStarts,
    /// Too few to make a twin of.
    #[error(
        "{}, and a twin needs at least {FEWEST_DONORS} of them{}; add units that never start, or look at the lone series with the interrupted method",
        counted(*n_donors, "unit never starts and was seen in every period", "units never start and were seen in every period"),
        if *n_with_gaps > 0 { format!(" ({n_with_gaps} more have gaps: fill these)") } else { String::new() }
    )]
    TooFewDonors {
        /// Units that never start and were seen throughout.
        n_donors: usize,
        /// Units that never start but lack some period.
        n_with_gaps: usize,
    },
    /// So many that no twin is needed.
    #[error(
        "{n_donors} units never start: so many need no twin, and weights among more than {MOST_DONORS} say little; \
         use the group-time method, or keep the units most alike"
    )]
    TooManyDonors {
        /// Units that never start and were seen throughout.
        n_donors: usize,
    },
    /// Too short a past.
    #[error(
        "{} seen before the start, and a twin needs at least {FEWEST_BEFORE} to be fitted to; add earlier periods",
        counted(*n_before, "period was", "periods were")
    )]
    TooFewBefore {
        /// Periods before the start.
        n_before: usize,
    },
    /// Started units lack periods.
    #[error(
        "{}, and a twin is fitted to all of them; fill the gaps, or leave out the \
         periods concerned", if *n_units == 1 { "the one started unit lacks some period".to_owned() } else { format!("all {n_units} units of the start lack some period") }
    )]
    Gaps {
        /// Started units.
        n_units: usize,
    },
    /// Nobody left to stand in for them.
    #[error(
        "{n_started} units start together and only {n_donors} never do: chance is judged by letting others stand \
         in for the started ones, which needs more of them; use the group-time method"
    )]
    TooManyStarted {
        /// Units of the start.
        n_started: usize,
        /// Units that never start.
        n_donors: usize,
    },
    /// Donors never change.
    #[error(
        "no unit that never starts changed at all before the start, so nothing tells how far chance reaches; check \
         the outcome"
    )]
    NothingVaries,
}
