//! Changes: opened by whoever leads a unit, for his unit, or by a change lead for all.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
