//! Usage: events from the real system, each counted once, kept under keyed hashes.

pub mod api;
pub mod commands;
mod mended;
pub mod pages;
pub mod segment;
pub mod store;
pub mod ties;
pub mod verbs;
