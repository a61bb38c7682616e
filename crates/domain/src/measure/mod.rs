//! Is it used, does it help: usage as events, uptake as shares that give nobody away, outcomes as a panel.

pub mod outcome;
pub mod panel;
pub mod source;
pub mod suppression;
pub mod uptake;
pub mod usage;
