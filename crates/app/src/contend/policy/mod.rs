//! The policy of a wave: who may contend, in which order bands and layers stand, and what it would do.

pub mod api;
pub mod consequence;
pub mod form;
pub mod ground;
pub mod own;
pub mod pages;
pub mod store;
pub mod verbs;
