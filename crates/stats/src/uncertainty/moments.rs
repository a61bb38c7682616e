//! The second moments of all units' influences: what every variance and covariance follows from.
//!
//! A unit's influence on a number is a weighted sum of a few *features* of the unit, with weights that all units of
//! its part share: say its own outcomes by period, less its start's mean. So a matrix of features by features for each
//! part stands for all units at once: nothing here is units by units, nor, with many units, units by numbers.

mod shares;

use std::collections::BTreeMap;

use faer::Mat;

use super::parts::{Entry, Gram, Kind, Load, Part};
use super::pooled::Pooled;
use super::portions::{degrees, law, variance};
use super::{Combination, Estimate, Independent, Law, Level, MUCH_RAISED, Members, Spread, WhyUnknown};

/// Second moments of influences, part by part.
#[derive(Clone, Debug)]
pub struct Moments {
    parts: Vec<Part>,
    /// By column, what it is made of.
    columns: Vec<Vec<Entry>>,
    /// By column, how it weighs outcomes; empty where that is not known.
    loads: Vec<Vec<Load>>,
    /// By column, why its spread cannot be told, if it cannot.
    unknown: Vec<Option<WhyUnknown>>,
    /// How many units or clusters vary independently.
    n_independent: usize,
    /// Those, less the groups whose means were estimated.
    n_spare: usize,
    /// How many those are worth, where some count for more than others.
    spare: f64,
    /// Groups below this start, all others are compared with those.
    n_started: usize,
    independent: Independent,
    /// Periods by periods, how outcomes of units vary about the means of their starts, in all starts together, where
    /// that is known.
    pooled: Option<Mat<f64>>,
    /// Influences are scaled so that a number is off by about their sum over this.
    n_units: f64,
}

/// How many units there are, in the senses that matter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub n_independent: usize,
    pub n_spare: usize,
    pub n_units: usize,
    /// How many groups, the first, start.
    pub n_started: usize,
    pub independent: Independent,
}

/// A combination as weights of features, by part.
#[derive(Clone, Debug)]
pub(crate) struct Projected {
    pub(super) by_part: Vec<Vec<(usize, f64)>>,
    unknown: Option<WhyUnknown>,
}

impl Moments {
    /// The moments of influences that are given unit by unit.
    /// - `groups`: rows of the units that count, by start. `columns`: by number, each row's influence on it; a unit in
    ///   no group does not count.
    ///
    /// It keeps units by numbers: for many units and numbers there are leaner ways.
    pub fn of_influences(groups: &[Vec<usize>], columns: &[Vec<f64>]) -> Self {
        let n_units = groups.iter().map(Vec::len).sum();
        let n_spare = n_units - groups.len();
        let (n_started, independent) = (groups.len(), Independent::Units);
        let count = Count { n_independent: n_units, n_spare, n_units, n_started, independent };
        let parts = groups.iter().map(|units| Part {
            n_features: units.len(),
            gram: Gram::Units,
            sums: vec![1.0; units.len()],
            kind: Kind::Own,
            members: vec![Members::even(units.len(), Vec::new())],
        });
        let entries = |influence: &Vec<f64>| {
            let places = groups.iter().enumerate().flat_map(|(part, units)| {
                units.iter().enumerate().map(move |(feature, unit)| (part, feature, *unit))
            });
            let entry = |(part, feature, unit): (usize, usize, usize)| Entry {
                part,
                feature,
                coefficient: influence[unit],
            };
            places.map(entry).collect()
        };
        let made = (columns.iter().map(entries).collect(), vec![Vec::new(); columns.len()]);
        Moments::new(parts.collect(), made, vec![None; columns.len()], count)
    }

    pub(crate) fn new(
        parts: Vec<Part>,
        (columns, loads): (Vec<Vec<Entry>>, Vec<Vec<Load>>),
        unknown: Vec<Option<WhyUnknown>>,
        count: Count,
    ) -> Self {
        let Count { n_independent, n_spare, n_units, n_started, independent } = count;
        let own = parts.iter().filter(|part| part.kind == Kind::Own).flat_map(|part| &part.members);
        let are_even = own.clone().all(Members::are_even);
        let spare = if are_even { n_spare as f64 } else { Members::spare(own).min(n_spare as f64) };
        Moments {
            parts,
            columns,
            loads,
            unknown,
            n_independent,
            n_spare,
            spare,
            n_started,
            independent,
            pooled: None,
            n_units: n_units as f64,
        }
    }

