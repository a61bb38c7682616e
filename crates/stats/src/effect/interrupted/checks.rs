//! What the line leaves: whether deviations still hang together, and whether seasons show.

use faer::Mat;
use statrs::function::gamma::gamma_ur;

use super::average::{Averaged, independent, left_over};
use super::series::Series;
use crate::panel::Calendar;

/// What the line leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesChecks {
    /// Durbin and Watson's statistic of what ordinary least squares leave: 2 when neighbours are unlike, near 0 when
    /// they are alike.
    pub durbin_watson: f64,
    /// Whether something is left when what neighbours share has been taken out; `None` with gaps, or where too few
    /// periods are.
    pub left_over: Option<LeftOver>,
    /// Whether seasons show; `None` with gaps, where no season is known, or fewer than two were seen.
    pub season: Option<Season>,
}

/// A test in the manner of Ljung and Box that deviations, less what neighbours share, do not hang together any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeftOver {
    /// Distances looked at, in periods: from 1 to this.
    pub n_lags: usize,
    /// The statistic.
    pub statistic: f64,
    /// The probability of one at least as large, were nothing left; chi-square with one degree less than distances.
    pub p: f64,
}

/// How alike deviations one season apart are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// Periods in a season.
    pub n_periods: usize,
    /// Their autocorrelation.
    pub autocorrelation: f64,
    /// The probability of one at least as far from 0 without seasons.
    pub p: f64,
}

/// Periods in a season, where the calendar says it.
pub(super) fn season(calendar: Calendar) -> Option<usize> {
    match calendar {
        Calendar::Numbers => None,
        Calendar::Months { step, .. } => {
            (step > 0 && step < 12 && 12 % step == 0).then(|| (12 / step) as usize)
        }
        Calendar::Days { step: 1 } => Some(7),
        Calendar::Days { step: 7 } => Some(52),
        Calendar::Days { .. } => None,
    }
}

pub(super) fn checks(series: &Series, averaged: &Averaged, season: Option<usize>) -> SeriesChecks {
    let ordinary = left_over(series, 0.0);
    let steps: f64 = ordinary.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let durbin_watson = steps / ordinary.iter().map(|off| off * off).sum::<f64>();
    let has_gaps = series.exposures().windows(2).any(|pair| pair[1] - pair[0] != 1);
    if has_gaps {
        return SeriesChecks { durbin_watson, left_over: None, season: None };
    }
    let share = averaged.autocorrelation();
    let off = left_over(series, share);
    let fitted = basis(series, share);
    let n = off.len();
    // A distance is worth looking at where several pairs have it: Box and Jenkins's fifth, ten at most.
    let n_lags = (n / 5).min(10);
    SeriesChecks {
        durbin_watson,
        left_over: (n_lags >= 2).then(|| {
            let statistic: f64 = (1..=n_lags).map(|lag| unlikeliness(&off, &fitted, lag)).sum();
            LeftOver { n_lags, statistic, p: gamma_ur((n_lags - 1) as f64 / 2.0, statistic / 2.0) }
        }),
        season: season.filter(|season| *season >= 2 && n >= 2 * season).map(|season| Season {
            n_periods: season,
            autocorrelation: autocorrelation(&off, season),
            p: gamma_ur(0.5, unlikeliness(&off, &fitted, season) / 2.0),
        }),
    }
}

/// The squared distance of the autocorrelation at `lag` from what it is on average where nothing hangs together, over
/// its variance there.
///
/// What a fitted line leaves is a little unlike its neighbours by itself, and in short series that is much: Ljung and
/// Box's variance, which forgets it, would reject four times too often with 60 periods and four fitted numbers. For
/// normal deviations both moments follow exactly from the columns that were fitted (`fitted`, orthonormal): the
/// autocorrelation is a ratio of quadratic forms that does not depend on its denominator.
fn unlikeliness(off: &[f64], fitted: &[Vec<f64>], lag: usize) -> f64 {
    let (n, m) = (off.len() as f64, (off.len() - fitted.len()) as f64);
    let shifted: Vec<Vec<f64>> = fitted.iter().map(|column| neighbours(column, lag)).collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let trace: f64 = fitted.iter().zip(&shifted).map(|(column, moved)| product(column, moved)).sum();
    let squares: f64 = shifted.iter().map(|moved| product(moved, moved)).sum();
    let inner: f64 =
        fitted.iter().flat_map(|column| shifted.iter().map(|moved| product(column, moved).powi(2))).sum();
    let mean = -trace / m;
    let second = (trace * trace + 2.0 * (0.5 * (n - lag as f64) - 2.0 * squares + inner)) / (m * (m + 2.0));
    (autocorrelation(off, lag) - mean).powi(2) / (second - mean * mean)
}

/// At each place, half the sum of the numbers `lag` places before and after.
fn neighbours(column: &[f64], lag: usize) -> Vec<f64> {
    let at = |place: Option<usize>| place.and_then(|place| column.get(place)).copied().unwrap_or(0.0);
    (0..column.len()).map(|place| 0.5 * (at(place.checked_sub(lag)) + at(Some(place + lag)))).collect()
}

/// Orthonormal columns that say the same as the fitted ones.
fn basis(series: &Series, share: f64) -> Vec<Vec<f64>> {
    let (rows, ..) = independent(series, share);
    let columns = Mat::<f64>::from_fn(rows.len(), series.n_numbers(), |row, k| rows[row][k]);
    let basis = columns.qr().compute_thin_Q();
    (0..series.n_numbers()).map(|k| (0..rows.len()).map(|row| basis[(row, k)]).collect()).collect()
}

fn autocorrelation(off: &[f64], lag: usize) -> f64 {
    let together: f64 = off.iter().zip(&off[lag..]).map(|(a, b)| a * b).sum();
    together / off.iter().map(|off| off * off).sum::<f64>()
}
