//! The noise of a series, from its moving ranges.
//!
//! Neighbours share their level even while it drifts, so the differences between them tell the noise where a
//! standard deviation would also count the drift. It does not look across the border of two phases.

/// Mean moving range of normal noise, in standard deviations, as charts print it.
const RANGE_IN_SIGMAS: f64 = 1.128;
/// A range at or beyond so many mean ranges is a jump, not noise.
const SCREEN: f64 = 3.267;
/// Degrees of freedom that one kept range is worth: ranges overlap, and squares would tell more.
const FREEDOM_PER_RANGE: f64 = 0.62;

/// The noise of one or more phases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Standard deviation of a single reading, in the reading's unit; 0 when no reading differs from its neighbour.
    pub sigma: f64,
    /// How many moving ranges it rests on, after screening.
    pub n_ranges_kept: usize,
}

impl Noise {
    /// Degrees of freedom of a t quantile that goes with this sigma.
    pub fn freedom(&self) -> f64 {
        FREEDOM_PER_RANGE * self.n_ranges_kept as f64
    }
}

/// Noise inside the phases, pooled; never across the border between two of them.
///
/// Mean absolute difference of neighbours over 1.128, after one strict pass that drops the ranges of 3.267 mean
/// ranges or more. When no reading differs from its neighbour every range is kept and sigma is 0 (the strict pass
/// would drop them all and leave nothing).
///
/// - `phases`: each a run of readings in the order of their periods, in their own unit.
/// - Returns `None` when no phase has two readings.
///
/// Assumes independent readings. Misleads (too small) when neighbours move together.
/// Source: NHS Making Data Count XmR charts as in `NHSRplotthedots` 0.2.2.
pub fn noise(phases: &[&[f64]]) -> Option<Noise> {
    let ranges: Vec<f64> =
        phases.iter().flat_map(|phase| phase.windows(2).map(|pair| (pair[1] - pair[0]).abs())).collect();
    let mean_range = super::mean(&ranges)?;
    if mean_range == 0.0 {
        return Some(Noise { sigma: 0.0, n_ranges_kept: ranges.len() });
    }
    let kept: Vec<f64> = ranges.into_iter().filter(|range| *range < SCREEN * mean_range).collect();
    let sigma = super::mean(&kept)? / RANGE_IN_SIGMAS;
    Some(Noise { sigma, n_ranges_kept: kept.len() })
}

#[cfg(test)]
mod tests;
