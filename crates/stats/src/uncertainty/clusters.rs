//! Variances from few clusters, whose units may be of several starts.

use faer::{Mat, Side};

use super::Portion;

/// What each cluster's units of one start add up to: the rows that features are numbered by.
#[derive(Clone, Debug)]
pub(crate) struct FewClusters {
    /// By row: its cluster, its start's group, and how many units it holds.
    rows: Vec<Held>,
    n_clusters: usize,
    /// By group, how many units it has.
    n_by_group: Vec<usize>,
}

/// A cluster's units of one start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub cluster: usize,
    pub group: usize,
    pub n_units: usize,
}

impl FewClusters {
    pub fn new(rows: Vec<Held>, n_clusters: usize) -> Self {
        let n_groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0);
        let mut n_by_group = vec![0; n_groups];
        rows.iter().for_each(|row| n_by_group[row.group] += row.n_units);
        FewClusters { rows, n_clusters, n_by_group }
    }

    /// The sum over clusters of products of two numbers' sums within the cluster.
    pub fn product(&self, a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
        let (a, b) = (self.by_cluster(a), self.by_cluster(b));
        a.iter().zip(&b).map(|(a, b)| a * b).sum()
    }

    fn by_cluster(&self, weights: &[(usize, f64)]) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_clusters];
        weights.iter().for_each(|(row, weight)| sums[self.rows[*row].cluster] += weight);
        sums
    }

    /// The variance of a number, times the squared number of units, with its degrees of freedom.
    ///
    /// - `spreads`: by group, the variance each unit adds if all units are equally spread; where empty, what the rows of
    ///   a start say it is.
    ///
    /// Were units independent, each with its start's variance, the sums within clusters would vary with a matrix that
    /// follows from how many units of each start each cluster holds. The variance is raised by what that matrix loses
    /// of the whole, and its law is that of a sum of squares with that matrix. Of a start inside one cluster nothing is
    /// left: what it borrows instead is a part of its own.
    pub(super) fn shares(&self, weights: &[(usize, f64)], spreads: &[f64]) -> Vec<Portion> {
        let groups = self.groups(weights, spreads);
        let n = self.n_clusters;
        let mut spread = Mat::<f64>::zeros(n, n);
        for a in &self.rows {
            let group = &groups[a.group];
            let share = a.n_units as f64 / group.n_units;
            spread[(a.cluster, a.cluster)] += group.variance * a.n_units as f64;
            for b in self.rows.iter().filter(|b| b.group == a.group) {
                spread[(a.cluster, b.cluster)] -= group.variance * share * b.n_units as f64;
            }
        }
        let trace: f64 = (0..n).map(|cluster| spread[(cluster, cluster)]).sum();
        let whole: f64 = groups.iter().map(|group| group.variance * group.n_units).sum();
        let found: f64 = self.by_cluster(weights).iter().map(|sum| sum.powi(2)).sum();
        let raised = if trace > 0.0 { found * whole / trace } else { found };
        let roots: Vec<f64> = match spread.self_adjoint_eigen(Side::Lower) {
            Ok(eigen) if trace > 0.0 => (0..n).map(|k| eigen.S().column_vector()[k]).collect(),
            _ => vec![1.0],
        };
        let scale = whole / trace.max(f64::MIN_POSITIVE);
        let share = |(k, root): (usize, f64)| {
            let found = if k == 0 { raised } else { 0.0 };
            Portion { found, expected: root.max(0.0) * scale, df: 1.0 }
        };
        roots.into_iter().enumerate().map(share).collect()
    }

    /// What each start's rows say of its variance.
    fn groups(&self, weights: &[(usize, f64)], spreads: &[f64]) -> Vec<Spread> {
        let mut groups: Vec<Spread> = self.n_by_group.iter().map(|n| Spread::of(*n)).collect();
        let mut clusters = vec![None; groups.len()];
        for row in &self.rows {
            let group = &mut groups[row.group];
            group.is_enclosed &= *clusters[row.group].get_or_insert(row.cluster) == row.cluster;
            group.within += row.n_units as f64 * (1.0 - row.n_units as f64 / group.n_units);
        }
        for (row, weight) in weights {
            groups[self.rows[*row].group].squares += weight.powi(2);
        }
        let is_even = spreads.iter().any(|spread| *spread > 0.0);
        for (place, group) in groups.iter_mut().enumerate() {
            group.variance = match group.is_enclosed {
                true => 0.0,
                false if is_even => spreads.get(place).copied().unwrap_or(0.0),
                false => group.squares / group.within,
            };
        }
        groups
    }
}

/// The variance of one start's units.
struct Spread {
    n_units: f64,
    /// All its units are in one cluster.
    is_enclosed: bool,
    squares: f64,
    /// Units, less what their mean takes away.
    within: f64,
    variance: f64,
}

impl Spread {
    fn of(n_units: usize) -> Self {
        Spread { n_units: n_units as f64, is_enclosed: true, squares: 0.0, within: 0.0, variance: 0.0 }
    }
}
