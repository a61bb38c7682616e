//! Watches: is a gain held? In a unit since its hand-over, and for any series on the command line.

pub mod api;
mod chart;
pub mod commands;
mod json;
mod judged;
mod of_change;
pub mod pages;
mod series;
pub mod store;
#[cfg(test)]
mod tests;
pub mod verbs;

pub use judged::{JudgedWatch, Reading, Seen, all, one};
