//! Outcomes: what a metric was for a unit in a period; from files, pasted rows, programs and sources.

pub mod api;
pub mod brought;
pub mod commands;
pub mod intake;
pub mod pages;
pub mod seal;
pub mod store;
pub mod verbs;
