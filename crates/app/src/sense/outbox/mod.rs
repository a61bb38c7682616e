//! The outbox: letters that are to leave, each try to send one, and what became of it.

pub mod pages;
pub mod store;
pub mod verbs;
