//! Slots: who has the solution, from when, and what happened since.

pub mod api;
pub mod calendar;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
