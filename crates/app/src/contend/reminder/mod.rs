//! Reminders: who wants to be told when a wave opens, and before it closes. They are told on their first page.

pub mod pages;
pub mod store;
pub mod verbs;
