//! What a roll-out could show, before it begins: on the command line for any schedule, and for a change with its own waves,
//! contenders and past.
//!
//! The numbers and the sentence are the core's; nothing is computed here, and nothing is kept but in memory.

mod cap;
pub mod commands;
mod contenders;
mod json;
pub mod pages;
mod pictures;
mod schedule;
mod show;
pub mod table;
pub mod verbs;
