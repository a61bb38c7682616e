//! The line fitted for every share that deviations keep, and the average over what the data allow.

#[cfg(test)]
mod tests;

use faer::linalg::solvers::DenseSolveCore;
use faer::{Mat, Side};

use super::series::Series;
use crate::uncertainty::{Estimate, Interval, Law, Level, Spread};

/// Shares that deviations keep: so many sines of evenly spread angles.
const N_SHARES: usize = 40;

/// Fits that the data make less likely than the best by this count for nothing.
const NEGLIGIBLE: f64 = 1e-9;

/// All fits, with how much each counts.
#[derive(Clone, Debug)]
pub(super) struct Averaged {
    fits: Vec<Fit>,
    law: Law,
}

/// The line for one share that deviations keep.
#[derive(Clone, Debug)]
struct Fit {
    share: f64,
    /// How much it counts; all together one.
    weight: f64,
    numbers: Vec<f64>,
    /// Covariance of the numbers, row by row.
    covariance: Vec<Vec<f64>>,
}

impl Averaged {
    /// `None` if the series lies on its line but for rounding.
    pub(super) fn of(series: &Series) -> Option<Self> {
        let size = series.outcomes().iter().fold(0.0_f64, |most, y| most.max(y.abs()));
        let rounding = (1e-12 * size).powi(2) * series.outcomes().len() as f64;
        let angle = |k: usize| std::f64::consts::FRAC_PI_2 * (k as f64 + 0.5) / N_SHARES as f64;
        let mut fits = Vec::new();
        for k in 0..N_SHARES {
            let (fit, log_likelihood, squares) = fitted(series, angle(k).sin())?;
            if squares <= rounding {
                return None;
            }
            fits.push((fit, log_likelihood));
        }
        let best = fits.iter().fold(f64::NEG_INFINITY, |best, (_, log)| best.max(*log));
        fits.iter_mut().for_each(|(fit, log)| fit.weight = (*log - best).exp());
        let mut fits: Vec<Fit> = fits.into_iter().map(|(fit, _)| fit).collect();
        fits.retain(|fit| fit.weight > NEGLIGIBLE);
        let total: f64 = fits.iter().map(|fit| fit.weight).sum();
        fits.iter_mut().for_each(|fit| fit.weight /= total);
        let df = (series.outcomes().len() - series.n_numbers()) as f64;
        Some(Averaged { fits, law: Law::Student { df } })
    }

    /// The mean share that deviations keep.
    pub(super) fn autocorrelation(&self) -> f64 {
        self.fits.iter().map(|fit| fit.weight * fit.share).sum()
    }

    /// The mean of each fitted number.
    pub(super) fn numbers(&self) -> Vec<f64> {
        let mean = |k: usize| self.fits.iter().map(|fit| fit.weight * fit.numbers[k]).sum();
        (0..self.fits.first().map_or(0, |fit| fit.numbers.len())).map(mean).collect()
    }

    /// A combination of the fitted numbers, with the interval that holds `level` of the average.
    pub(super) fn estimate(&self, combination: &[f64], level: Level) -> Estimate {
        let parts: Vec<Part> = self.fits.iter().map(|fit| fit.part(combination)).collect();
        let value: f64 = parts.iter().map(|part| part.weight * part.value).sum();
        let spread = parts.iter().map(|part| part.weight * (part.se.powi(2) + (part.value - value).powi(2)));
        let se = spread.sum::<f64>().sqrt();
        let half = self.reach(&parts, value, (se, 1.0 - level.share()));
        let interval = Interval {
            se,
            se_used: half / self.law.reach(level),
            law: self.law,
            low: value - half,
            high: value + half,
            p: self.beyond(&parts, value, value.abs()),
        };
        Estimate { value, spread: Spread::Known(interval) }
    }

    /// The distance from `centre` that the average exceeds with probability `error`.
    fn reach(&self, parts: &[Part], centre: f64, (se, error): (f64, f64)) -> f64 {
        let excess = |distance: f64| self.beyond(parts, centre, distance) - error;
        let (mut low, mut high) = ((0.0, 1.0 - error), (2.0 * se, excess(2.0 * se)));
        while high.1 > 0.0 {
            (low, high) = (high, (2.0 * high.0, excess(2.0 * high.0)));
        }
        // False position; an end that stays twice has its height halved (the Illinois rule): some ten steps.
        let (mut next, mut last_moved) = (0.5 * (low.0 + high.0), None);
        for _ in 0..100 {
            let at = excess(next);
            if at.abs() < 1e-13 || high.0 - low.0 < 1e-13 * high.0 {
                break;
            }
            let inside = at > 0.0;
            let stays_twice = last_moved.replace(inside) == Some(inside);
            let (moved, stayed) = if inside { (&mut low, &mut high) } else { (&mut high, &mut low) };
            *moved = (next, at);
            if stays_twice {
                stayed.1 *= 0.5;
            }
            next = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        }
        next
    }

