//! Sources: the organisation's own database or folder of files, asked for a metric's outcomes by a schedule or by hand.

pub mod api;
pub mod commands;
pub mod connections;
pub mod engines;
pub mod fresh;
pub mod pages;
pub mod store;
pub mod verbs;
pub mod warehouse;
