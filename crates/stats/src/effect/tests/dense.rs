//! Least squares on a matrix with a column for everything: slow, and plain enough to be seen right.

use faer::{Mat, Side};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::linear::least_squares::root_of_inverse;
use crate::panel::{Beside, Panel, PanelBuilder, Period, Row, Unbalanced};
use crate::uncertainty::{Level, Portion, degrees};

/// What a panel for comparison has.
#[derive(Clone, Copy)]
pub(in crate::effect) struct Traits {
    pub n_units: usize,
    /// Starts by turns.
    pub starts: &'static [Option<i64>],
    /// The share of cells that were not seen.
    pub gaps: f64,
    pub has_weights: bool,
    pub n_clusters: Option<usize>,
}

pub(in crate::effect) fn play(traits: Traits, seed: u64) -> Panel {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut builder = PanelBuilder::new();
    for i in 0..traits.n_units {
        let start = traits.starts[i % traits.starts.len()].map(Period::Number);
        let (level, weight) = (5.0 * chance.random::<f64>(), 0.5 + chance.random::<f64>());
        let cluster = traits.n_clusters.map(|n| (i * 7 % n).to_string());
        for t in 1..=6 {
            let outcome = level + 0.4 * (t * t) as f64 + chance.random::<f64>();
            if chance.random::<f64>() < traits.gaps {
                continue;
            }
            let (unit, period) = (i.to_string(), Period::Number(t));
            let row = Row { line: 0, unit: &unit, period, outcome, start };
            let weight = traits.has_weights.then_some(weight);
            builder
                .push_beside(row, &Beside { weight, cluster: cluster.as_deref(), ..Beside::default() })
                .unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// An observation: its cluster, weight, outcome and regressors.
pub(in crate::effect) struct Observation {
    pub cluster: usize,
    pub weight: f64,
    pub outcome: f64,
    pub row: Vec<f64>,
}

pub(in crate::effect) struct Dense {
    observations: Vec<Observation>,
    pub coefficients: Vec<f64>,
    inverse: Mat<f64>,
    rest: Vec<f64>,
    pub rank: usize,
}

impl Dense {
    /// A regression on dummies of unit and period, and on what `columns` says of start (`None` if never) and period.
    ///
    /// Left out are units for which `counts` says no.
    pub fn of(
        panel: &Panel,
        counts: impl Fn(Option<i64>, i64) -> bool,
        columns: impl Fn(Option<i64>, i64) -> Vec<f64>,
    ) -> Self {
        let (n_units, n_periods) = (panel.units().len(), panel.periods().len());
        let mut start_of = vec![None; n_units];
        for cohort in panel.cohorts() {
            let Period::Number(start) = cohort.start else { panic!() };
            cohort.units.iter().for_each(|&unit| start_of[unit] = Some(start));
        }
        let mut observations = Vec::new();
        for unit in 0..n_units {
            for t in 0..n_periods {
                let Some(outcome) = panel.outcome(unit, t) else { continue };
                let period = t as i64 + 1;
                if !counts(start_of[unit], period) {
                    continue;
                }
                let mut row = columns(start_of[unit], period);
                row.extend((0..n_units).map(|k| f64::from(u8::from(k == unit))));
                row.extend((0..n_periods).map(|k| f64::from(u8::from(k == t))));
                let cluster = panel.clusters().map_or(unit, |clusters| clusters[unit]);
                observations.push(Observation { cluster, weight: panel.weight(unit), outcome, row });
            }
        }
        Dense::fit(observations)
    }

    fn fit(observations: Vec<Observation>) -> Self {
        let p = observations[0].row.len();
        let mut products = Mat::<f64>::zeros(p, p);
        let mut with_outcome = vec![0.0; p];
        for one in &observations {
            for i in 0..p {
                let x = one.weight * one.row[i];
                with_outcome[i] += x * one.outcome;
                (0..p).for_each(|j| products[(i, j)] += x * one.row[j]);
            }
        }
        let root = root_of_inverse(&products).unwrap();
        let inverse = &root * root.transpose();
        let coefficients: Vec<f64> =
            (0..p).map(|i| (0..p).map(|j| inverse[(i, j)] * with_outcome[j]).sum()).collect();
        let fitted = |one: &Observation| one.row.iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>();
        let rest = observations.iter().map(|one| one.outcome - fitted(one)).collect();
        Dense { rank: root.ncols(), observations, coefficients, inverse, rest }
    }

    pub fn n_clusters(&self) -> usize {
        let mut clusters: Vec<usize> = self.observations.iter().map(|one| one.cluster).collect();
        clusters.sort_unstable();
        clusters.dedup();
        clusters.len()
    }

    pub fn value(&self, contrast: &[f64]) -> f64 {
        contrast.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum()
    }

    /// The weight of each observation's residual in a contrast of the first coefficients.
    fn reach(&self, contrast: &[f64]) -> Vec<f64> {
        let p = self.coefficients.len();
        let toward: Vec<f64> = (0..p)
            .map(|j| contrast.iter().enumerate().map(|(i, x)| x * self.inverse[(i, j)]).sum())
            .collect();
        let reach =
            |one: &Observation| one.weight * one.row.iter().zip(&toward).map(|(x, b)| x * b).sum::<f64>();
        self.observations.iter().map(reach).collect()
    }

    /// The plain clustered variance, without factor.
    pub fn clustered(&self, contrast: &[f64]) -> f64 {
        let mut moved = std::collections::BTreeMap::<usize, f64>::new();
        for ((one, reach), rest) in self.observations.iter().zip(self.reach(contrast)).zip(&self.rest) {
            *moved.entry(one.cluster).or_default() += reach * rest;
        }
        moved.values().map(|moved| moved * moved).sum()
    }

    /// The bias-reduced variance and its degrees of freedom, by observations x observations; weights all 1. Degrees of
    /// freedom are those of Student's law that reaches as far as a normal number over the root of the variance.
    pub fn cr2(&self, contrast: &[f64]) -> (f64, f64) {
        let n = self.observations.len();
        let x = Mat::from_fn(n, self.coefficients.len(), |i, k| self.observations[i].row[k]);
        let maker = Mat::<f64>::identity(n, n) - &x * &self.inverse * x.transpose();
        let reach = self.reach(contrast);
        let mut raised = Vec::new();
        for cluster in 0..=self.observations.iter().map(|one| one.cluster).max().unwrap() {
            let own: Vec<usize> = (0..n).filter(|&i| self.observations[i].cluster == cluster).collect();
            let block = Mat::from_fn(own.len(), own.len(), |i, j| maker[(own[i], own[j])]);
            let eigen = block.self_adjoint_eigen(Side::Lower).unwrap();
            let mut adjusted = vec![0.0; n];
            for k in (0..own.len()).filter(|&k| eigen.S().column_vector()[k] > 1e-9) {
                let along: f64 = own.iter().enumerate().map(|(i, &at)| eigen.U()[(i, k)] * reach[at]).sum();
                let along = along / eigen.S().column_vector()[k].sqrt();
                own.iter().enumerate().for_each(|(i, &at)| adjusted[at] += eigen.U()[(i, k)] * along);
            }
            raised.push(adjusted);
        }
        let of = |vector: &[f64]| vector.iter().zip(&self.rest).map(|(a, rest)| a * rest).sum::<f64>();
        let variance = raised.iter().map(|vector| of(vector).powi(2)).sum();
        let product = |g: usize, h: usize| -> f64 {
            let theirs = |j: usize| raised[h][j];
            (0..n).map(|i| raised[g][i] * (0..n).map(|j| maker[(i, j)] * theirs(j)).sum::<f64>()).sum()
        };
        let products = Mat::from_fn(raised.len(), raised.len(), product);
        let eigen = products.self_adjoint_eigen(Side::Lower).unwrap();
        let share =
            |k: usize| Portion { found: 0.0, expected: eigen.S().column_vector()[k].max(0.0), df: 1.0 };
        let shares: Vec<Portion> = (0..raised.len()).map(share).collect();
        (variance, degrees(&shares, f64::INFINITY, Level::NINETY_FIVE).1)
    }
}
