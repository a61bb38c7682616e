//! The variance of a number by kinds of clusters.

use faer::Mat;

use super::{Block, Clusters, Mean};
use crate::linear::{Kept, Moved};
use crate::uncertainty::{
    Estimate, Independent, Law, MUCH_RAISED, Members, Of, Portion, Side, WhyUnknown, carried, degrees, law,
    variance,
};

impl Clusters<'_> {
    /// The variance of a number kind by kind, each part raised by what its clusters' means take of it (by n / (n - 1) among
    /// n that hold alike); kinds of one are taken together, with one degree of freedom less than there are of them.
    ///
    /// - `number`: its place among `n_numbers`. `expected`: by block, what its part would be, were outcomes equally spread,
    ///   and those of one cluster and start to move together.
    ///
    /// No answer where all units of a start are in one cluster, or as good as all: nothing is left of it.
    pub fn shares(
        &self,
        moved: &Moved,
        (number, n_numbers): (usize, usize),
        expected: &[f64],
    ) -> Result<Vec<Portion>, WhyUnknown> {
        let (mut shares, mut lone, mut n_lone) =
            (Vec::new(), Portion { found: 0.0, expected: 0.0, df: 1.0 }, 0.0_f64);
        let whole: f64 = expected.iter().sum();
        let enclosed = self.blocks.iter().zip(expected).filter(|(block, _)| block.is_enclosed);
        if enclosed.map(|(_, own)| own).sum::<f64>() > 1e-9 * whole {
            return Err(WhyUnknown::InOneCluster);
        }
        let of_one = self.of_one(expected);
        if let Some(why) = self.carried(&of_one) {
            return Err(why);
        }
        for (kind, clusters) in self.groups.iter().enumerate() {
            let (sum, squares) = match &moved.kept {
                Kept::Kinds(kinds) => (kinds[kind].sums[number], kinds[kind].squares[number]),
                Kept::Rows(rows) => {
                    let own = clusters.iter().map(|&cluster| rows[cluster * n_numbers + number]);
                    own.fold((0.0, 0.0), |(sum, squares), moved| (sum + moved, squares + moved * moved))
                }
            };
            let own = self.blocks.iter().zip(expected).filter(|(block, _)| block.kind == kind);
            let (members, expected) = (&self.members[kind], own.map(|(_, own)| own).sum::<f64>());
            if clusters.len() > 1 {
                let of_mean = if self.sums_to_nothing(kind) { 0.0 } else { sum * sum / members.effective() };
                let found = members.raised((squares - of_mean).max(0.0), &of_one[kind]) + of_mean;
                shares.push(Portion { found, expected, df: members.df(&of_one[kind]) });
                continue;
            }
            let found = if members.are_even() { squares } else { members.raised(squares, &of_one[kind]) };
            (lone.found, lone.expected, n_lone) =
                (lone.found + found, lone.expected + expected, n_lone + 1.0);
        }
        lone.df = (n_lone - 1.0).max(1.0);
        shares.push(lone);
        Ok(shares)
    }

    /// Whether what a kind's clusters move a number by would sum to nothing but for their weights: deviations from a mean by
    /// squared weights do not, and their sum is spread, not what all have in common.
    fn sums_to_nothing(&self, kind: usize) -> bool {
        let starts = |block: &Block| block.kind == kind && block.side == Side::Started;
        self.mean == Mean::ByWeightTwice && !self.members[kind].are_even() && self.blocks.iter().any(starts)
    }

    /// By kind and start, what one cluster that holds a weight of 1 of it adds to a variance.
    fn of_one(&self, expected: &[f64]) -> Vec<Vec<f64>> {
        let n_starts = self.blocks.iter().map(|block| block.start + 1).max().unwrap_or(0);
        let mut of_one = vec![vec![0.0; n_starts]; self.groups.len()];
        for (block, expected) in self.blocks.iter().zip(expected) {
            of_one[block.kind][block.start] = expected / block.squares;
        }
        of_one
    }

    /// Why a number rests mostly on a side that one carries almost alone, if it does.
    fn carried(&self, of_one: &[Vec<f64>]) -> Option<WhyUnknown> {
        if self.members.iter().all(Members::are_even) {
            return None;
        }
        let side =
            |start: usize| self.blocks.iter().find(|block| block.start == start).map(|block| block.side);
        let parts = self.members.iter().zip(of_one).flat_map(|(members, of_one)| members.carriers(of_one));
        let of = if self.are_named() { Independent::Clusters } else { Independent::Units };
        carried(parts.filter_map(|(start, part, largest)| Some((side(start)?, part, largest))), of)
    }

    /// By kind, what its units or clusters are worth.
    pub fn members(&self) -> &[Members] {
        &self.members
    }

    /// Whether clusters were named, each unit else being its own.
    pub fn are_named(&self) -> bool {
        self.of_unit.is_some()
    }

    /// Products of the first `n` of `n_numbers` numbers kind by kind, each raised as [`shares`](Self::shares) are, with its
    /// degrees of freedom; for clusters that were named.
    ///
    /// - `concerns`: by block, whether those numbers weigh it at all.
    ///
    /// No answer where all units of a start are in one cluster: nothing is left of it.
    pub fn products(
        &self,
        moved: &Moved,
        (n, n_numbers): (usize, usize),
        concerns: impl Fn(usize) -> bool,
    ) -> Option<Vec<(Mat<f64>, f64)>> {
        let Kept::Rows(rows) = &moved.kept else { return None };
        let mut products = Vec::new();
        if self.blocks.iter().enumerate().any(|(place, block)| block.is_enclosed && concerns(place)) {
            return None;
        }
        for (kind, clusters) in self.groups.iter().enumerate() {
            let own = || (0..self.blocks.len()).filter(|&place| self.blocks[place].kind == kind);
            if !own().any(&concerns) {
                continue;
            }
            // Each start's mean is by its own weights.
            let mut of_one = vec![0.0; self.blocks.len()];
            own().for_each(|place| of_one[self.blocks[place].start] = 1.0 / self.blocks[place].squares);
            let members = &self.members[kind];
            let row = |cluster: usize| &rows[cluster * n_numbers..][..n];
            let size = members.effective();
            let mean = |k: usize| clusters.iter().map(|&cluster| row(cluster)[k]).sum::<f64>() / size;
            let means: Vec<f64> = (0..n).map(mean).collect();
            let product = |i: usize, j: usize| {
                let all: f64 = clusters.iter().map(|&cluster| row(cluster)[i] * row(cluster)[j]).sum();
                let of_means = size * means[i] * means[j];
                let left = all - of_means;
                (if clusters.len() > 1 { members.raised(left, &of_one) } else { left }) + of_means
            };
            products.push((Mat::from_fn(n, n, product), members.df(&of_one)));
        }
        Some(products)
    }

    /// A number with the spread that its shares add up to.
    ///
    /// - `many`: the error and law with many clusters in each start.
    ///
    /// For one start and two periods the variance is Welch's.
    pub fn estimate(&self, of: Of, shares: &[Portion], many: (f64, Law)) -> Estimate {
        let spare = self.n().saturating_sub(self.groups.len()).max(1) as f64;
        let are_even = self.members.iter().all(Members::are_even);
        let most = if are_even { spare } else { Members::spare(self.members.iter()).clamp(1.0, spare) };
        match law(shares, (self.n(), most), of.level) {
            Law::Normal if !are_even && variance(shares) > MUCH_RAISED * many.0 * many.0 => {
                of.with(variance(shares).sqrt(), Law::Student { df: degrees(shares, most, of.level).1 })
            }
            Law::Normal => of.with(many.0, many.1),
            few => of.with(variance(shares).sqrt(), few),
        }
    }
}
