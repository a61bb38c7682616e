//! Why there are no interaction-weighted effects, and what would make them possible.

/// Why there are no interaction-weighted effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InteractionRefused {
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
    /// Comparison units are never there when needed.
    #[error(
        "no period after a start was seen together with the period before it both in units that start then and in \
         units that never start (or do so last); fill the gaps, or add units that never start"
    )]
    NothingComparable,
}
