//! Stage 8: let the results pull.

pub mod board;
pub mod consent;
pub mod feed;
pub mod gap;
pub mod showcase;
