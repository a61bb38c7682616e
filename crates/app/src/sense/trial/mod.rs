//! Trials: a remedy that somebody tries, and what became of the friction, asked when the relief must have come.

pub mod pages;
pub mod store;
pub mod verbs;
