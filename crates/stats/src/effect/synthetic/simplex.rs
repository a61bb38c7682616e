//! Weights that make columns add up to a target: none negative, one in all.
//!
//! Two ways to the same optimum: the steps of Frank and Wolfe, stopped where the paper's authors stop, and the
//! optimum itself. It knows neither units nor periods.

use faer::Mat;
use faer::prelude::SolveLstsq;

use super::Solver;

/// Steps before small weights are set to 0, and after.
const FIRST_STEPS: usize = 100;
const MOST_STEPS: usize = 10_000;

/// Whether the target may lie off the columns' sum by one number in all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offset {
    Free,
    None,
}

/// Find weights `w` with the least mean over rows of (columns w - target)^2 + penalty^2 (sum of w^2).
#[derive(Clone, Debug)]
pub(super) struct Problem {
    columns: Vec<Vec<f64>>,
    target: Vec<f64>,
    penalty: f64,
}

impl Problem {
    /// - `columns`, `target`: one number a row, all of one length; `penalty` above 0, in the outcome's unit.
    pub(super) fn new(
        mut columns: Vec<Vec<f64>>,
        mut target: Vec<f64>,
        offset: Offset,
        penalty: f64,
    ) -> Self {
        if offset == Offset::Free {
            columns.iter_mut().for_each(|column| centre(column));
            centre(&mut target);
        }
        Problem { columns, target, penalty }
    }

    /// The weights, by column. `first`: where the steps begin; `noise`: the size of chance, which says when they end.
    pub(super) fn solve(&self, solver: Solver, first: &[f64], noise: f64) -> Vec<f64> {
        match solver {
            Solver::Exact => self.optimum(),
            Solver::Iterate => {
                let least_gain = (1e-5 * noise).powi(2);
                let rough = self.step(first.to_vec(), FIRST_STEPS, least_gain);
                self.step(without_small(&rough), MOST_STEPS, least_gain)
            }
        }
    }

    fn n_rows(&self) -> f64 {
        self.target.len() as f64
    }

    /// The penalty on the sum of squared weights when squares are summed over rows, not averaged.
    fn ridge(&self) -> f64 {
        self.n_rows() * self.penalty.powi(2)
    }

    /// Frank and Wolfe's steps towards the best corner, each as long as is best, until one gains no more than
    /// `least_gain`.
    ///
    /// Inner products are taken once, so that a step costs as many operations as there are columns and rows.
    fn step(&self, mut weights: Vec<f64>, most_steps: usize, least_gain: f64) -> Vec<f64> {
        let ridge = self.ridge();
        let products: Vec<Vec<f64>> =
            self.columns.iter().map(|a| self.columns.iter().map(|b| dot(a, b)).collect()).collect();
        let with_target: Vec<f64> = self.columns.iter().map(|column| dot(column, &self.target)).collect();
        let mut sum = self.sum(&weights);
        let mut with_sum: Vec<f64> = products.iter().map(|row| dot(row, &weights)).collect();
        let mut squares = dot(&weights, &weights);
        let (mut before, mut now): (Option<f64>, Option<f64>) = (None, None);
        for _ in 0..most_steps {
            if before.zip(now).is_some_and(|(before, now)| before - now <= least_gain) {
                break;
            }
            let (mut corner, mut steepest, mut level) = (0, f64::INFINITY, 0.0);
            for (j, ((product, target), weight)) in
                with_sum.iter().zip(&with_target).zip(&weights).enumerate()
            {
                let gradient = product - target + ridge * weight;
                level += gradient * weight;
                if gradient < steepest {
                    (corner, steepest) = (j, gradient);
                }
            }
            let way = squares - 2.0 * weights[corner] + 1.0;
            if way > 0.0 {
                let apart: f64 = self.columns[corner].iter().zip(&sum).map(|(a, b)| (a - b) * (a - b)).sum();
                let length = ((level - steepest) / (apart + ridge * way)).clamp(0.0, 1.0);
                move_to(&mut sum, &self.columns[corner], length);
                move_to(&mut with_sum, &products[corner], length);
                weights.iter_mut().for_each(|weight| *weight -= length * *weight);
                weights[corner] += length;
                squares = dot(&weights, &weights);
            }
            let off: f64 = sum.iter().zip(&self.target).map(|(a, b)| (a - b) * (a - b)).sum();
            (before, now) = (now, Some(self.penalty.powi(2) * squares + off / self.n_rows()));
        }
        weights
    }

