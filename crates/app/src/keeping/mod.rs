//! What whoever keeps the server does with the database as a whole: move it, back it up, restore it, look whether it is well.
//!
//! It is no stage: it changes nothing that a person could see on a page.

pub mod commands;
pub mod doctor;
pub mod verbs;
