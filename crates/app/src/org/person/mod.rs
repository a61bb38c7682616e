//! People and the roles they hold.

pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
