//! The units of one side that were seen, with what is needed of them.

use super::linear::{add, add_products, inverse, times};
use crate::effect::cell::{Covariates, Span, dot};
use crate::effect::sample::Sample;
use crate::panel::Panel;

/// Units with their weights and covariates, contiguous.
#[derive(Clone, Debug)]
pub struct Rows {
    pub units: Vec<usize>,
    pub weights: Vec<f64>,
    /// By unit, `n` numbers each.
    pub x: Vec<f64>,
    pub n: usize,
    /// What the weights sum to.
    pub total: f64,
}

impl Rows {
    /// Those of `units` that were seen in `span`.
    pub fn of<'a>(
        (panel, sample, covariates): (&Panel, &Sample, &Covariates<'_>),
        units: impl Iterator<Item = &'a usize>,
        span: &Span,
    ) -> Self {
        let n = covariates.n();
        let mut rows = Rows { units: Vec::new(), weights: Vec::new(), x: Vec::new(), n, total: 0.0 };
        let mut x = vec![0.0; n];
        for &unit in units {
            if !span.value(panel, unit).is_nan() && covariates.fill(unit, span.covariates_of, &mut x) {
                rows.units.push(unit);
                rows.weights.push(sample.weight(unit));
                rows.x.extend_from_slice(&x);
            }
        }
        rows.total = rows.weights.iter().sum();
        rows
    }

    /// Whether there is a single unit, or all are in one cluster: nothing among them tells how far chance reaches.
    pub fn are_one(&self, panel: &Panel) -> bool {
        let same =
            |clusters: &[usize]| self.units.windows(2).all(|pair| clusters[pair[0]] == clusters[pair[1]]);
        self.units.len() == 1 || (self.units.len() > 1 && panel.clusters().is_some_and(same))
    }

    /// By unit, what `span` compares.
    pub fn values(&self, panel: &Panel, span: &Span) -> Vec<f64> {
        self.units.iter().map(|&unit| span.value(panel, unit)).collect()
    }

    /// By unit, its covariates.
    pub fn each(&self) -> impl Iterator<Item = (f64, &[f64])> {
        // Without covariates every unit has an empty row.
        let x = (0..self.units.len()).map(|row| &self.x[row * self.n..(row + 1) * self.n]);
        self.weights.iter().copied().zip(x)
    }

    /// The weighted mean.
    pub fn mean(&self, values: &[f64]) -> f64 {
        dot(&self.weights, values) / self.total
    }

    /// The weighted mean of the covariates.
    pub fn mean_x(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.n];
        self.each().for_each(|(weight, x)| add(&mut sum, weight / self.total, x));
        sum
    }

    /// The inverse of the weighted products of the covariates; `None` if some repeat others.
    pub fn inverse(&self) -> Option<Vec<f64>> {
        let mut products = vec![0.0; self.n * self.n];
        self.each().for_each(|(weight, x)| add_products(&mut products, weight, x));
        inverse(&products, self.n)
    }

    /// Weighted least squares of `values` on the covariates.
    pub fn regress(&self, inverse: &[f64], values: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.n];
        self.each().zip(values).for_each(|((weight, x), value)| add(&mut sum, weight * value, x));
        times(inverse, &sum)
    }

    /// What a regression leaves of the values.
    pub fn residuals(&self, values: &[f64], beta: &[f64]) -> Vec<f64> {
        self.each().zip(values).map(|((_, x), value)| value - dot(beta, x)).collect()
    }

    /// The same units, counting by their odds as well.
    pub fn by_odds(&self, odds: &[f64]) -> Self {
        let weights: Vec<f64> = self.weights.iter().zip(odds).map(|(weight, odds)| weight * odds).collect();
        Rows { total: weights.iter().sum(), weights, ..self.clone() }
    }

    /// The weighted mean of `values` less their mean, times the covariates.
    pub fn mean_products(&self, values: &[f64], mean: f64) -> Vec<f64> {
        let mut sum = vec![0.0; self.n];
        self.each()
            .zip(values)
            .for_each(|((weight, x), y)| add(&mut sum, weight * (y - mean) / self.total, x));
        sum
    }
}
