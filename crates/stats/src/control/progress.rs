//! Progress towards a target: on track, stuck, or not to be told yet.
//!
//! Stuck is a claim that must be earned: the trend is shown to be slower than needed, not merely not shown to be
//! fast enough.

use super::moving_range::Noise;
use super::{Improve, mean, student};

/// The level is the mean of so many last readings.
const LEVEL_READINGS: usize = 4;
/// From this share of the ceiling on, a level is saturated rather than stuck.
const NEAR_CEILING: f64 = 0.9;
/// Required rate in sigmas a period, and the window that calls a flat series stuck four times in five.
const WINDOW_BY_RATE: [(f64, usize); 7] =
    [(0.5, 7), (0.4, 8), (0.3, 10), (0.25, 11), (0.2, 13), (0.15, 15), (0.1, 20)];

/// Where a series should be, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The level to reach, in the reading's unit.
    pub level: f64,
    /// Periods left to reach it, at least 1.
    pub periods_left: u32,
    /// The highest level there can be (say the number of eligible people), where there is one.
    pub ceiling: Option<f64>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The target is reached.
    AtTarget,
    /// There is hardly room left below the ceiling.
    Saturated,
    /// At least as fast as needed (one-sided 95 %).
    OnTrack,
    /// Slower than needed (one-sided 95 %).
    Stuck,
    /// Neither can be said yet.
    Unclear,
}

/// The pace over the window. Rates are in the reading's unit a period, positive when better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Mean of the last four readings, in the reading's unit.
    pub level: f64,
    /// Least-squares slope.
    pub slope: f64,
    /// Lower 95 % bound of the slope.
    pub slope_at_least: f64,
    /// Upper 95 % bound of the slope.
    pub slope_at_most: f64,
    /// The rate that would reach the target in time.
    pub required: f64,
    /// What follows.
    pub pace: Pace,
}

/// Why the pace cannot be told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProgressRefused {
    /// The window is not full.
    #[error("there are {n} readings; the pace needs {needed}")]
    TooFew {
        /// How many there are.
        n: usize,
        /// How many there must be.
        needed: usize,
    },
    /// The time is up.
    #[error("no period is left before the target's date; set a later date or judge the level itself")]
    NoTimeLeft,
    /// The noise rests on nothing.
    #[error("the noise rests on no moving range; take it from a phase with at least two readings")]
    NoNoise,
}

/// The pace of the last `window` readings against the rate that reaches the target in time.
///
/// - `readings`: one series in its own unit and order.
/// - `noise`: of a single reading, from frozen phases.
/// - `window`: readings to look at, at least 4; [`window_needed`] says how many are enough.
///
/// Assumes a straight trend over the window and independent readings. Misleads across seasons.
/// Source: our own operational rule; see docs/methods/momentum-and-rocking.md.
pub fn progress(
    readings: &[f64],
    noise: Noise,
    improve: Improve,
    target: Target,
    window: usize,
) -> Result<Progress, ProgressRefused> {
    let needed = window.max(LEVEL_READINGS);
    let too_few = ProgressRefused::TooFew { n: readings.len(), needed };
    if readings.len() < needed {
        return Err(too_few);
    }
    if target.periods_left == 0 {
        return Err(ProgressRefused::NoTimeLeft);
    }
    let t = student::upper_5_percent(noise.freedom()).ok_or(ProgressRefused::NoNoise)?;
    let level = mean(&readings[readings.len() - LEVEL_READINGS..]).ok_or(too_few)?;
    let slope = improve.oriented(slope(&readings[readings.len() - needed..]));
    let w = needed as f64;
    let reach = t * noise.sigma / (w * (w * w - 1.0) / 12.0).sqrt();
    let gap = improve.oriented(target.level) - improve.oriented(level);
    let required = gap / f64::from(target.periods_left);
    let (slope_at_least, slope_at_most) = (slope - reach, slope + reach);
    let pace = if gap <= 0.0 {
        Pace::AtTarget
    } else if target.ceiling.is_some_and(|ceiling| level >= NEAR_CEILING * ceiling) {
        Pace::Saturated
    } else if slope_at_most < required {
        Pace::Stuck
    } else if slope_at_least >= required {
        Pace::OnTrack
    } else {
        Pace::Unclear
    };
    Ok(Progress { level, slope, slope_at_least, slope_at_most, required, pace })
}

/// How many readings call a series that does not move stuck four times in five, when it should move by
/// `required_in_sigmas` a period; `None` below 0.1, where no sensible window is enough.
pub fn window_needed(required_in_sigmas: f64) -> Option<usize> {
    WINDOW_BY_RATE.iter().find(|(rate, _)| required_in_sigmas >= *rate).map(|(_, window)| *window)
}

/// Least-squares slope a period.
fn slope(readings: &[f64]) -> f64 {
    let middle = (readings.len() as f64 - 1.0) / 2.0;
    let (products, squares) =
        readings.iter().enumerate().fold((0.0, 0.0), |(products, squares), (place, reading)| {
            let x = place as f64 - middle;
            (products + x * reading, squares + x * x)
        });
    products / squares
}

#[cfg(test)]
mod tests;
