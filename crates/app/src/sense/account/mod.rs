//! Customer accounts: what each organisation is stuck on, what was tried, what is next.

pub mod api;
pub mod commands;
pub mod demand;
pub mod offer;
pub mod pages;
pub mod sheet;
pub mod store;
pub mod verbs;
