//! The ground of the loop: units, people, sessions and tokens.

pub mod person;
pub mod repeat;
pub mod session;
pub mod token;
pub mod unit;
