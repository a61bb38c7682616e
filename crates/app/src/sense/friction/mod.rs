//! Frictions: reported in three fields, shared, answered, ranked by what they cost.

pub mod api;
pub mod pages;
pub mod store;
pub mod verbs;
