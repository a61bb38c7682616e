//! The results as an Atom feed.

pub mod pages;
