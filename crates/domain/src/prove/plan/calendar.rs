//! From moments to places of periods: when the waves of a change start, counted in periods as long as those of its outcomes.

use traction_stats::panel::Period;
use traction_stats::power::{Timing, TimingRefused};

use crate::measure::panel::begins;
use crate::time::Moment;

/// A single wave without an end is looked at for so many periods.
pub const N_AFTER_ONE_WAVE: usize = 4;

/// How many days a period has: the middle one of the distances between neighbours. `None` with fewer than two periods.
///
/// - `periods`: ascending.
pub fn days_per_period(periods: &[Period]) -> Option<f64> {
    let begin: Vec<Moment> = periods.iter().filter_map(|period| begins(*period)).collect();
    let mut days: Vec<f64> = begin.windows(2).map(|pair| pair[1].days_since(pair[0])).collect();
    days.sort_unstable_by(f64::total_cmp);
    days.get(days.len() / 2).copied().filter(|days| *days > 0.0)
}

/// The timing of waves whose slots start at these moments, ascending, after `n_before` periods.
///
/// - `ends`: when the last wave's slots end. Without it the last wave is looked at for as long as the one before it, a
///   single one for [`N_AFTER_ONE_WAVE`] periods.
pub fn timing(
    starts: &[Moment],
    ends: Option<Moment>,
    days: f64,
    n_before: usize,
) -> Result<Timing, TimingRefused> {
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
        return Err(TimingRefused::NoWave);
    };
    let places = |from: &Moment, to: &Moment| (to.days_since(*from) / days).round().max(0.0) as usize;
    let n_after = match (ends, starts) {
        (Some(ends), _) => places(last, &ends),
        (None, [.., before, last]) => places(before, last),
        (None, _) => N_AFTER_ONE_WAVE,
    };
    let starts: Vec<usize> = starts.iter().map(|start| n_before + places(first, start)).collect();
    let n_periods = starts.last().copied().unwrap_or_default() + n_after.max(1);
    Timing::new(starts, n_periods)
}
