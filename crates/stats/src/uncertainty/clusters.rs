//! Variances from few clusters, whose units may be of several starts.

use super::moments::FewUnits;

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

    /// The variance of a number and its degrees of freedom, times the squared number of units.
    ///
    /// Were units independent, each with its start's variance, the sums within clusters would vary with a matrix that
    /// follows from how many units of each start each cluster holds. The variance is raised by what that matrix loses
    /// of the whole, and its degrees of freedom are those of a sum of squares with that matrix. A start inside one
    /// cluster has no sums to compare: its units, a row each, stand for themselves.
    pub(super) fn few(&self, weights: &[(usize, f64)]) -> FewUnits {
        let groups = self.groups(weights);
        let n = self.n_clusters;
        let mut spread = vec![0.0; n * n];
        for a in &self.rows {
            let group = &groups[a.group];
            let share = a.n_units as f64 / group.n_units;
            spread[a.cluster * n + a.cluster] += group.variance * a.n_units as f64;
            for b in self.rows.iter().filter(|b| b.group == a.group) {
                spread[a.cluster * n + b.cluster] -= group.variance * share * b.n_units as f64;
            }
        }
        let trace: f64 = (0..n).map(|cluster| spread[cluster * n + cluster]).sum();
        let squared: f64 = spread.iter().map(|x| x * x).sum();
        let whole: f64 = groups.iter().map(|group| group.variance * group.n_units).sum();
        let found: f64 = self.by_cluster(weights).iter().map(|sum| sum.powi(2)).sum();
        let mut parts = Vec::new();
        if trace > 0.0 {
            parts.push((found * whole / trace, trace.powi(2) / squared));
        }
        let enclosed = groups.iter().filter(|group| group.is_enclosed && group.n_units > 1.0);
        parts.extend(enclosed.map(|group| {
            let df = group.n_units - 1.0;
            (group.squares * group.n_units / df, df)
        }));
        let variance: f64 = parts.iter().map(|(part, _)| part).sum();
        let df = variance.powi(2) / parts.iter().map(|(part, df)| part.powi(2) / df).sum::<f64>();
        FewUnits { variance, df }
    }

    /// What each start's rows say of its variance.
    fn groups(&self, weights: &[(usize, f64)]) -> Vec<Spread> {
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
        for group in &mut groups {
            group.variance = if group.is_enclosed { 0.0 } else { group.squares / group.within };
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
