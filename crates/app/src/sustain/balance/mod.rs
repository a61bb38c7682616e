//! The balance of push and pull.

pub mod pages;
pub mod store;
