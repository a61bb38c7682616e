//! Stage 9: keep what was gained, without the experts.

pub mod balance;
pub mod expert;
pub mod hand_over;
pub mod tension;
pub mod watch;
