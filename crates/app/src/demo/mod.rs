//! The simulated organisation: a hospital group that plays eighteen months through the same verbs as people use.
//!
//! It decides what people wish and what the world does to their numbers; what follows from a wish is decided by the
//! verbs alone. The true effects are its own and are kept beside the evidence.

pub mod cast;
pub mod chance;
pub mod commands;
pub mod contending;
pub mod floor;
mod lapsing;
pub mod proving;
mod selling;
pub mod story;
pub mod sustaining;
pub mod testing;
pub mod truth;
mod trying;
pub mod using;
pub mod words;
