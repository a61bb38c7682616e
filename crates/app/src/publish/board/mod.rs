//! The board: every result that is published, and the next slot to contend for.

pub mod pages;
pub mod store;
