//! Playing a roll-out many times over: the contest as it will be run, outcomes as they were, the estimator that will be used.
//!
//! Chance is a seed. Each replicate has its own stream of it, so results are the same on any number of threads. What the
//! contest is, and what the estimator, are arguments: plain lists, or any function.

mod chance;
mod contest;
mod estimators;
pub mod history;
mod odds;
mod search;
mod simulate;
mod smallest;
#[cfg(test)]
mod tests;

pub use chance::Chance;
pub use contest::{Contest, ContestRefused, Played, RiskSet};
pub use estimators::{by_group_time, by_risk_set};
pub use history::History;
pub use odds::Cap;
pub use search::search;
pub use simulate::{Point, Shape, Simulated, Simulation, SimulationRefused, Trial, simulate};
pub use smallest::Smallest;
