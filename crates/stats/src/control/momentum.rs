//! Momentum: is a level drifting, and which way.
//!
//! It is for drifts; a step is found sooner by a watch on two levels. It does not say whether the drift is enough:
//! [`super::progress`] does.

use super::{Improve, mean};

/// Two neighbouring spans are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spans {
    /// Readings in each.
    pub n_readings: usize,
    /// Standardised momentum at which a drift is called one.
    pub cut: f64,
}

/// Six readings against the six before; with this cut a level that does not move is called losing in 5.5 % of 26
/// looks.
pub const SIX_AGAINST_SIX: Spans = Spans { n_readings: 6, cut: 2.75 };

/// Where a level is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drift {
    /// For the better.
    Gaining,
    /// Nowhere that could be told from noise.
    Flat,
    /// For the worse.
    Losing,
}

/// The momentum at the last reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// Mean of the last span, in the reading's unit.
    pub recent: f64,
    /// Mean of the span before, in the reading's unit.
    pub previous: f64,
    /// Their difference over its standard error, positive when better.
    pub standardised: f64,
    /// What follows.
    pub drift: Drift,
}

/// Why a series has no momentum yet.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MomentumRefused {
    /// Two spans do not fit.
    #[error("there are {n} readings; momentum compares two spans and needs {needed}")]
    TooFew {
        /// How many there are.
        n: usize,
        /// How many there must be.
        needed: usize,
    },
    /// Without noise every change would be momentum.
    #[error("the noise must be above 0; take it from two phases in which the readings vary")]
    NoNoise,
}

/// Momentum: the mean of the last span less that of the span before, in its standard errors.
///
/// - `readings`: one series in its own unit and order; only the last two spans are used.
/// - `sigma`: standard deviation of a single reading, from frozen phases.
///
/// Assumes independent readings. Misleads across seasons, and sees a step of one sigma only three times in ten.
/// Source: our own operational rule; see docs/methods/momentum-and-rocking.md.
pub fn momentum(
    readings: &[f64],
    sigma: f64,
    improve: Improve,
    spans: Spans,
) -> Result<Momentum, MomentumRefused> {
    let needed = 2 * spans.n_readings;
    let too_few = MomentumRefused::TooFew { n: readings.len(), needed };
    if readings.len() < needed {
        return Err(too_few);
    }
    if sigma.is_nan() || sigma <= 0.0 {
        return Err(MomentumRefused::NoNoise);
    }
    let (before, last) = readings[readings.len() - needed..].split_at(spans.n_readings);
    let (Some(previous), Some(recent)) = (mean(before), mean(last)) else { return Err(too_few) };
    let change = improve.oriented(recent) - improve.oriented(previous);
    let standardised = change / (sigma * (2.0 / spans.n_readings as f64).sqrt());
    let drift = if standardised >= spans.cut {
        Drift::Gaining
    } else if standardised <= -spans.cut {
        Drift::Losing
    } else {
        Drift::Flat
    };
    Ok(Momentum { recent, previous, standardised, drift })
}

#[cfg(test)]
mod tests;