    /// The optimum: columns enter one at a time, and leave when their weight would fall below 0.
    ///
    /// Source: Lawson and Hanson (1974), *Solving Least Squares Problems*, chapter 23, on the face where weights add
    /// up to one. With a penalty above 0 the optimum is one and the steps end.
    fn optimum(&self) -> Vec<f64> {
        let n = self.columns.len();
        let distance = |column: &Vec<f64>| -> f64 {
            column.iter().zip(&self.target).map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let nearest = least(&self.columns.iter().map(distance).collect::<Vec<f64>>());
        let mut used = vec![nearest];
        let mut weights = vec![0.0; n];
        weights[nearest] = 1.0;
        let size = self.columns.iter().map(|column| dot(column, column)).fold(0.0, f64::max);
        let rounding = 1e-14 * (size + dot(&self.target, &self.target) + self.ridge());
        for _ in 0..20 * n + 100 {
            let off: Vec<f64> = self.sum(&weights).iter().zip(&self.target).map(|(a, b)| a - b).collect();
            let gradient: Vec<f64> = self
                .columns
                .iter()
                .zip(&weights)
                .map(|(column, w)| dot(column, &off) + self.ridge() * w)
                .collect();
            let level = dot(&gradient, &weights);
            let rest = (0..n).filter(|j| !used.contains(j));
            let Some(enters) = rest.min_by(|a, b| gradient[*a].total_cmp(&gradient[*b])) else { break };
            if gradient[enters] >= level - rounding {
                break;
            }
            used.push(enters);
            if !self.settle(&mut weights, &mut used, enters) {
                break;
            }
        }
        weights
    }

    /// Moves to the optimum among `used` columns, dropping those whose weight would fall below 0; whether
    /// `entered` stayed.
    fn settle(&self, weights: &mut [f64], used: &mut Vec<usize>, entered: usize) -> bool {
        loop {
            let wish = self.on_face(used);
            let falls = used.iter().zip(&wish).filter(|(_, wish)| **wish <= 0.0);
            let length =
                falls.map(|(&j, wish)| weights[j] / (weights[j] - wish)).fold(f64::INFINITY, f64::min);
            let length = if length.is_nan() { 0.0 } else { length.min(1.0) };
            for (&j, wish) in used.iter().zip(&wish) {
                weights[j] += length * (wish - weights[j]);
            }
            if wish.iter().all(|wish| *wish > 0.0) {
                return true;
            }
            // At least one has reached 0 but for rounding: the one that gave the length.
            let lowest = used.iter().copied().min_by(|a, b| weights[*a].total_cmp(&weights[*b]));
            used.retain(|&j| weights[j] > 0.0 && Some(j) != lowest);
            (0..weights.len()).filter(|j| !used.contains(j)).for_each(|j| weights[j] = 0.0);
            if !used.contains(&entered) {
                return false;
            }
        }
    }

    /// Least squares among `used` columns with weights that add up to one, whatever their signs.
    fn on_face(&self, used: &[usize]) -> Vec<f64> {
        let (first, others) = (used[0], &used[1..]);
        if others.is_empty() {
            return vec![1.0];
        }
        let (m, root) = (self.target.len(), self.ridge().sqrt());
        // Below the rows stand the penalties of the others' weights, and last that of the first's: 1 - their sum.
        let rows = m + others.len() + 1;
        let base = &self.columns[first];
        let left = Mat::<f64>::from_fn(rows, others.len(), |row, k| match row.checked_sub(m) {
            None => self.columns[others[k]][row] - base[row],
            Some(at) if at == others.len() => -root,
            Some(at) if at == k => root,
            Some(_) => 0.0,
        });
        let right = Mat::<f64>::from_fn(rows, 1, |row, _| match row.checked_sub(m) {
            None => self.target[row] - base[row],
            Some(at) if at == others.len() => -root,
            Some(_) => 0.0,
        });
        let found = left.col_piv_qr().solve_lstsq(&right);
        let rest: Vec<f64> = (0..others.len()).map(|k| found[(k, 0)]).collect();
        std::iter::once(1.0 - rest.iter().sum::<f64>()).chain(rest.iter().copied()).collect()
    }

    fn sum(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.target.len()];
        for (column, weight) in self.columns.iter().zip(weights) {
            sum.iter_mut().zip(column).for_each(|(sum, y)| *sum += weight * y);
        }
        sum
    }

    /// What is to be least: for tests of optimality.
    #[cfg(test)]
    pub(super) fn value(&self, weights: &[f64]) -> f64 {
        let off: f64 = self.sum(weights).iter().zip(&self.target).map(|(a, b)| (a - b) * (a - b)).sum();
        self.penalty.powi(2) * dot(weights, weights) + off / self.n_rows()
    }
}

/// The same weight for all of `n`.
pub(super) fn equal(n: usize) -> Vec<f64> {
    vec![1.0 / n as f64; n]
}

/// Weights raised or lowered together until they add up to one; equal ones if all are 0.
pub(super) fn to_one(weights: Vec<f64>) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    if total > 0.0 { weights.iter().map(|weight| weight / total).collect() } else { equal(weights.len()) }
}

/// Weights of at most a quarter of the largest set to 0.
fn without_small(weights: &[f64]) -> Vec<f64> {
    let most = weights.iter().copied().fold(0.0, f64::max);
    to_one(weights.iter().map(|&weight| if weight <= most / 4.0 { 0.0 } else { weight }).collect())
}

fn move_to(from: &mut [f64], to: &[f64], length: f64) {
    from.iter_mut().zip(to).for_each(|(from, to)| *from += length * (to - *from));
}

fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
}

/// The place of the smallest, the first of several.
fn least(values: &[f64]) -> usize {
    (1..values.len()).fold(0, |best, j| if values[j] < values[best] { j } else { best })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
