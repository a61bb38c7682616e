//! Distances of numbers from 0, measured by their covariance.

use faer::linalg::solvers::{Llt, Solve};
use faer::{Mat, Side};

use super::WaldRefused;

/// A number of whose variance the numbers before it leave less than this share repeats them.
const SINGULAR: f64 = 1e-10;

/// Variances below this have lost digits to the smallest number there is, and say nothing.
const LOST: f64 = 1e-290;

/// A covariance that distances are measured by, as correlations, so that numbers of any size go together.
pub(super) struct Measure {
    pub(super) se: Vec<f64>,
    root: Llt<f64>,
}

impl Measure {
    pub fn of(covariance: Mat<f64>) -> Result<Self, WaldRefused> {
        let q = covariance.nrows();
        let singular = WaldRefused::Singular { n_numbers: q };
        let se: Vec<f64> = (0..q).map(|k| covariance[(k, k)].sqrt()).collect();
        if (0..q).any(|k| !(LOST..f64::INFINITY).contains(&covariance[(k, k)])) {
            return Err(singular);
        }
        let correlation = Mat::<f64>::from_fn(q, q, |i, j| covariance[(i, j)] / (se[i] * se[j]));
        let root = correlation.llt(Side::Lower).map_err(|_| singular)?;
        if (0..q).any(|k| root.L()[(k, k)].powi(2) <= SINGULAR) {
            return Err(singular);
        }
        Ok(Measure { se, root })
    }

    /// Numbers by anything, over the covariance.
    pub fn divide(&self, of: &Mat<f64>) -> Mat<f64> {
        let scaled = Mat::from_fn(of.nrows(), of.ncols(), |i, j| of[(i, j)] / self.se[i]);
        let solved = self.root.solve(&scaled);
        Mat::from_fn(of.nrows(), of.ncols(), |i, j| solved[(i, j)] / self.se[i])
    }

    /// The squared distance of `values` from 0.
    pub fn squared(&self, values: &[f64]) -> f64 {
        let z = Mat::<f64>::from_fn(values.len(), 1, |k, _| values[k] / self.se[k]);
        let solved = self.root.solve(&z);
        (0..values.len()).map(|k| z[(k, 0)] * solved[(k, 0)]).sum()
    }

    /// The degrees of freedom of this covariance, put together from independent parts with their own.
    pub fn degrees(&self, parts: &[(Mat<f64>, f64)]) -> f64 {
        let q = self.se.len();
        let share = |(part, df): &(Mat<f64>, f64)| {
            let scaled = Mat::<f64>::from_fn(q, q, |i, j| part[(i, j)] / (self.se[i] * self.se[j]));
            let ratio = self.root.solve(&scaled);
            let trace: f64 = (0..q).map(|k| ratio[(k, k)]).sum();
            let of_square: f64 = (0..q)
                .flat_map(|i| (0..q).map(move |j| (i, j)))
                .map(|(i, j)| ratio[(i, j)] * ratio[(j, i)])
                .sum();
            (of_square + trace.powi(2)) / df
        };
        (q + q * q) as f64 / parts.iter().map(share).sum::<f64>()
    }
}
