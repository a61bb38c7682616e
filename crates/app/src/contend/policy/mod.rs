//! The policy of a wave: who may contend, and in which order bands and layers stand.

pub mod pages;
pub mod store;
pub mod verbs;
