//! Experts: engagements, and reviews by those who were served.

mod effects;
pub mod pages;
pub mod store;
pub mod verbs;
