//! Stage 3: units contend, and anyone can check how it was decided.

mod applications;
mod consequences;
mod draw_command;
mod draws;
pub mod ground;
mod market;
mod policy;
