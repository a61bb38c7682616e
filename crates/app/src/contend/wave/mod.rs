//! The call of a wave: where units see what is offered, how it is decided, and apply.

pub mod api;
pub mod appeal;
pub mod cancel;
pub mod commands;
pub mod list;
pub mod live;
pub mod pages;
pub mod standing;
pub mod verbs;
