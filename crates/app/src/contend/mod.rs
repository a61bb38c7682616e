//! Stage 3: units compete for the next slot.

pub mod application;
pub mod draft;
pub mod draw;
pub mod policy;
pub mod reminder;
pub mod wave;
