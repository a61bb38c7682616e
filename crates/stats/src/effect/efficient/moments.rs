//! Mean outcomes and their covariances by start: all that the estimator needs of the data.
//!
//! One pass over the outcomes; nothing here is units by units.

use faer::{Mat, Side};

use super::arms::{Arms, Contrast};
use crate::panel::Panel;

/// Units whose deviations are multiplied at a time: some tens of periods of them fit into a core's own memory.
const BLOCK: usize = 512;

/// Below this share of the largest, a root of the covariances before the first start is rounding: with fewer units
/// than periods, some combinations of the periods do not vary.
const SINGULAR: f64 = 1.490_116_119_384_765_6e-8;

/// Means and covariances by start.
pub(super) struct Moments<'a> {
    pub arms: &'a Arms,
    /// Arms x periods.
    means: Vec<f64>,
    /// By arm, periods x periods. An arm of one unit has the pooled covariance.
    covariances: Vec<Vec<f64>>,
    /// Periods x periods: of all units about the means of their arms.
    pooled: Vec<f64>,
    /// By arm, periods before the first start x periods: how each outcome goes with those before.
    slopes: Vec<Vec<f64>>,
    /// Periods before the first start, squared: their mean covariance.
    before: Vec<f64>,
    /// A standard error not above this is rounding.
    pub noise: f64,
}

/// A contrast, with what its covariances with others are put together from.
pub(super) struct Projected {
    /// The estimated contrast.
    pub value: f64,
    /// Arms x periods.
    weights: Vec<f64>,
    /// Arms x periods: covariance times weights.
    spread: Vec<f64>,
    /// Periods before the first start: how the contrast's effect goes with what was before.
    heterogeneity: Vec<f64>,
}

impl<'a> Moments<'a> {
    pub fn of(panel: &Panel, arms: &'a Arms) -> Self {
        let t = arms.n_periods;
        let mut means = Vec::with_capacity(arms.arms.len() * t);
        let mut covariances = Vec::with_capacity(arms.arms.len());
        let mut most = 0.0_f64;
        let mut pooled = vec![0.0; t * t];
        for arm in &arms.arms {
            let mean: Vec<f64> = (0..t)
                .map(|period| {
                    let column = panel.column(period);
                    arm.units.iter().map(|&unit| column[unit]).sum::<f64>() / arm.units.len() as f64
                })
                .collect();
            let (squares, size) = squares(panel, &arm.units, &mean);
            most = most.max(size);
            pooled.iter_mut().zip(&squares).for_each(|(pooled, square)| *pooled += square);
            let spare = (arm.units.len() - 1).max(1) as f64;
            covariances.push(squares.into_iter().map(|square| square / spare).collect::<Vec<f64>>());
            means.extend(mean);
        }
        let spare = (arms.n_units - arms.arms.len()).max(1) as f64;
        pooled.iter_mut().for_each(|pooled| *pooled /= spare);
        for (arm, covariance) in arms.arms.iter().zip(&mut covariances) {
            if arm.units.len() == 1 {
                covariance.clone_from(&pooled);
            }
        }
        let first = arms.first();
        let slopes = covariances.iter().map(|covariance| slopes(covariance, t, first)).collect();
        let n_arms = covariances.len() as f64;
        let mean = |i: usize, j: usize| covariances.iter().map(|c| c[i * t + j]).sum::<f64>() / n_arms;
        let before = (0..first * first).map(|cell| mean(cell / first, cell % first)).collect();
        // Differences of doubles carry about 1e-16 of the outcome's size; a thousand times that is still no variation.
        Moments { arms, means, covariances, pooled, slopes, before, noise: 1e-13 * most }
    }

