//! Uptake: is the solution used by those who have it; by unit and week, and never about fewer than five people.

pub mod api;
pub mod pages;
pub mod read;
pub mod store;
