//! Cycles: started in three fields, studied, closed by adopting, adapting or abandoning; the next from the last.

pub mod api;
pub mod commands;
pub mod pages;
pub mod store;
pub mod verbs;
