//! Ideas: handed in in two lines, tried by whoever had them, adopted, dropped, copied.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
