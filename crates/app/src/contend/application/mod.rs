//! Applications: a unit contends for a slot of a wave.

pub mod api;
pub mod apply;
pub mod pages;
pub mod run;
pub mod store;
pub mod verbs;
