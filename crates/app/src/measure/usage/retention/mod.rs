//! How long the events of each source are kept one by one, and the dropping of what is older.

pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
