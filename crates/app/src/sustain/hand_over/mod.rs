//! Hand-overs: from the expert or coach to an owner in the unit, who accepts.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
