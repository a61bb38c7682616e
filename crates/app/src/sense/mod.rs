//! Stage 1: what hurts, and who is ready.

pub mod friction;
pub mod idea;
pub mod readiness;
