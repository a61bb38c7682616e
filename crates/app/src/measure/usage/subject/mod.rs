//! Subjects: under what a person's usage is kept, and the link by which his further usage finds the same one.
//!
//! Events are facts and stay. What ties them to a person is the link alone, so erasing and forgetting are done there.

pub mod joined;
pub mod keys;
pub mod pages;
pub mod store;
pub mod verbs;
