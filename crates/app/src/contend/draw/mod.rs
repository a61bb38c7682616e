//! The draw: committed to, run, published and checked.

pub mod api;
pub mod chances;
pub mod commands;
pub mod list;
pub mod pages;
pub mod picture;
pub mod prior;
pub mod run;
pub mod sources;
pub mod store;
pub mod verbs;
