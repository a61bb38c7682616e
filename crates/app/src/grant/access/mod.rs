//! Access: the real system asks who has the solution, and is answered from memory.

pub mod api;
mod asked;
pub mod board;
pub mod holder;
mod moved;
mod packed;
pub mod pages;
pub mod store;
mod tag;
mod why;
mod written;
