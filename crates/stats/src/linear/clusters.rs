//! Which units stand together, and how many such clusters there are.

use std::collections::BTreeMap;

use faer::Mat;

use crate::panel::Panel;
use crate::uncertainty::{Estimate, Law, MANY_UNITS, Of, Portion, WhyUnknown, law, variance};

use super::{Keep, Kept, Moved};

/// The clusters of the units an analysis rests on.
#[derive(Clone, Debug)]
pub(crate) struct Clusters<'a> {
    of_unit: Option<&'a [usize]>,
    /// One more than the largest number.
    n_numbers: usize,
    /// The starts of each cluster's units; a cluster without units that count is absent.
    starts: BTreeMap<usize, Start>,
    /// The starts there are, ascending, and by each its clusters; those with different starts together.
    kinds: Vec<Start>,
    groups: Vec<Vec<usize>>,
}

/// When the units of a cluster start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    /// All with the start at this place, or never.
    Same(Option<usize>),
    Different,
}

impl<'a> Clusters<'a> {
    /// - `units`: those that count, each with the place of its start.
    pub fn of(panel: &'a Panel, units: impl Iterator<Item = (usize, Option<usize>)>) -> Self {
        let of_unit = panel.clusters();
        let mut starts = BTreeMap::new();
        for (unit, start) in units {
            let own = Start::Same(start);
            let cluster = of_unit.map_or(unit, |clusters| clusters[unit]);
            let known = *starts.entry(cluster).or_insert(own);
            if known != own {
                starts.insert(cluster, Start::Different);
            }
        }
        let n_numbers = starts.last_key_value().map_or(0, |(cluster, _)| cluster + 1);
        let mut groups = BTreeMap::<Start, Vec<usize>>::new();
        starts.iter().for_each(|(cluster, start)| groups.entry(*start).or_default().push(*cluster));
        let (kinds, groups) = groups.into_iter().unzip();
        Clusters { of_unit, n_numbers, starts, kinds, groups }
    }

    /// The number of a unit's cluster.
    pub fn cluster(&self, unit: usize) -> usize {
        self.of_unit.map_or(unit, |clusters| clusters[unit])
    }

    /// How many there are.
    pub fn n(&self) -> usize {
        self.starts.len()
    }

    /// How many clusters hold units that start, and how many hold units that are compared with those.
    ///
    /// - `compared`: the start of the latter, `None` if they never start.
    pub fn sides(&self, compared: Option<usize>) -> (usize, usize) {
        let n = |of: &dyn Fn(&Start) -> bool| self.starts.values().filter(|start| of(start)).count();
        let own = Start::Same(compared);
        (n(&|start| *start != own), n(&|start| *start == own || *start == Start::Different))
    }

    /// Whether they are too few for laws that hold for many.
    pub fn are_few(&self) -> bool {
        self.n() < MANY_UNITS
    }

    /// How what they move numbers by is to be summed.
    pub fn keep(&self) -> Keep {
        if self.are_few() || self.of_unit.is_some() {
            Keep::Rows(self.n_numbers)
        } else {
            Keep::Squares(self.kinds.len())
        }
    }

    /// How many kinds there are: one for each start of whole clusters, and one for those with different starts.
    pub fn n_kinds(&self) -> usize {
        self.kinds.len()
    }

