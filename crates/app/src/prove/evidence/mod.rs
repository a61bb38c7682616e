//! Evidence records: their JSON shape, the command that makes one from any table, the verb that makes one of a change,
//! and their pages.
//!
//! The numbers and the verdict are the core's; nothing is computed here.

pub mod api;
mod believed;
mod choices;
pub mod commands;
mod files;
mod further;
mod guarded;
mod options;
pub mod pages;
pub mod pictures;
pub mod record;
pub mod report;
mod show;
pub mod store;
#[cfg(test)]
mod tests;
pub mod verbs;
