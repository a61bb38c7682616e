//! The ground of the loop: units in a tree, people, and the roles they hold.

pub mod person;
pub mod role;
pub mod slug;
pub mod tree;
pub mod unit;
pub mod who;
