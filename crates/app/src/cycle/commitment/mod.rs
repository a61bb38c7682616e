//! Commitments and their check-ins: what a person or a unit sets itself, seen by its owner alone.

pub mod pages;
pub mod store;
pub mod verbs;
