//! What a watch's rule promises: how many false alarms a year, and how soon it notices.
//!
//! From simulations of 20,000 runs a cell in which both levels were estimated, as they are in use; not from the
//! theory of known levels, which promises more than is kept. Independent readings, normal noise.

use super::cusum::interpolate;
use super::gain::Gain;
use super::holding::Rules;

/// What to expect of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    /// Expected false alarms a year while the gain fully holds.
    pub false_alarms_a_year: f64,
    /// Readings until half of all full relapses are noticed.
    pub n_readings_to_notice: usize,
}

/// Gain in sigmas, and the chance of a false alarm within 26 readings, with 12 and with 24 readings a phase.
type FalseAlarms = [(f64, f64, f64); 5];

const HALF_WAY_FALSE: FalseAlarms =
    [(1.0, 0.06, 0.04), (1.5, 0.07, 0.05), (2.0, 0.07, 0.04), (3.0, 0.04, 0.03), (4.0, 0.02, 0.02)];
const CUSUM_FALSE: FalseAlarms =
    [(1.0, 0.06, 0.05), (1.5, 0.06, 0.05), (2.0, 0.05, 0.04), (3.0, 0.03, 0.03), (4.0, 0.01, 0.02)];
/// Readings in those simulations.
const RUN: f64 = 26.0;

/// Gain in sigmas, and the median number of readings until a full relapse is noticed (24 readings a phase).
const HALF_WAY_NOTICES: [(f64, f64); 4] = [(1.0, 32.0), (1.5, 7.0), (2.0, 5.0), (3.0, 3.0)];
const CUSUM_NOTICES: [(f64, f64); 4] = [(1.0, 12.0), (1.5, 7.0), (2.0, 4.0), (3.0, 3.0)];

impl Promise {
    /// What `rules` promise for this gain at `readings_a_year`.
    ///
    /// Between the simulated gains and lengths of phases straight lines are drawn; beyond them the nearest holds
    /// (with phases under 12 readings expect more false alarms, with gains over 4 sigmas fewer). `None` for a gain
    /// under one sigma, and where nothing varies, because neither was simulated.
    pub fn of(rules: Rules, gain: &Gain, readings_a_year: f64) -> Option<Promise> {
        let sigmas = gain.sigmas.filter(|sigmas| *sigmas >= 1.0)?;
        let (false_alarms, notices) = match rules {
            Rules::HalfWay => (HALF_WAY_FALSE, HALF_WAY_NOTICES),
            Rules::Cusum => (CUSUM_FALSE, CUSUM_NOTICES),
        };
        let short = interpolate(&false_alarms.map(|(gain, short, _)| (gain, short)), sigmas);
        let long = interpolate(&false_alarms.map(|(gain, _, long)| (gain, long)), sigmas);
        let n_shortest = gain.n_shortest() as f64;
        let chance = interpolate(&[(12.0, short), (24.0, long)], n_shortest);
        let alarms_a_reading = -(1.0 - chance).ln() / RUN;
        Some(Promise {
            false_alarms_a_year: alarms_a_reading * readings_a_year,
            n_readings_to_notice: interpolate(&notices, sigmas).round() as usize,
        })
    }
}

#[cfg(test)]
mod tests;
