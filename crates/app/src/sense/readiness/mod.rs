//! Readiness: a unit is asked for its appetite and its aptitude; nobody learns who said what.

pub mod letters;
pub mod pages;
pub mod store;
pub mod verbs;
