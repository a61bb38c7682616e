//! Usage: events from the real system, each counted once, kept under subjects: numbers made by chance.

pub mod api;
mod cloud_event;
pub mod commands;
pub mod export;
pub mod letter;
pub mod letters;
pub mod made_id;
mod mended;
pub mod otlp;
pub mod pages;
mod parts;
pub mod segment;
pub mod store;
pub mod subject;
pub mod ties;
pub mod verbs;

#[cfg(test)]
mod tests;
