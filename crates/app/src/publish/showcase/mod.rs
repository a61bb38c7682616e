//! Showcases: evidence records with their story, published.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
