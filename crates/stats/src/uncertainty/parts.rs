//! Parts: units whose influences are features with common weights.

use super::{FewClusters, Members};

/// Units whose features share one matrix.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub n_features: usize,
    pub gram: Gram,
    /// By feature, the sum over its units.
    pub sums: Vec<f64>,
    pub kind: Kind,
    /// Members that vary independently, by what they hold; more than one where features are summed over unlike ones.
    pub members: Vec<Members>,
}

/// Sums of products of features.
#[derive(Clone, Debug)]
pub(crate) enum Gram {
    /// Features by features, row by row.
    Full(Vec<f64>),
    /// Each feature is one unit's influence itself.
    Units,
    /// Each feature is the sum of the influences of a cluster's units of one start.
    Clusters(FewClusters),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Units for themselves.
    Own,
    /// What a lone unit, or a start inside one cluster, borrows.
    Borrowed,
}

/// A share of one feature in a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub part: usize,
    pub feature: usize,
    pub coefficient: f64,
}

/// How a column weighs the outcomes of all units of a group in one period, each unit's weight apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub group: usize,
    pub period: usize,
    pub coefficient: f64,
}

impl Part {
    /// The sum of products of two weighted sums of features over the units.
    pub(super) fn product(&self, a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
        match &self.gram {
            Gram::Full(gram) => {
                let row = |feature: usize| &gram[feature * self.n_features..][..self.n_features];
                let along = |row: &[f64]| b.iter().map(|(other, weight)| row[*other] * weight).sum::<f64>();
                a.iter().map(|(feature, weight)| weight * along(row(*feature))).sum()
            }
            Gram::Units => {
                let mut all = vec![0.0; self.n_features];
                b.iter().for_each(|(feature, weight)| all[*feature] = *weight);
                a.iter().map(|(feature, weight)| weight * all[*feature]).sum()
            }
            Gram::Clusters(clusters) => clusters.product(a, b),
        }
    }
}
