//! Drafts: an application that a unit has begun and not sent, read by its leads alone.

pub mod store;
pub mod verbs;
