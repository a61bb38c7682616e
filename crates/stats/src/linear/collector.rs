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

/// What features move numbers by, the same for all units of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Coefficients {
    columns: Vec<usize>,
    values: Vec<f64>,
    /// By feature, where its first coefficient that is not 0 stands, and the end of the last.
    spans: Vec<(usize, usize)>,
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
    /// - `show`: calls what it is given with each unit and its features.
    pub fn add(
        &mut self,
        coefficients: &Coefficients,
        n_units: usize,
        show: impl FnOnce(&mut dyn FnMut(usize, &[f64])),
    ) {
        let (n_features, n_numbers, n_joint) = (self.n_features, self.n_numbers, self.n_joint);
        let columns = &coefficients.columns;
        if columns.is_empty() {
            return;
        }
        let joints = &columns[..columns.partition_point(|&number| number < n_joint)];
        let mut moved = vec![0.0; columns.len()];
        match &mut self.sums {
            Sums::Rows(rows) => show(&mut |unit, features| {
                let cluster = self.clusters.map_or(unit, |clusters| clusters[unit]);
                let row = &mut rows[cluster * n_numbers..][..n_numbers];
                coefficients.apply(features, &mut moved);
                columns.iter().zip(&moved).for_each(|(&number, moved)| row[number] += moved);
            }),
            Sums::Squares { variances, joint } if n_units < n_features => show(&mut |_, features| {
                coefficients.apply(features, &mut moved);
                columns.iter().zip(&moved).for_each(|(&number, moved)| variances[number] += moved * moved);
                for (number, ours) in joints.iter().zip(&moved) {
                    joints.iter().zip(&moved).for_each(|(&l, theirs)| joint[(l, *number)] += ours * theirs);
                }
            }),
            Sums::Squares { variances, joint } => {
                let mut products = vec![0.0; n_features * n_features];
                show(&mut |_, features| {
                    let rows = products.chunks_exact_mut(n_features).enumerate();
                    for (feature, (place, sums)) in
                        features.iter().zip(rows).filter(|(feature, _)| **feature != 0.0)
                    {
                        let below = sums[..=place].iter_mut().zip(features);
                        below.for_each(|(sum, other)| *sum += feature * other);
                    }
                });
                for row in 0..n_features {
                    (0..row).for_each(|column| {
                        products[column * n_features + row] = products[row * n_features + column]
                    });
                }
                let rows = products.chunks_exact(n_features).enumerate();
                for (products, own, (from, to)) in
                    rows.map(|(place, row)| (row, coefficients.row(place), coefficients.spans[place]))
                {
                    if from == to {
                        continue;
                    }
                    coefficients.apply(products, &mut moved);
                    for k in from..to {
                        variances[columns[k]] += own[k] * moved[k];
                    }
                    for (number, moved) in joints.iter().zip(&moved) {
                        joints.iter().zip(own).for_each(|(&l, own)| joint[(l, *number)] += own * moved);
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

impl Coefficients {
    /// - `columns`: the numbers that the features move at all, ascending.
    /// - `values`: features x columns, row by row.
    pub fn new(columns: Vec<usize>, values: Vec<f64>) -> Self {
        let span = |row: &[f64]| {
            let from = row.iter().position(|value| *value != 0.0).unwrap_or(row.len());
            (from, row.iter().rposition(|value| *value != 0.0).map_or(from, |last| last + 1))
        };
        let spans = values.chunks_exact(columns.len().max(1)).map(span).collect();
        Coefficients { columns, values, spans }
    }

    fn row(&self, feature: usize) -> &[f64] {
        &self.values[feature * self.columns.len()..][..self.columns.len()]
    }

    /// Makes `moved` features x coefficients.
    fn apply(&self, features: &[f64], moved: &mut [f64]) {
        moved.fill(0.0);
        for (place, feature) in features.iter().enumerate().filter(|(_, feature)| **feature != 0.0) {
            let (from, to) = self.spans[place];
            let row = &self.row(place)[from..to];
            moved[from..to].iter_mut().zip(row).for_each(|(moved, own)| *moved += feature * own);
        }
    }
}
