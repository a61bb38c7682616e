//! The draw: committed to, run, published and checked.

pub mod api;
pub mod commands;
pub mod list;
pub mod pages;
pub mod picture;
pub mod run;
pub mod store;
pub mod verbs;
