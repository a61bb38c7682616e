//! Stage 3: units compete for the next slot.

pub mod draw;
