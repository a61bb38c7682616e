//! What is true and what is allowed in Traction, in the order of its loop.
//!
//! Pure: no clock, no disk, no socket, no die. Time and chance arrive as arguments. It does not know how it is
//! reached (pages, API, command line) nor where its facts are kept.

pub mod fact;
pub mod id;
pub mod refusal;
pub mod time;

pub mod org;

pub mod sense;

pub mod offer;

pub mod contend;

pub mod grant;

pub mod cycle;
pub mod measure;

pub mod prove;

pub mod publish;

pub mod sustain;

pub use traction_stats::words;
