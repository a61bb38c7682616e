//! Stepped wedges by formula: how uncertain an effect will be, given who starts when and how outcomes vary.
//!
//! All variances are taken as known, and the periods' common movement is free unless said otherwise. It plays no contest
//! and knows no past: see [`simulation`](super::simulation).

mod closed_form;
mod least_squares;
mod needed;
mod refused;
mod schedule;
#[cfg(test)]
mod tests;

pub use closed_form::{block_exchangeable, design_effect, hussey_hughes};
pub use least_squares::{Estimand, Periods, variance_of_effect};
pub use needed::{Planned, n_needed};
pub use refused::ScheduleRefused;
pub use schedule::{People, Schedule, Waves};
