//! Guardrails: limits on outcomes of a change, shown wherever people set themselves goals and test.

pub mod pages;
pub mod store;
pub mod verbs;
