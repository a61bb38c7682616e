//! Waves: announced with their times and the number of slots.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
