//! Dead letters: events that could not be counted; read, mended, and tried again, or left.

pub mod api;
pub mod pages;
pub mod store;
pub mod verbs;
