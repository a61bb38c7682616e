//! Sustain: keep what was gained, without the experts.
//!
//! It does not sound the alarm itself: what follows a verdict is decided where facts meet verbs.

pub mod balance;
pub mod expert;
pub mod hand_over;
mod say;
pub mod tension;
pub mod watch;

pub use say::{Period, PeriodRefused};
