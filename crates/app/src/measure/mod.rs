//! Stage 6, measure: is it used, does it help.

pub mod import;
pub mod outcome;
pub mod source;
pub mod uptake;
pub mod usage;
