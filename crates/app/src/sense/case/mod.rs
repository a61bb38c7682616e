//! Cases: several people asked on the same matter, each by a link of his own, told together only.

pub mod api;
pub mod pages;
pub mod store;
pub mod verbs;
