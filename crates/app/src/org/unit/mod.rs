//! Units: the tree of groups that adopt together.

pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
