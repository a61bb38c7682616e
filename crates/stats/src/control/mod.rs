//! Control: is a gain still there, does a level move, which of two poles needs attention.
//!
//! Readings come in as plain numbers in the order of their periods, nothing about people or places. A period
//! without a reading is left out by the caller: its neighbours are then taken as neighbours. Nothing here models
//! seasons: compare with the same season, or take the season out first.

pub mod cusum;
pub mod gain;
pub mod half_way;
pub mod holding;
pub mod momentum;
pub mod moving_range;
pub mod operating;
pub mod poles;
pub mod progress;
pub mod run_length;
mod student;

#[cfg(test)]
mod reference;

pub use gain::{Gain, Phase, Phases, PhasesRefused};
pub use holding::{Depth, Interval, Retained, Rules, Verdict, WatchRefused, Watched, watch, watch_gain};
pub use moving_range::{Noise, noise};

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Improve {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

impl Improve {
    /// The value, turned so that up is better.
    pub fn oriented(self, value: f64) -> f64 {
        match self {
            Improve::Up => value,
            Improve::Down => -value,
        }
    }
}

/// The mean, by a plain sum in the order of the readings; `None` of nothing.
pub(crate) fn mean(readings: &[f64]) -> Option<f64> {
    if readings.is_empty() { None } else { Some(readings.iter().sum::<f64>() / readings.len() as f64) }
}
