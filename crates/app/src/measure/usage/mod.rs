//! Usage: events from the real system, each counted once, kept under subjects: numbers made by chance.

pub mod api;
pub mod cloud_event;
pub mod commands;
pub mod export;
pub mod letter;
pub mod letters;
pub mod made_id;
pub mod mended;
pub mod otlp;
pub mod pages;
pub mod parts;
pub mod retention;
pub mod segment;
pub mod store;
pub mod subject;
pub mod ties;
pub mod told;
pub mod verbs;

#[cfg(test)]
mod tests;