    /// By kind, the sum of some units' squared weights.
    pub fn held<'b>(&self, panel: &Panel, units: impl Iterator<Item = &'b usize>) -> Vec<f64> {
        let mut held = vec![0.0; self.kinds.len()];
        for &unit in units {
            let start = self.starts.get(&self.cluster(unit));
            let kind = start.and_then(|start| self.kinds.binary_search(start).ok());
            kind.into_iter().for_each(|kind| held[kind] += panel.weight(unit).powi(2));
        }
        held
    }

    /// The kind of units of one start, where each unit is its own cluster.
    pub fn kind_of(&self, start: Option<usize>) -> usize {
        self.kinds.binary_search(&Start::Same(start)).unwrap_or(0)
    }

    /// The variance of a number kind by kind, each part raised by n / (n - 1) for its n clusters; kinds of one are taken
    /// together, with one degree of freedom less than there are of them.
    ///
    /// - `number`: its place among `n_numbers`. `expected`: by kind, what its part would be, were outcomes independent and
    ///   equally spread.
    ///
    /// No answer where all units of a start are in one cluster: nothing is left of it.
    pub fn shares(
        &self,
        moved: &Moved,
        (number, n_numbers): (usize, usize),
        expected: &[f64],
    ) -> Result<Vec<Portion>, WhyUnknown> {
        let (mut shares, mut lone, mut n_lone) =
            (Vec::new(), Portion { found: 0.0, expected: 0.0, df: 1.0 }, 0.0_f64);
        let whole: f64 = expected.iter().sum();
        for (kind, members) in self.groups.iter().enumerate() {
            let (sum, squares) = match &moved.kept {
                Kept::Kinds(kinds) => (kinds[kind].sums[number], kinds[kind].squares[number]),
                Kept::Rows(rows) => {
                    let own = members.iter().map(|&cluster| rows[cluster * n_numbers + number]);
                    own.fold((0.0, 0.0), |(sum, squares), moved| (sum + moved, squares + moved * moved))
                }
            };
            let (n, expected) = (members.len() as f64, expected[kind]);
            if members.len() > 1 {
                let of_mean = sum * sum / n;
                let found = (squares - of_mean).max(0.0) * n / (n - 1.0) + of_mean;
                shares.push(Portion { found, expected, df: n - 1.0 });
                continue;
            }
            let is_enclosed = self.of_unit.is_some() && self.starts[&members[0]] != Start::Different;
            if is_enclosed && expected > 1e-9 * whole {
                return Err(WhyUnknown::OneClusterEach);
            }
            (lone.found, lone.expected, n_lone) =
                (lone.found + squares, lone.expected + expected, n_lone + 1.0);
        }
        lone.df = (n_lone - 1.0).max(1.0);
        shares.push(lone);
        Ok(shares)
    }

    /// How many each kind has.
    pub fn sizes(&self) -> Vec<usize> {
        self.groups.iter().map(Vec::len).collect()
    }

    /// Whether clusters were named, each unit else being its own.
    pub fn are_named(&self) -> bool {
        self.of_unit.is_some()
    }

    /// Products of the first `n` of `n_numbers` numbers kind by kind, each raised by n / (n - 1) for its n clusters, with
    /// its degrees of freedom; for clusters that were named.
    ///
    /// - `concerns`: by kind, whether those numbers weigh it at all.
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
        for (_, members) in self.groups.iter().enumerate().filter(|(kind, _)| concerns(*kind)) {
            let is_enclosed = members.len() == 1 && self.starts[&members[0]] != Start::Different;
            if is_enclosed {
                return None;
            }
            let own = || members.iter().map(|&cluster| &rows[cluster * n_numbers..][..n]);
            let size = members.len() as f64;
            let mean = |k: usize| own().map(|row| row[k]).sum::<f64>() / size;
            let means: Vec<f64> = (0..n).map(mean).collect();
            let raise = if members.len() > 1 { size / (size - 1.0) } else { 1.0 };
            let product = |i: usize, j: usize| {
                let all: f64 = own().map(|row| row[i] * row[j]).sum();
                let of_means = size * means[i] * means[j];
                (all - of_means) * raise + of_means
            };
            products.push((Mat::from_fn(n, n, product), (size - 1.0).max(1.0)));
        }
        Some(products)
    }

    /// A number with the spread that its shares add up to.
    ///
    /// - `many`: the error and law with many clusters in each start.
    ///
    /// For one start and two periods the variance is Welch's.
    pub fn estimate(&self, of: Of, shares: &[Portion], many: (f64, Law)) -> Estimate {
        let most = self.n().saturating_sub(self.kinds.len()).max(1) as f64;
        match law(shares, (self.n(), most), of.level) {
            Law::Normal => of.with(many.0, many.1),
            few => of.with(variance(shares).sqrt(), few),
        }
    }

    /// Why nothing tells how far one of them would have moved a number.
    pub fn alone(&self) -> WhyUnknown {
        if self.of_unit.is_some() { WhyUnknown::OneClusterEach } else { WhyUnknown::OneUnitEach }
    }
}
