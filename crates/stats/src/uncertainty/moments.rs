//! The second moments of all units' influences: what every variance and covariance follows from.
//!
//! A unit's influence on a number is a weighted sum of a few *features* of the unit, with weights that all units of
//! its part share: say its own outcomes by period, less its start's mean. So a matrix of features by features for each
//! part stands for all units at once: nothing here is units by units, nor, with many units, units by numbers.

use std::collections::BTreeMap;

use faer::Mat;

use super::parts::{Entry, Gram, Kind, Load, Members, Part};
use super::pooled::Pooled;
use super::portions::{Portion, law, variance};
use super::{Combination, Estimate, Law, Level, Spread, WhyUnknown};

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
        let count = Count { n_independent: n_units, n_spare: n_units - groups.len(), n_units };
        let parts = groups.iter().map(|units| Part {
            n_features: units.len(),
            gram: Gram::Units,
            sums: vec![1.0; units.len()],
            kind: Kind::Own,
            members: vec![Members { n: units.len(), holds: Vec::new() }],
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
        let Count { n_independent, n_spare, n_units } = count;
        Moments {
            parts,
            columns,
            loads,
            unknown,
            n_independent,
            n_spare,
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
    /// follow from how many units each start has; for two groups and two periods that is Welch's variance. With clusters,
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
        let shares = self.shares(&projected, &self.spreads(combination));
        let law = law(&shares, (self.n_independent, self.n_spare.max(1) as f64), level);
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
        let held = self.parts.iter().flat_map(|part| &part.members).flat_map(|members| &members.holds);
        let weights = held.map(|&(group, squares)| {
            let root = squares.sqrt();
            Mat::from_fn(loads.len(), pooled.nrows(), |k, t| root * load(k, (group, t)))
        });
        Some(Pooled::of(weights.collect(), pooled))
    }

    /// The variance part by part, each with its own degrees of freedom. Groups of one have no deviation of their own; where
    /// they serve within a larger comparison, their parts are taken together, with one degree less than there are of them.
    fn shares(&self, projected: &Projected, spreads: &[f64]) -> Vec<Portion> {
        let n_squared = self.n_units.powi(2);
        let most = self.n_spare.max(1) as f64;
        let mut shares = Vec::new();
        let (mut lone, mut n_lone) = (Portion { found: 0.0, expected: 0.0, df: 1.0 }, 0.0_f64);
        for (part, weights) in self.parts.iter().zip(&projected.by_part) {
            if let Gram::Clusters(clusters) = &part.gram {
                let own = clusters.shares(weights, spreads).into_iter();
                shares.extend(own.map(|one| Portion { found: one.found / n_squared, ..one }));
                continue;
            }
            let found = part.product(weights, weights) / n_squared;
            let expected: Vec<f64> = part.members.iter().map(|members| members.spread(spreads)).collect();
            if let [members] = &part.members[..] {
                let (n, expected) = (members.n as f64, expected[0]);
                if part.kind == Kind::Borrowed {
                    shares.push(Portion { found, expected, df: most });
                } else if members.n == 1 {
                    lone = Portion { found: lone.found + found, expected: lone.expected + expected, ..lone };
                    n_lone += 1.0;
                } else {
                    let sum: f64 = weights.iter().map(|(feature, weight)| part.sums[*feature] * weight).sum();
                    let of_mean = sum * sum / n / n_squared;
                    let found = (found - of_mean).max(0.0) * n / (n - 1.0) + of_mean;
                    shares.push(Portion { found, expected, df: n - 1.0 });
                }
                continue;
            }
            // Summed over unlike members: all that was found is raised by what their means take from all together.
            let left: Vec<f64> = part.members.iter().zip(&expected).map(|(of, e)| of.left() * e).collect();
            let (whole, all) = (expected.iter().sum::<f64>(), left.iter().sum::<f64>());
            if all <= 0.0 {
                lone = Portion { found: lone.found + found, expected: lone.expected + whole, ..lone };
                n_lone += part.members.len() as f64;
            }
            let told = part.members.iter().zip(left).filter(|(_, left)| *left > 0.0);
            let raised = found * whole / all;
            let of = |df, share: f64| Portion { found: raised * share, expected: whole * share, df };
            shares.extend(told.map(|(members, left)| of(members.n as f64 - 1.0, left / all)));
        }
        lone.df = (n_lone - 1.0).max(1.0);
        shares.push(lone);
        shares
    }
}
