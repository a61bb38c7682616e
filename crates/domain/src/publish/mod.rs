//! Stage 8: let the results pull. Published evidence with its story, by consent; what came of it; the gap to the goal.
//!
//! Units, never persons; an interval, never a league.

pub mod board;
pub mod consent;
pub mod demand;
pub mod gap;
pub mod showcase;
#[cfg(test)]
mod tests;
