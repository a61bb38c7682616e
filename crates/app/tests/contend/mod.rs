//! Stage 3: units contend, and anyone can check how it was decided.

mod after;
mod applications;
mod cancelling;
mod capped;
mod ceremony;
mod consequences;
mod draw_command;
mod draws;
pub mod ground;
mod invariants;
mod live;
mod market;
mod nodes;
mod overlap;
mod policy;
mod promised;
mod rules;
mod second_program;
mod settled;
mod standing;
mod told;
