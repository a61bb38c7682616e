//! Why there are no interaction-weighted effects, and what would make them possible.

use crate::effect::StartsRefused;

/// Why there are no interaction-weighted effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InteractionRefused {
    /// The starts let nothing be compared, whatever the method.
    #[error(transparent)]
    Starts(#[from] StartsRefused),
    /// Comparison units are never there when needed.
    #[error(
        "no period after a start was seen together with the period before it both in units that start then and in \
         units that never start (or do so last); fill the gaps, or add units that never start"
    )]
    NothingComparable,
}
