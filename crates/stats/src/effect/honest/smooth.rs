//! Trends along a line that bends by at most so much from one period to the next.
//!
//! The interval lies around a weighted sum of all effects: the weights asked for after the start, and weights before
//! it that take away any straight line. What remains is largest when every bend goes the wrong way.

use super::critical::reach_with_bias;
use super::path::{Path, path};
use super::{End, EventStudy};
use crate::uncertainty::Level;

#[cfg(test)]
mod tests;

/// The ends of the shortest interval of fixed length.
///
/// With u(j) the weight that the bend j periods before the base carries, the sum's largest bias is bend times (the
/// absolute sum of all u, and of what the bends after the start carry), and its variance a quadratic form of u. The
/// interval's length is convex in u and rises in both, so the shortest lies on the path that trades the one for the
/// other: that of the lasso.
pub(super) fn ends(study: &EventStudy, bend: f64, level: Level) -> (End, End) {
    let problem = Problem::of(study);
    let error = 1.0 - level.share();
    let half_length = |carried: &[f64]| {
        let sum = problem.combination(carried);
        let se = study.covariance(&sum, &sum).max(f64::MIN_POSITIVE).sqrt();
        let bias = bend * (problem.fixed + carried.iter().map(|u| u.abs()).sum::<f64>());
        se * reach_with_bias(bias / se, error)
    };
    let mut best = (f64::INFINITY, Vec::new());
    for piece in problem.path(study).pieces() {
        let (length, carried) = shortest(|share| piece.at(share), half_length);
        if length < best.0 {
            best = (length, carried);
        }
    }
    let centre = study.value(&problem.combination(&best.1));
    (End::At(centre - best.0), End::At(centre + best.0))
}

/// The point of a piece, at a share from 0 to 1 of it, where `length` is least: by golden section.
fn shortest(at: impl Fn(f64) -> Vec<f64>, length: impl Fn(&[f64]) -> f64) -> (f64, Vec<f64>) {
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (0.0, 1.0);
    let (mut left, mut right) = (1.0 - golden, golden);
    let (mut at_left, mut at_right) = (length(&at(left)), length(&at(right)));
    // Forty sections leave 1e-8 of the piece; the length is flat there.
    for _ in 0..40 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = length(&at(left));
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = length(&at(right));
        }
    }
    let ends = [0.0, 0.5 * (low + high), 1.0].map(|share| (length(&at(share)), at(share)));
    ends.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((f64::INFINITY, at(0.0)))
}

struct Problem {
    /// The weighted sum when no bend before the base carries weight: the line through the base and the last time
    /// before it, carried on.
    base: Vec<f64>,
    n_before: usize,
    /// What the bends at the base and after the start carry, in absolute sum: nothing changes these.
    fixed: f64,
}

impl Problem {
    fn of(study: &EventStudy) -> Self {
        let weights = study.weights();
        let slope: f64 = weights.iter().enumerate().map(|(t, weight)| (t + 1) as f64 * weight).sum();
        // A bend at the t-th time after the start moves each later one by its distance from there.
        let carried = |t: usize| {
            weights[t..].iter().enumerate().map(|(apart, weight)| apart as f64 * weight).sum::<f64>().abs()
        };
        let mut base = study.asked();
        base[study.n_before() - 1] += slope;
        let fixed = slope.abs() + (0..weights.len()).map(carried).sum::<f64>();
        Problem { base, n_before: study.n_before(), fixed }
    }

    /// How the weighted sum changes with what the bend `j` periods before the base carries: a second difference.
    fn direction(&self, j: usize) -> Vec<f64> {
        let mut change = vec![0.0; self.base.len()];
        change[self.n_before - j] -= 2.0;
        change[self.n_before - j - 1] += 1.0;
        if j > 1 {
            change[self.n_before - j + 1] += 1.0;
        }
        change
    }

    fn combination(&self, carried: &[f64]) -> Vec<f64> {
        let mut sum = self.base.clone();
        for (j, u) in carried.iter().enumerate().filter(|(_, u)| **u != 0.0) {
            sum.iter_mut().zip(self.direction(j + 1)).for_each(|(sum, change)| *sum += u * change);
        }
        sum
    }

    fn path(&self, study: &EventStudy) -> Path {
        let directions: Vec<Vec<f64>> = (1..self.n_before).map(|j| self.direction(j)).collect();
        let squares = directions
            .iter()
            .map(|one| directions.iter().map(|other| study.covariance(one, other)).collect())
            .collect();
        let linear: Vec<f64> = directions.iter().map(|one| study.covariance(one, &self.base)).collect();
        path(squares, &linear)
    }
}
