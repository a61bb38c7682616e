//! Diagnosis: a guided conversation over a playbook, and its result.

pub mod api;
pub mod commands;
mod conversation;
mod json;
mod outcomes;
pub mod pages;
pub mod says;
pub mod store;
pub mod together;
pub mod trail;
pub mod verbs;
