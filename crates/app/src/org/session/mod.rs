//! Sessions and links to sign in with.

pub mod pages;
pub mod store;
pub mod verbs;
