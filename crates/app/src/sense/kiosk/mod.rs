//! Kiosks: a unit's link, on paper as a QR code, for reports without an account.

pub mod api;
pub mod pages;
pub mod poster;
pub mod store;
pub mod verbs;
