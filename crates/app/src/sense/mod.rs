//! Stage 1: what hurts, and who is ready.

pub mod friction;
