//! Each unit's influence on an estimate, and the variance that follows from it.
//!
//! One dense column a number: nothing here is units by units. A group of one unit has no spread of its own; it
//! borrows that of units which share a start, in a second column, so that sums over estimates stay exact.

use std::collections::BTreeMap;

/// Each unit's influence on one number: the number is off by about the mean of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// Units.
    own: Vec<f64>,
    /// By lone unit, what the deviations of the lending units make of its influence (units).
    borrowed: BTreeMap<usize, Vec<f64>>,
    /// Some lone unit found nobody to borrow from.
    unknown: bool,
}

/// The units that count, by start: what variances are put together from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    members: Vec<Vec<usize>>,
    n_units: usize,
}

/// A variance put together start by start, with its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FewUnits {
    pub variance: f64,
    pub df: f64,
}

impl Groups {
    /// Groups of units (rows); a unit that is in none does not count.
    pub fn new(members: Vec<Vec<usize>>) -> Self {
        let members: Vec<Vec<usize>> = members.into_iter().filter(|group| !group.is_empty()).collect();
        let n_units = members.iter().map(Vec::len).sum();
        Groups { members, n_units }
    }

    /// How many units count.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// The groups' members.
    pub fn members(&self) -> &[Vec<usize>] {
        &self.members
    }

    /// Units less groups: what is left to estimate spread from.
    pub fn n_spare(&self) -> usize {
        self.n_units - self.members.len()
    }
}

impl Influence {
    /// No influence of any of `n_rows` units.
    pub fn none(n_rows: usize) -> Self {
        Influence { own: vec![0.0; n_rows], borrowed: BTreeMap::new(), unknown: false }
    }

    /// Whether a lone unit's part could not be estimated.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// The units whose spread was borrowed.
    pub fn lone_units(&self) -> impl Iterator<Item = usize> {
        self.borrowed.keys().copied()
    }

    /// Each unit's influence, without what lone units borrow.
    pub fn own(&self) -> &[f64] {
        &self.own
    }

    /// Adds to one unit's influence.
    pub(crate) fn add_to_unit(&mut self, unit: usize, influence: f64) {
        self.own[unit] += influence;
    }

    /// Lets a lone unit borrow `deviations` (units), or, with `None`, marks its part as unknown.
    pub(crate) fn borrow_for(&mut self, unit: usize, deviations: Option<Vec<f64>>) {
        match deviations {
            Some(deviations) => drop(self.borrowed.insert(unit, deviations)),
            None => self.unknown = true,
        }
    }

    /// Adds `weight` times another number's influence.
    pub fn add(&mut self, weight: f64, other: &Influence) {
        add_scaled(&mut self.own, weight, &other.own);
        for (unit, deviations) in &other.borrowed {
            let own = self.borrowed.entry(*unit).or_insert_with(|| vec![0.0; deviations.len()]);
            add_scaled(own, weight, deviations);
        }
        self.unknown |= other.unknown && weight != 0.0;
    }

    /// Covariance of two numbers: the sum of products of influences over the squared number of units.
    pub fn covariance(&self, other: &Influence, groups: &Groups) -> f64 {
        let borrowed =
            self.borrowed.iter().filter_map(|(unit, ours)| Some((ours, other.borrowed.get(unit)?)));
        let products =
            dot(&self.own, &other.own) + borrowed.map(|(ours, theirs)| dot(ours, theirs)).sum::<f64>();
        products / (groups.n_units() as f64).powi(2)
    }

    /// The variance put together start by start, each with its own degrees of freedom.
    ///
    /// Groups of one have no deviation of their own; where they serve within a larger comparison, their parts are
    /// taken together, with one degree of freedom less than there are of them.
    pub(super) fn few_units(&self, groups: &Groups) -> FewUnits {
        let n_squared = (groups.n_units() as f64).powi(2);
        let mut parts: Vec<(f64, f64)> = Vec::new();
        let (mut lone, mut n_lone) = (0.0, 0.0_f64);
        for members in groups.members() {
            let n = members.len() as f64;
            let mean = members.iter().map(|&unit| self.own[unit]).sum::<f64>() / n;
            let squares: f64 = members.iter().map(|&unit| (self.own[unit] - mean).powi(2)).sum();
            if members.len() == 1 {
                lone += mean.powi(2) / n_squared;
                n_lone += 1.0;
            } else {
                parts.push(((squares * n / (n - 1.0) + n * mean.powi(2)) / n_squared, n - 1.0));
            }
        }
        parts.push((lone, (n_lone - 1.0).max(1.0)));
        let borrowed: f64 = self.borrowed.values().map(|deviations| dot(deviations, deviations)).sum();
        parts.push((borrowed / n_squared, groups.n_spare().max(1) as f64));
        let variance: f64 = parts.iter().map(|(part, _)| part).sum();
        let df = variance.powi(2) / parts.iter().map(|(part, df)| part.powi(2) / df).sum::<f64>();
        // Lenders also stand for themselves, so the parts are not independent: never more than all have together.
        FewUnits { variance, df: df.min(groups.n_spare().max(1) as f64) }
    }
}

fn add_scaled(sum: &mut [f64], weight: f64, other: &[f64]) {
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += weight * other;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
