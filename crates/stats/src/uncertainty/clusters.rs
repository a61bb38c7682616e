//! Variances from few clusters, whose units may be of several starts.

use faer::{Mat, Side};

use super::{Counts, Members, Portion};

/// What each cluster's units of one start add up to: the rows that features are numbered by.
#[derive(Clone, Debug)]
pub(crate) struct FewClusters {
    /// By row: its cluster, its start's group, and how many units it holds.
    rows: Vec<Held>,
    n_clusters: usize,
    /// By group, how many units it has.
    n_by_group: Vec<usize>,
    /// By row, what is held of its group; empty where all hold the same.
    shares: Vec<f64>,
}

/// A cluster's units of one start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub cluster: usize,
    pub group: usize,
    pub n_units: usize,
    /// The sum of their weights.
    pub size: f64,
}

impl FewClusters {
    pub fn new(rows: Vec<Held>, n_clusters: usize) -> Self {
        let n_groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0);
        let mut n_by_group = vec![0; n_groups];
        rows.iter().for_each(|row| n_by_group[row.group] += row.n_units);
        let is_even = rows.iter().all(|row| (row.n_units, row.size) == (rows[0].n_units, rows[0].size));
        let mut sizes = vec![0.0; n_groups];
        rows.iter().for_each(|row| sizes[row.group] += row.size);
        let share = |row: &Held| row.size / sizes[row.group];
        let shares = if is_even { Vec::new() } else { rows.iter().map(share).collect() };
        FewClusters { rows, n_clusters, n_by_group, shares }
    }

    /// By kind of cluster, what each holds.
    pub fn members(&self) -> Vec<Members> {
        let of =
            |row: &Held| Counts { member: row.cluster, group: row.group, size: row.size, pull: row.size };
        Members::by_kind(&self.rows.iter().map(of).collect::<Vec<_>>())
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
    /// follows from how many units of each start each cluster holds. Where clusters hold unequal numbers, or units
    /// unequal weights, what a cluster holds of a start is taken to move together instead: the more careful. The variance
    /// is raised by what that matrix loses of the whole, and its law is that of a sum of squares with that matrix. Of a start inside one cluster nothing is
    /// left: what it borrows instead is a part of its own.
    pub(super) fn shares(&self, weights: &[(usize, f64)], spreads: &[f64]) -> Vec<Portion> {
        let groups = self.groups(weights, spreads);
        let n = self.n_clusters;
        let mut spread = Mat::<f64>::zeros(n, n);
        if !self.shares.is_empty() {
            spread = self.together(&groups);
        }
        for a in self.rows.iter().filter(|_| self.shares.is_empty()) {
            let group = &groups[a.group];
            let share = a.n_units as f64 / group.n_units;
            spread[(a.cluster, a.cluster)] += group.variance * a.n_units as f64;
            for b in self.rows.iter().filter(|b| b.group == a.group) {
                spread[(a.cluster, b.cluster)] -= group.variance * share * b.n_units as f64;
            }
        }
        let trace: f64 = (0..n).map(|cluster| spread[(cluster, cluster)]).sum();
        let whole: f64 = match self.shares.is_empty() {
            true => groups.iter().map(|group| group.variance * group.n_units).sum(),
            false => self.rows.iter().map(|row| groups[row.group].variance * row.size.powi(2)).sum(),
        };
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

    /// The matrix of the sums within clusters, where all that a cluster holds of a start moves together.
    fn together(&self, groups: &[Spread]) -> Mat<f64> {
        let squares = self.squares();
        let mut spread = Mat::<f64>::zeros(self.n_clusters, self.n_clusters);
        for (a, p) in self.rows.iter().zip(&self.shares) {
            for (b, q) in self.rows.iter().zip(&self.shares).filter(|(b, _)| b.group == a.group) {
                let same = f64::from(u8::from(a.cluster == b.cluster));
                let about = same - p - q + squares[a.group];
                spread[(a.cluster, b.cluster)] += groups[a.group].variance * a.size * b.size * about;
            }
        }
        spread
    }

    /// By group, the sum of its rows' squared shares.
    fn squares(&self) -> Vec<f64> {
        let mut squares = vec![0.0; self.n_by_group.len()];
        self.rows.iter().zip(&self.shares).for_each(|(row, share)| squares[row.group] += share.powi(2));
        squares
    }

    /// What each start's rows say of its variance.
    fn groups(&self, weights: &[(usize, f64)], spreads: &[f64]) -> Vec<Spread> {
        let mut groups: Vec<Spread> = self.n_by_group.iter().map(|n| Spread::of(*n)).collect();
        let mut clusters = vec![None; groups.len()];
        let squares = self.squares();
        for (place, row) in self.rows.iter().enumerate() {
            let group = &mut groups[row.group];
            group.is_enclosed &= *clusters[row.group].get_or_insert(row.cluster) == row.cluster;
            group.within += match self.shares.get(place) {
                None => row.n_units as f64 * (1.0 - row.n_units as f64 / group.n_units),
                Some(p) => row.size.powi(2) * (1.0 - 2.0 * p + squares[row.group]),
            };
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
