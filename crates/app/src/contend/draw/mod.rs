//! The draw: run, published and checked.

pub mod commands;
pub mod list;
