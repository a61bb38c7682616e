//! Which units stand together, and how many such clusters there are.

use std::collections::BTreeMap;

use crate::panel::Panel;
use crate::uncertainty::{Estimate, Law, MANY_UNITS, Of};

use super::Keep;

/// The clusters of the units an analysis rests on.
#[derive(Clone, Debug)]
pub(crate) struct Clusters<'a> {
    of_unit: Option<&'a [usize]>,
    /// One more than the largest number.
    n_numbers: usize,
    /// The starts of each cluster's units; a cluster without units that count is absent.
    starts: BTreeMap<usize, Start>,
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
        Clusters { of_unit, n_numbers, starts }
    }

    /// The number of a unit's cluster.
    pub fn cluster(&self, unit: usize) -> usize {
        self.of_unit.map_or(unit, |clusters| clusters[unit])
    }

    /// How many there are.
    pub fn n(&self) -> usize {
        self.starts.len()
    }

    /// Whether they are too few for laws that hold for many.
    pub fn are_few(&self) -> bool {
        self.n() < MANY_UNITS
    }

    /// How what they move numbers by is to be summed.
    pub fn keep(&self) -> Keep {
        if self.are_few() || self.of_unit.is_some() { Keep::Rows(self.n_numbers) } else { Keep::Squares }
    }

    /// Clusters by the start of their units; those with different starts together.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups = BTreeMap::<Start, Vec<usize>>::new();
        self.starts.iter().for_each(|(cluster, start)| groups.entry(*start).or_default().push(*cluster));
        groups.into_values().collect()
    }

    /// A number with the spread that follows from what each of few clusters moves it by, put together start by start.
    ///
    /// - `groups`: see [`groups`](Self::groups). Each one's part is raised by n / (n - 1) for its n clusters; starts of
    ///   one are taken together, with one degree of freedom less than there are of them.
    ///
    /// For one start and two periods this is Welch's test. Degrees of freedom: Satterthwaite (1946), Biometrics
    /// Bulletin 2(6), 110-114.
    pub fn estimate(&self, (of, moved): (Of, &[f64]), groups: &[Vec<usize>]) -> Estimate {
        let (mut parts, mut lone, mut n_lone) = (Vec::new(), 0.0, 0.0_f64);
        for members in groups {
            let n = members.len() as f64;
            let mean = members.iter().map(|&cluster| moved[cluster]).sum::<f64>() / n;
            if members.len() == 1 {
                (lone, n_lone) = (lone + mean * mean, n_lone + 1.0);
                continue;
            }
            let squares: f64 = members.iter().map(|&cluster| (moved[cluster] - mean).powi(2)).sum();
            parts.push((squares * n / (n - 1.0) + n * mean * mean, n - 1.0));
        }
        parts.push((lone, (n_lone - 1.0).max(1.0)));
        let variance: f64 = parts.iter().map(|(part, _)| part).sum();
        let df = variance.powi(2) / parts.iter().map(|(part, df)| part.powi(2) / df).sum::<f64>();
        let most = (self.n() - groups.len()).max(1) as f64;
        of.with(variance.sqrt(), Law::Student { df: df.min(most) })
    }
}