    /// The same, with how outcomes vary about the means of their starts, periods by periods.
    pub(crate) fn with_pooled(self, pooled: Option<Mat<f64>>) -> Self {
        Moments { pooled, ..self }
    }

    /// How many units, or clusters where there are such, vary independently of one another.
    pub fn n_independent(&self) -> usize {
        self.n_independent
    }

    /// Those, less the groups whose means were estimated.
    pub fn n_spare(&self) -> usize {
        self.n_spare
    }

    /// Whether all units, or clusters, count alike.
    fn are_even(&self) -> bool {
        self.own().flat_map(|part| &part.members).all(Members::are_even)
    }

    fn own(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.kind == Kind::Own)
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// By column, what it is made of.
    pub(crate) fn columns(&self) -> &[Vec<Entry>] {
        &self.columns
    }

    pub(crate) fn n_units(&self) -> f64 {
        self.n_units
    }

    /// The combination as weights of features.
    pub(crate) fn project(&self, combination: &Combination) -> Projected {
        let mut dense: Vec<Vec<f64>> = vec![Vec::new(); self.parts.len()];
        let mut unknown = None;
        for &(column, weight) in combination.terms().iter().filter(|(_, weight)| *weight != 0.0) {
            unknown = unknown.or(self.unknown[column]);
            for entry in &self.columns[column] {
                let features = &mut dense[entry.part];
                if features.is_empty() {
                    features.resize(self.parts[entry.part].n_features, 0.0);
                }
                features[entry.feature] += weight * entry.coefficient;
            }
        }
        let sparse =
            |features: Vec<f64>| features.into_iter().enumerate().filter(|(_, w)| *w != 0.0).collect();
        Projected { by_part: dense.into_iter().map(sparse).collect(), unknown }
    }

    /// Covariance of two projected combinations.
    pub(crate) fn covariance_of(&self, a: &Projected, b: &Projected) -> f64 {
        let parts = self.parts.iter().zip(&a.by_part).zip(&b.by_part);
        parts.map(|((part, a), b)| part.product(a, b)).sum::<f64>() / self.n_units.powi(2)
    }

    /// The matrix of covariances of several combinations, in the squared unit of the numbers.
    pub fn covariance(&self, combinations: &[Combination]) -> Mat<f64> {
        let projected: Vec<Projected> = combinations.iter().map(|one| self.project(one)).collect();
        let n = projected.len();
        let mut all = Mat::zeros(n, n);
        for i in 0..n {
            for j in 0..=i {
                let covariance = self.covariance_of(&projected[i], &projected[j]);
                (all[(i, j)], all[(j, i)]) = (covariance, covariance);
            }
        }
        all
    }

    /// Whether the spread of some of these cannot be estimated.
    pub fn is_unknown(&self, combinations: &[Combination]) -> bool {
        let mut terms = combinations.iter().flat_map(|one| one.terms());
        terms.any(|(column, weight)| *weight != 0.0 && self.unknown[*column].is_some())
    }

