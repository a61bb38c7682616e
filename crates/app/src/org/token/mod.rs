//! API tokens: opaque, prefixed, kept as hashes, each for the scopes it was made with.

pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
