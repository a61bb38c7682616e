//! The rule by which slots that nobody uses lapse: said beforehand, for each change.

pub mod pages;
pub mod store;
pub mod verbs;
