//! Tensions: two poles with live metrics, and when to rock.

mod chart;
mod live;
pub mod name;
pub mod pages;
pub mod store;
pub mod verbs;
