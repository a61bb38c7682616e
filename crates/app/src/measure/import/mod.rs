//! Taking files in: units, people, outcomes, usage, applications, frictions, a whole
//! roll-out. All of a file or nothing of it; the same file twice changes nothing.

pub mod applications;
pub mod commands;
pub mod frictions;
pub mod outcomes;
pub mod people;
pub mod report;
pub mod rollout;
pub mod sheet;
pub mod store;
pub mod units;
pub mod usage;
