//! Uptake: is the solution used by those who have it; by unit and week, and never about fewer than five people.

pub mod store;
