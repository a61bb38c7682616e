//! How far each cluster moves each of many numbers, summed into covariances.
//!
//! A number is linear in a unit's features (its residuals by period, mostly), by coefficients that its whole pattern
//! shares. With many units a pattern, their features' products are summed first: features by features, not units by
//! numbers.

use faer::Mat;

/// Sums up what clusters move numbers by.
#[derive(Clone, Debug)]
pub(crate) struct Collector<'a> {
    n_features: usize,
    n_numbers: usize,
    n_joint: usize,
    clusters: Option<&'a [usize]>,
    sums: Sums,
}

#[derive(Clone, Debug)]
enum Sums {
    /// Clusters x numbers, row by row.
    Rows(Vec<f64>),
    /// Each unit is its own cluster, and there are many.
    Squares { variances: Vec<f64>, joint: Mat<f64> },
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    /// By number, the sum over clusters of its square.
    pub variances: Vec<f64>,
    /// Sums of products of the first numbers, joint x joint.
    pub joint: Mat<f64>,
    /// Clusters x numbers, row by row, where they were kept.
    pub rows: Option<Vec<f64>>,
}

/// Whether clusters' rows are to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// For so many clusters.
    Rows(usize),
    /// Only their squares.
    Squares,
}

impl<'a> Collector<'a> {
    /// Nothing collected yet.
    ///
    /// - `clusters`: by unit, the number of its cluster; `None` if each unit is its own.
    /// - `n_joint`: of how many numbers, the first ones, covariances are wanted.
    pub fn new(
        (n_features, n_numbers, n_joint): (usize, usize, usize),
        clusters: Option<&'a [usize]>,
        keep: Keep,
    ) -> Self {
        let sums = match keep {
            Keep::Rows(n_clusters) => Sums::Rows(vec![0.0; n_clusters * n_numbers]),
            Keep::Squares => {
                Sums::Squares { variances: vec![0.0; n_numbers], joint: Mat::zeros(n_joint, n_joint) }
            }
        };
        Collector { n_features, n_numbers, n_joint, clusters, sums }
    }

    /// Adds the units of a pattern.
    ///
    /// - `coefficients`: features x numbers, row by row; shared by all units of the pattern.
    /// - `show`: calls what it is given with each unit and its features.
    pub fn add(
        &mut self,
        coefficients: &[f64],
        n_units: usize,
        show: impl FnOnce(&mut dyn FnMut(usize, &[f64])),
    ) {
        let (n_features, n_numbers, n_joint) = (self.n_features, self.n_numbers, self.n_joint);
        let mut moved = vec![0.0; n_numbers];
        match &mut self.sums {
            Sums::Rows(rows) => show(&mut |unit, features| {
                let cluster = self.clusters.map_or(unit, |clusters| clusters[unit]);
                apply(features, coefficients, &mut rows[cluster * n_numbers..][..n_numbers]);
            }),
            Sums::Squares { variances, joint } if n_units < n_features => show(&mut |_, features| {
                moved.fill(0.0);
                apply(features, coefficients, &mut moved);
                variances.iter_mut().zip(&moved).for_each(|(sum, moved)| *sum += moved * moved);
                for k in 0..n_joint {
                    (0..n_joint).for_each(|l| joint[(l, k)] += moved[k] * moved[l]);
                }
            }),
            Sums::Squares { variances, joint } => {
                let mut products = vec![0.0; n_features * n_features];
                show(&mut |_, features| {
                    for (feature, sums) in features.iter().zip(products.chunks_exact_mut(n_features)) {
                        sums.iter_mut().zip(features).for_each(|(sum, other)| *sum += feature * other);
                    }
                });
                let rows = products.chunks_exact(n_features).zip(coefficients.chunks_exact(n_numbers));
                for (products, own) in rows {
                    moved.fill(0.0);
                    apply(products, coefficients, &mut moved);
                    for (sum, (own, moved)) in variances.iter_mut().zip(own.iter().zip(&moved)) {
                        *sum += own * moved;
                    }
                    for k in 0..n_joint {
                        (0..n_joint).for_each(|l| joint[(l, k)] += own[l] * moved[k]);
                    }
                }
            }
        }
    }

    /// The sums.
    pub fn finish(self) -> Moved {
        match self.sums {
            Sums::Squares { variances, joint } => Moved { variances, joint, rows: None },
            Sums::Rows(rows) => {
                let mut variances = vec![0.0; self.n_numbers];
                let mut joint = Mat::zeros(self.n_joint, self.n_joint);
                for row in rows.chunks_exact(self.n_numbers) {
                    variances.iter_mut().zip(row).for_each(|(sum, moved)| *sum += moved * moved);
                    for k in 0..self.n_joint {
                        (0..self.n_joint).for_each(|l| joint[(l, k)] += row[k] * row[l]);
                    }
                }
                Moved { variances, joint, rows: Some(rows) }
            }
        }
    }
}

/// Adds features x coefficients to `moved`.
fn apply(features: &[f64], coefficients: &[f64], moved: &mut [f64]) {
    for (feature, row) in features.iter().zip(coefficients.chunks_exact(moved.len())) {
        if *feature != 0.0 {
            moved.iter_mut().zip(row).for_each(|(moved, coefficient)| *moved += feature * coefficient);
        }
    }
}