    /// The average's probability further from `centre` than `distance`.
    fn beyond(&self, parts: &[Part], centre: f64, distance: f64) -> f64 {
        let upper = |z: f64| {
            let half = 0.5 * self.law.beyond(z);
            if z > 0.0 { half } else { 1.0 - half }
        };
        let outside = |part: &Part| {
            let off = centre - part.value;
            part.weight * (upper((distance + off) / part.se) + upper((distance - off) / part.se))
        };
        parts.iter().map(outside).sum()
    }
}

/// One fit's say on a combination of the numbers.
struct Part {
    weight: f64,
    value: f64,
    se: f64,
}

impl Fit {
    fn part(&self, combination: &[f64]) -> Part {
        let value = dot(combination, &self.numbers);
        let variance: f64 =
            combination.iter().zip(&self.covariance).map(|(a, row)| a * dot(combination, row)).sum();
        Part { weight: self.weight, value, se: variance.sqrt() }
    }
}

/// The fit for one share, its logarithmic residual likelihood up to a constant, and the sum of squares it leaves.
fn fitted(series: &Series, share: f64) -> Option<(Fit, f64, f64)> {
    let (rows, outcomes, log_scale) = independent(series, share);
    let (n, k) = (outcomes.len(), series.n_numbers());
    let products = Mat::<f64>::from_fn(k, k, |a, b| rows.iter().map(|row| row[a] * row[b]).sum());
    let solved = products.llt(Side::Lower).ok()?;
    let inverse = solved.inverse();
    let with: Vec<f64> =
        (0..k).map(|a| rows.iter().zip(&outcomes).map(|(row, y)| row[a] * y).sum()).collect();
    let numbers: Vec<f64> = (0..k).map(|a| (0..k).map(|b| inverse[(a, b)] * with[b]).sum()).collect();
    let squares: f64 = rows.iter().zip(&outcomes).map(|(row, y)| (y - dot(row, &numbers)).powi(2)).sum();
    let df = (n - k) as f64;
    let log_determinant: f64 = (0..k).map(|a| solved.L()[(a, a)].ln()).sum::<f64>() * 2.0;
    let log_likelihood = -log_scale - 0.5 * log_determinant - 0.5 * df * squares.ln();
    let covariance = (0..k).map(|a| (0..k).map(|b| squares / df * inverse[(a, b)]).collect()).collect();
    Some((Fit { share, weight: 1.0, numbers, covariance }, log_likelihood, squares))
}

/// Rows and outcomes less what each keeps of the one before, of one variance; and the logarithm of the product of the
/// scales that took. Over several steps the share is kept as many times.
pub(super) fn independent(series: &Series, share: f64) -> (Vec<Vec<f64>>, Vec<f64>, f64) {
    let (rows, outcomes, exposures) = (series.rows(), series.outcomes(), series.exposures());
    let (mut own_rows, mut own_outcomes, mut log_scale) = (Vec::new(), Vec::new(), 0.0);
    for at in 0..outcomes.len() {
        let Some(last) = at.checked_sub(1) else {
            own_rows.push(rows[0].clone());
            own_outcomes.push(outcomes[0]);
            continue;
        };
        let kept = share.powf((exposures[at] - exposures[last]) as f64);
        let scale = (1.0 - kept * kept).sqrt();
        own_rows.push(rows[at].iter().zip(&rows[last]).map(|(a, b)| (a - kept * b) / scale).collect());
        own_outcomes.push((outcomes[at] - kept * outcomes[last]) / scale);
        log_scale += scale.ln();
    }
    (own_rows, own_outcomes, log_scale)
}

/// What the line leaves of each period for one share, made independent.
pub(super) fn left_over(series: &Series, share: f64) -> Vec<f64> {
    let Some((fit, ..)) = fitted(series, share) else { return Vec::new() };
    let (rows, outcomes, _) = independent(series, share);
    rows.iter().zip(&outcomes).map(|(row, y)| y - dot(row, &fit.numbers)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
