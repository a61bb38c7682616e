//! How something new spreads among those who could have it: the curve of Bass, and its fit.
//!
//! It fits numbers; whether a fit means anything (long enough, past its peak) is for the caller to say.

mod bass;
mod squares;
#[cfg(test)]
mod tests;

pub use bass::{Bass, BassRefused, Fitted, Form, Market, fit, fit_by_lines};
