//! Consents of units to have their own story or figures shown.

pub mod pages;
pub mod store;
pub mod verbs;
