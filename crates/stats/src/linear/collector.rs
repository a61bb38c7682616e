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
    Squares { by_kind: Vec<OfKind>, joint: Mat<f64> },
}

/// Of the units of one kind, the sums by number of what they move it by, and of its squares.
#[derive(Clone, Debug)]
pub(crate) struct OfKind {
    pub sums: Vec<f64>,
    pub squares: Vec<f64>,
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
    /// What was kept of it.
    pub kept: Kept,
}

/// What is kept of how numbers were moved.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    /// Clusters x numbers, row by row.
    Rows(Vec<f64>),
    /// Units by their kind.
    Kinds(Vec<OfKind>),
}

/// Whether clusters' rows are to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// For so many clusters.
    Rows(usize),
    /// Only their sums and squares, for so many kinds.
    Squares(usize),
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
            Keep::Squares(n_kinds) => {
                let none = OfKind { sums: vec![0.0; n_numbers], squares: vec![0.0; n_numbers] };
                Sums::Squares { by_kind: vec![none; n_kinds], joint: Mat::zeros(n_joint, n_joint) }
            }
        };
        Collector { n_features, n_numbers, n_joint, clusters, sums }
    }

    /// Adds the units of a pattern.
    ///
    /// - `n_units`: how many they are; `kind`: their kind, where each unit is its own cluster.
    /// - `show`: calls what it is given with each unit and its features.
    pub fn add(
        &mut self,
        coefficients: &Coefficients,
        (n_units, kind): (usize, usize),
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
            Sums::Squares { by_kind, joint } if n_units < n_features => show(&mut |_, features| {
                coefficients.apply(features, &mut moved);
                by_kind[kind].add(columns, &moved);
                for (number, ours) in joints.iter().zip(&moved) {
                    joints.iter().zip(&moved).for_each(|(&l, theirs)| joint[(l, *number)] += ours * theirs);
                }
            }),
            Sums::Squares { by_kind, joint } => {
                let mut products = vec![0.0; n_features * n_features];
                let mut totals = vec![0.0; n_features];
                show(&mut |_, features| {
                    let rows = products.chunks_exact_mut(n_features).enumerate();
                    for (feature, (place, sums)) in
                        features.iter().zip(rows).filter(|(feature, _)| **feature != 0.0)
                    {
                        totals[place] += feature;
                        let below = sums[..=place].iter_mut().zip(features);
                        below.for_each(|(sum, other)| *sum += feature * other);
                    }
                });
                coefficients.apply(&totals, &mut moved);
                let of_kind = &mut by_kind[kind];
                columns.iter().zip(&moved).for_each(|(&number, moved)| of_kind.sums[number] += moved);
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
                        of_kind.squares[columns[k]] += own[k] * moved[k];
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
            Sums::Squares { by_kind, joint } => {
                let mut variances = vec![0.0; self.n_numbers];
                for kind in &by_kind {
                    variances.iter_mut().zip(&kind.squares).for_each(|(sum, squares)| *sum += squares);
                }
                Moved { variances, joint, kept: Kept::Kinds(by_kind) }
            }
            Sums::Rows(rows) => {
                let mut variances = vec![0.0; self.n_numbers];
                let mut joint = Mat::zeros(self.n_joint, self.n_joint);
                for row in rows.chunks_exact(self.n_numbers) {
                    variances.iter_mut().zip(row).for_each(|(sum, moved)| *sum += moved * moved);
                    for k in 0..self.n_joint {
                        (0..self.n_joint).for_each(|l| joint[(l, k)] += row[k] * row[l]);
                    }
                }
                Moved { variances, joint, kept: Kept::Rows(rows) }
            }
        }
    }
}

impl OfKind {
    fn add(&mut self, columns: &[usize], moved: &[f64]) {
        for (&number, moved) in columns.iter().zip(moved) {
            self.sums[number] += moved;
            self.squares[number] += moved * moved;
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

    /// By number that is moved, the sum of squared coefficients of some features.
    pub fn squares(&self, of: impl Fn(usize) -> bool) -> Vec<(usize, f64)> {
        let mut sums: Vec<(usize, f64)> = self.columns.iter().map(|&number| (number, 0.0)).collect();
        for (place, (from, to)) in self.spans.iter().enumerate().filter(|(place, _)| of(*place)) {
            let row = &self.row(place)[*from..*to];
            sums[*from..*to].iter_mut().zip(row).for_each(|((_, sum), own)| *sum += own * own);
        }
        sums
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
