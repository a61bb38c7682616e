//! Frictions: reported in three fields, shared, answered, ranked by what they cost.

pub mod api;
pub mod pages;
pub mod picture;
pub mod store;
pub mod verbs;
