//! Stage 4: access, for those who hold a slot.

pub mod access;
pub mod lapse;
pub mod slot;