    /// What a contrast of these weights (arms x periods) comes to.
    pub fn project(&self, weights: Vec<f64>) -> Projected {
        let t = self.arms.n_periods;
        let mut spread = vec![0.0; weights.len()];
        let mut heterogeneity = vec![0.0; self.arms.first()];
        for arm in 0..self.arms.arms.len() {
            let row = self.arms.row(&weights, arm);
            for (period, &weight) in row.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                add_scaled(&mut spread[arm * t..][..t], weight, &self.covariances[arm][period * t..][..t]);
                let slopes = self.slopes[arm].iter().skip(period).step_by(t);
                heterogeneity.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += weight * slope);
            }
        }
        Projected { value: dot(&weights, &self.means), weights, spread, heterogeneity }
    }

    /// A contrast's two sides.
    pub fn project_both(&self, contrast: Contrast) -> (Projected, Projected) {
        (self.project(contrast.after), self.project(contrast.before))
    }

    /// Neyman's covariance of two contrasts: too large by how far effects differ between units.
    pub fn covariance(&self, one: &Projected, other: &Projected) -> f64 {
        self.parts(one, other).iter().sum()
    }

    /// Its parts by arm.
    pub fn parts(&self, one: &Projected, other: &Projected) -> Vec<f64> {
        let of = |arm| dot(self.arms.row(&one.weights, arm), self.arms.row(&other.spread, arm));
        (0..self.arms.arms.len()).map(|arm| of(arm) / self.arms.n(arm)).collect()
    }

    /// The parts by arm, were units of all arms to vary alike.
    pub fn pooled_parts(&self, one: &Projected, other: &Projected) -> Vec<f64> {
        let t = self.arms.n_periods;
        let of = |arm| {
            let other: Vec<(usize, f64)> = weighted(self.arms.row(&other.weights, arm)).collect();
            let along =
                |i: usize| other.iter().map(|(j, weight)| weight * self.pooled[i * t + j]).sum::<f64>();
            weighted(self.arms.row(&one.weights, arm)).map(|(i, weight)| weight * along(i)).sum::<f64>()
        };
        (0..self.arms.arms.len()).map(|arm| of(arm) / self.arms.n(arm)).collect()
    }

    /// The part of it that is certainly too much: how far effects differ in step with outcomes before the first start.
    pub fn excess(&self, one: &Projected, other: &Projected) -> f64 {
        let first = self.arms.first();
        let rows = one.heterogeneity.iter().zip(self.before.chunks(first.max(1)));
        rows.map(|(slope, row)| slope * dot(row, &other.heterogeneity)).sum::<f64>()
            / self.arms.n_units as f64
    }
}

impl Projected {
    /// Arms x periods.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// This less `beta` times `other`. How effects differ stays this one's: before a start nobody has any.
    pub fn less(mut self, beta: f64, other: &Projected) -> Projected {
        self.value -= beta * other.value;
        add_scaled(&mut self.weights, -beta, &other.weights);
        add_scaled(&mut self.spread, -beta, &other.spread);
        self
    }
}

/// Sums of products of deviations from `mean` (periods x periods), and the largest outcome's size.
fn squares(panel: &Panel, units: &[usize], mean: &[f64]) -> (Vec<f64>, f64) {
    let t = mean.len();
    let mut squares = vec![0.0; t * t];
    let mut block = vec![0.0; t * BLOCK];
    let mut most = 0.0_f64;
    for units in units.chunks(BLOCK) {
        for (period, (row, mean)) in block.chunks_mut(BLOCK).zip(mean).enumerate() {
            let column = panel.column(period);
            for (deviation, &unit) in row.iter_mut().zip(units) {
                most = most.max(column[unit].abs());
                *deviation = column[unit] - mean;
            }
        }
        let row = |period: usize| &block[period * BLOCK..][..units.len()];
        for i in 0..t {
            for j in 0..=i {
                squares[i * t + j] += dot(row(i), row(j));
            }
        }
    }
    for i in 0..t {
        for j in 0..i {
            squares[j * t + i] = squares[i * t + j];
        }
    }
    (squares, most)
}

/// The pseudo-inverse of the covariances before the first start, times those with all periods.
fn slopes(covariance: &[f64], t: usize, first: usize) -> Vec<f64> {
    let mut slopes = vec![0.0; first * t];
    let before = Mat::<f64>::from_fn(first, first, |i, j| covariance[i * t + j]);
    // Without roots (the search for them did not end) no slope is claimed, and nothing taken off Neyman's variance.
    let Ok(eigen) = before.self_adjoint_eigen(Side::Lower) else { return slopes };
    let (vectors, roots) = (eigen.U(), eigen.S().column_vector());
    let most = (0..first).map(|k| roots[k].abs()).fold(0.0, f64::max);
    for k in (0..first).filter(|&k| roots[k].abs() > SINGULAR * most) {
        for period in 0..t {
            let along: f64 = (0..first).map(|i| vectors[(i, k)] * covariance[i * t + period]).sum();
            (0..first).for_each(|i| slopes[i * t + period] += vectors[(i, k)] * along / roots[k]);
        }
    }
    slopes
}

/// The weights that are not 0, with their places.
fn weighted(row: &[f64]) -> impl Iterator<Item = (usize, f64)> {
    row.iter().copied().enumerate().filter(|(_, weight)| *weight != 0.0)
}

fn add_scaled(sum: &mut [f64], weight: f64, other: &[f64]) {
    sum.iter_mut().zip(other).for_each(|(sum, other)| *sum += weight * other);
}

/// The sum of products, in eight sums side by side: the order is fixed, and the processor can add them at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_rest, b_rest) = (a.chunks_exact(8).remainder(), b.chunks_exact(8).remainder());
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}