    /// A number with its spread.
    ///
    /// - `value`: the number. `combination`: what it is off by, in the columns' unit.
    /// - `noise`: what the outcome's size makes of rounding; a standard error not above it counts as no variation.
    ///
    /// `se` is the root of the sum of squared influences: a lone unit's own is 0. The error that is used adds what lone
    /// units borrow; where that is most of it, p is never below 1 / (1 + those it is borrowed from), as among stand-ins. With fewer than [`MANY_UNITS`](super::MANY_UNITS), or with a start of few, the law is Student's: with
    /// units, the variance is put together start by start, each part raised by n / (n - 1), with degrees of freedom that
    /// follow from how many units each start has, and how unequally they count; for two groups and two periods that is
    /// Welch's variance. No spread is known where one counts for nearly all of a side that makes most of it. With clusters,
    /// the variance is raised, and its degrees counted, as if units varied independently within clusters. Sources:
    /// Satterthwaite (1946), Biometrics Bulletin 2(6), 110-114; Bell and McCaffrey (2002), Survey Methodology 28(2),
    /// 169-181.
    pub fn estimate(&self, value: f64, combination: &Combination, level: Level, noise: f64) -> Estimate {
        let projected = self.project(combination);
        if let Some(why) = projected.unknown {
            return Estimate { value, spread: Spread::Unknown(why) };
        }
        let root = |of: &dyn Fn(&Part) -> bool| self.variance_in(&projected, of).max(0.0).sqrt();
        let (own, all) = (root(&|part| part.kind == Kind::Own), root(&|_| true));
        if all <= noise {
            return Estimate { value, spread: Spread::Unknown(WhyUnknown::NoVariation) };
        }
        let se = if own > noise { own } else { all };
        let spreads = self.spreads(combination);
        let are_even = self.are_even();
        if let Some(why) = (!are_even).then(|| self.carried(&projected, &spreads)).flatten() {
            return Estimate { value, spread: Spread::Unknown(why) };
        }
        let shares = self.shares(&projected, &spreads);
        let most = self.spare.max(1.0);
        let law = match law(&shares, (self.n_independent, most), level) {
            Law::Normal if !are_even && variance(&shares) > MUCH_RAISED * all * all => {
                Law::Student { df: degrees(&shares, most, level).1 }
            }
            law => law,
        };
        let used = if law == Law::Normal { all } else { variance(&shares).sqrt() };
        // All units of all starts in one cluster each, or the like.
        if !(used.is_finite() && used > noise) {
            return Estimate { value, spread: Spread::Unknown(WhyUnknown::OneClusterEach) };
        }
        let estimate = Estimate::known(value, se, (used, law), level);
        let is_mostly_borrowed = 2.0 * own * own < all * all;
        if is_mostly_borrowed { estimate.no_surer_than(self.n_spare as f64, level) } else { estimate }
    }

    /// The variance of a projected combination, as far as it is of some parts.
    fn variance_in(&self, projected: &Projected, of: &dyn Fn(&Part) -> bool) -> f64 {
        let parts = self.parts.iter().zip(&projected.by_part).filter(|(part, _)| of(part));
        parts.map(|(part, weights)| part.product(weights, weights)).sum::<f64>() / self.n_units.powi(2)
    }

    /// By group, what a unit would add to the variance, were all outcomes independent and equally spread.
    pub(super) fn spreads(&self, combination: &Combination) -> Vec<f64> {
        let mut spreads = Vec::new();
        for ((group, _), coefficient) in self.loads_of(combination) {
            if spreads.len() <= group {
                spreads.resize(group + 1, 0.0);
            }
            spreads[group] += coefficient.powi(2);
        }
        spreads
    }

    /// How a combination weighs outcomes, by group and period.
    fn loads_of(&self, combination: &Combination) -> BTreeMap<(usize, usize), f64> {
        let mut all = BTreeMap::new();
        for &(column, weight) in combination.terms().iter().filter(|(_, weight)| *weight != 0.0) {
            for load in &self.loads[column] {
                *all.entry((load.group, load.period)).or_default() +=
                    weight * load.coefficient / self.n_units;
            }
        }
        all
    }

    /// How several combinations vary, were units of all starts equally spread; `None` where how outcomes vary together is
    /// not known.
    pub(super) fn pooled(&self, combinations: &[Combination]) -> Option<Pooled> {
        let pooled = self.pooled.as_ref()?;
        let loads: Vec<_> = combinations.iter().map(|one| self.loads_of(one)).collect();
        let load = |k: usize, at: (usize, usize)| loads[k].get(&at).copied().unwrap_or_default();
        let held = self.parts.iter().flat_map(|part| &part.members).flat_map(Members::holds);
        let weights = held.map(|(group, squares)| {
            let root = squares.sqrt();
            Mat::from_fn(loads.len(), pooled.nrows(), |k, t| root * load(k, (group, t)))
        });
        Some(Pooled::of(weights.collect(), pooled))
    }
}
