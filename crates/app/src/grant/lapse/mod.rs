//! The rule by which slots that nobody uses lapse: said beforehand, for each change.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
