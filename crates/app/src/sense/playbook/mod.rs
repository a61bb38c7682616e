//! Playbooks: those that come with the program, and those that somebody wrote into a file.

pub mod commands;
