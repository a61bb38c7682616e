//! The gap to the goal: a unit's own, for its people, and what several units gained, for everybody.

pub mod pages;
pub mod store;
pub mod verbs;
