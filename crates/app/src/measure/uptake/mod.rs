//! Uptake: is the solution used by those who have it; by unit and week, and never about fewer than five people.
//!
//! A week is counted once, some hours after it is over, and what is told of it is kept: pages read that, and no event.

pub mod api;
mod belonging;
mod closing;
pub mod commands;
pub mod held;
pub mod json;
mod month;
pub mod pages;
pub mod read;
mod show;
pub mod store;
mod table;
mod told;
pub mod verbs;

pub use table::Table;
pub use told::{Adopted, Breadth, Course, Depth, Fourth, Reached, Told, ToldMonth};
