//! Playbooks: those that come with the program, those that somebody brought in, and those in a file.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
