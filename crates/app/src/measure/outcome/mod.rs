//! Outcomes: what a metric was for a unit in a period; from files, pasted rows and programs.

pub mod api;
pub mod pages;
pub mod store;
pub mod verbs;
