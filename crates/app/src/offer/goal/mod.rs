//! Goals: where the organisation wants a metric to be.

pub mod store;
pub mod verbs;
