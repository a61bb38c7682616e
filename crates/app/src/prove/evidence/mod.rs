//! Evidence records: their JSON shape, the command that makes one from any table, the verb that makes one of a change,
//! and their pages.
//!
//! The numbers and the verdict are the core's; nothing is computed here.

mod again;
pub mod api;
mod arguments;
mod believed;
mod choices;
pub mod commands;
mod files;
mod further;
mod guarded;
mod options;
pub mod pages;
pub mod panel_csv;
pub mod pictures;
pub mod record;
pub mod report;
mod roles;
mod show;
pub mod store;
mod table;
#[cfg(test)]
mod tests;
mod used;
pub mod verbs;
