//! Evidence records: their JSON shape, the command that makes one from any table, and what it writes.
//!
//! The numbers and the verdict are the core's; nothing is computed here.

pub mod api;
pub mod commands;
mod files;
mod later;
pub mod pictures;
pub mod report;
mod show;
#[cfg(test)]
mod tests;
