//! Frictions: reported in three fields, shared, merged, answered, ranked by what they cost.

pub mod api;
pub mod commands;
pub mod file;
pub mod pages;
pub mod picture;
pub mod store;
pub mod verbs;
