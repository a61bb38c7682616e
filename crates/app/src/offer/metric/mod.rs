//! Metrics: what an effect is judged by.

pub mod commands;
pub mod store;
pub mod verbs;
