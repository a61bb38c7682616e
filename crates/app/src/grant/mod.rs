//! Stage 4: access, for those who hold a slot.

pub mod access;
pub mod slot;
