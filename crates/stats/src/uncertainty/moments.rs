//! The second moments of all units' influences: what every variance and covariance follows from.
//!
//! A unit's influence on a number is a weighted sum of a few *features* of the unit, with weights that all units of
//! its part share: say its own outcomes by period, less its start's mean. So a matrix of features by features for each
//! part stands for all units at once: nothing here is units by units, nor, with many units, units by numbers.

use faer::Mat;

use super::{Combination, Estimate, FewClusters, Law, Level, MANY_UNITS, Spread, WhyUnknown};

/// Second moments of influences, part by part.
#[derive(Clone, Debug)]
pub struct Moments {
    parts: Vec<Part>,
    /// By column, what it is made of.
    columns: Vec<Vec<Entry>>,
    /// By column, why its spread cannot be told, if it cannot.
    unknown: Vec<Option<WhyUnknown>>,
    /// How many units or clusters vary independently.
    n_independent: usize,
    /// Those, less the groups whose means were estimated.
    n_spare: usize,
    /// Influences are scaled so that a number is off by about their sum over this.
    n_units: f64,
}

/// Units whose features share one matrix.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub n_features: usize,
    pub gram: Gram,
    /// By feature, the sum over its units.
    pub sums: Vec<f64>,
    pub n_members: usize,
    pub kind: Kind,
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
    /// What a lone unit borrows.
    Borrowed,
}

/// A share of one feature in a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub part: usize,
    pub feature: usize,
    pub coefficient: f64,
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

/// A variance fit for few units, with its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FewUnits {
    pub variance: f64,
    pub df: f64,
}

impl Moments {
    /// The moments of influences that are given unit by unit.
    ///
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
            n_members: units.len(),
            kind: Kind::Own,
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
        Moments::new(parts.collect(), columns.iter().map(entries).collect(), vec![None; columns.len()], count)
    }

    pub(crate) fn new(
        parts: Vec<Part>,
        columns: Vec<Vec<Entry>>,
        unknown: Vec<Option<WhyUnknown>>,
        count: Count,
    ) -> Self {
        let Count { n_independent, n_spare, n_units } = count;
        Moments { parts, columns, unknown, n_independent, n_spare, n_units: n_units as f64 }
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
    /// Below [`MANY_UNITS`] units or clusters the law is Student's: with units, the variance is put together start by
    /// start, each part raised by n / (n - 1), with Satterthwaite's degrees of freedom, (sum of parts)^2 / sum of
    /// (part^2 / its own degrees): for two groups and two periods this is Welch's test. With clusters, the variance is
    /// raised, and its degrees counted, as if units varied independently within clusters, by as much as they do in
    /// their start. Sources: Satterthwaite (1946), Biometrics Bulletin 2(6), 110-114; Bell and McCaffrey (2002), Survey
    /// Methodology 28(2), 169-181.
    pub fn estimate(&self, value: f64, combination: &Combination, level: Level, noise: f64) -> Estimate {
        let projected = self.project(combination);
        if let Some(why) = projected.unknown {
            return Estimate { value, spread: Spread::Unknown(why) };
        }
        let se = self.covariance_of(&projected, &projected).max(0.0).sqrt();
        if se <= noise {
            return Estimate { value, spread: Spread::Unknown(WhyUnknown::NoVariation) };
        }
        if self.n_independent >= MANY_UNITS {
            return Estimate::known(value, se, (se, Law::Normal), level);
        }
        let few = self.few(&projected);
        // All units of all starts in one cluster each, or the like.
        if !(few.variance.is_finite() && few.variance.sqrt() > noise && few.df > 0.0) {
            return Estimate { value, spread: Spread::Unknown(WhyUnknown::OneClusterEach) };
        }
        Estimate::known(value, se, (few.variance.sqrt(), Law::Student { df: few.df }), level)
    }

    /// The variance put together part by part, each with its own degrees of freedom.
    ///
    /// Groups of one have no deviation of their own; where they serve within a larger comparison, their parts are
    /// taken together, with one degree of freedom less than there are of them.
    fn few(&self, projected: &Projected) -> FewUnits {
        let n_squared = self.n_units.powi(2);
        let most = self.n_spare.max(1) as f64;
        let mut parts: Vec<(f64, f64)> = Vec::new();
        let (mut lone, mut n_lone, mut borrowed) = (0.0, 0.0_f64, 0.0);
        for (part, weights) in self.parts.iter().zip(&projected.by_part) {
            if let Gram::Clusters(clusters) = &part.gram {
                let few = clusters.few(weights);
                return FewUnits { variance: few.variance / n_squared, df: few.df };
            }
            let n = part.n_members as f64;
            let products = part.product(weights, weights);
            let mean = weights.iter().map(|(feature, weight)| part.sums[*feature] * weight).sum::<f64>() / n;
            if part.kind == Kind::Borrowed {
                borrowed += products / n_squared;
            } else if part.n_members == 1 {
                lone += mean.powi(2) / n_squared;
                n_lone += 1.0;
            } else {
                let squares = (products - n * mean.powi(2)).max(0.0);
                parts.push(((squares * n / (n - 1.0) + n * mean.powi(2)) / n_squared, n - 1.0));
            }
        }
        parts.push((lone, (n_lone - 1.0).max(1.0)));
        parts.push((borrowed, most));
        let variance: f64 = parts.iter().map(|(part, _)| part).sum();
        let df = variance.powi(2) / parts.iter().map(|(part, df)| part.powi(2) / df).sum::<f64>();
        // Lenders also stand for themselves, so the parts are not independent: never more than all have together.
        FewUnits { variance, df: df.min(most) }
    }
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
