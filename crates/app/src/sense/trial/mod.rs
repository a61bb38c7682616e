//! Trials: a remedy that somebody tries, and what became of the friction, asked when the relief must have come, or read from
//! the friction's own metric.

pub mod course;
pub mod letters;
pub mod pages;
pub mod store;
pub mod verbs;
