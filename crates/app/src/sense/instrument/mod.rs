//! Instruments: what a pulse asks and how it is scored, one that ships and those that somebody brought in.

pub mod pages;
pub mod store;
pub mod verbs;
