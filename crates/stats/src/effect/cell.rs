//! One comparison in full: what each unit's influence on it is made of.

use super::Seen;
use super::plan::Pair;
use super::sample::Sample;
use crate::panel::{Covariate, Panel};
use crate::uncertainty::WhyUnknown;

/// The panel's covariates, each less its mean and over its standard deviation, after a constant.
pub(super) struct Covariates<'a> {
    all: Vec<(&'a Covariate, f64, f64)>,
}

/// What is compared of a unit: its outcome in one period, or its change since another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Whether it adds to the effect or is taken off.
    pub sign: f64,
    at: usize,
    base: Option<usize>,
    /// The period whose covariates count.
    pub covariates_of: usize,
}

/// What a unit of one side adds by one span, times its weight.
///
/// Scale x (odds, if they count) x (y - x'beta - center), and (y - x'beta of the fit) x (x'fitted), and x'linear + shift.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub scale: f64,
    pub odds: Odds,
    pub center: f64,
    pub beta: Vec<f64>,
    pub fitted: Vec<f64>,
    pub fitted_beta: Vec<f64>,
    pub linear: Vec<f64>,
    pub shift: f64,
}

/// Whether units count by their odds of being starting ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Odds {
    #[default]
    Ignored,
    Count,
}

/// A comparison with its models fitted.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    pub spans: Vec<Span>,
    /// By span.
    pub treated: Vec<Terms>,
    /// By span.
    pub compared: Vec<Terms>,
    /// The logit's coefficients; empty without one.
    pub logit: Vec<f64>,
    /// (Whether a starting unit - its probability) x (x'score) is added; empty without a logit.
    pub score: Vec<f64>,
    /// A unit that stands for its side alone, and by how much its change counts.
    pub lone: Vec<(usize, f64)>,
    /// Why its spread cannot be told, if it cannot.
    pub unknown: Option<WhyUnknown>,
}

/// On which side of a comparison a unit stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Treated,
    Compared,
}

impl<'a> Covariates<'a> {
    pub fn of(panel: &'a Panel, sample: &Sample) -> Self {
        let scaled = |covariate: &'a Covariate| {
            let periods = if covariate.varies() { 0..panel.periods().len() } else { 0..1 };
            let values = || {
                let cells =
                    sample.groups().flatten().flat_map(|&unit| periods.clone().map(move |t| (unit, t)));
                cells.map(|(unit, t)| covariate.value(unit, t)).filter(|value| !value.is_nan())
            };
            let (n, sum) = values().fold((0.0_f64, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            let mean = if n > 0.0 { sum / n } else { 0.0 };
            let squares: f64 = values().map(|value| (value - mean).powi(2)).sum();
            let sd = (squares / n.max(1.0)).sqrt();
            // What differs by rounding alone does not differ.
            let scale = if sd > 1e-13 * mean.abs() { sd } else { f64::INFINITY };
            (covariate, mean, scale)
        };
        Covariates { all: panel.covariates().iter().map(scaled).collect() }
    }

    /// How many numbers they are to a model: 0 without covariates, else one more than there are.
    pub fn n(&self) -> usize {
        if self.all.is_empty() { 0 } else { self.all.len() + 1 }
    }

    pub fn vary(&self) -> bool {
        self.all.iter().any(|(covariate, _, _)| covariate.varies())
    }

    /// Fills in a unit's values; false where some value is not known.
    pub fn fill(&self, unit: usize, period: usize, x: &mut [f64]) -> bool {
        let Some((constant, rest)) = x.split_first_mut() else { return true };
        *constant = 1.0;
        for (x, (covariate, mean, scale)) in rest.iter_mut().zip(&self.all) {
            *x = (covariate.value(unit, period) - mean) / scale;
        }
        rest.iter().all(|x| !x.is_nan())
    }
}

impl Span {
    /// What a pair compares.
    pub fn of(pair: &Pair, seen: Seen) -> Vec<Span> {
        match seen {
            Seen::InBoth => {
                vec![Span { sign: 1.0, at: pair.at, base: Some(pair.base), covariates_of: pair.base }]
            }
            Seen::InEither => vec![
                Span { sign: 1.0, at: pair.at, base: None, covariates_of: pair.at },
                Span { sign: -1.0, at: pair.base, base: None, covariates_of: pair.base },
            ],
        }
    }

    /// All units' outcomes, or changes; NaN where nothing was observed.
    pub fn value(&self, panel: &Panel, unit: usize) -> f64 {
        let before = self.base.map_or(0.0, |base| panel.column(base)[unit]);
        panel.column(self.at)[unit] - before
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The probability that a logit gives.
pub(super) fn probability(logit: &[f64], x: &[f64]) -> f64 {
    1.0 / (1.0 + (-dot(logit, x)).exp())
}

impl Terms {
    fn influence(&self, y: f64, x: &[f64], odds: f64) -> f64 {
        let odds = if self.odds == Odds::Count { odds } else { 1.0 };
        let mut sum = self.shift;
        if self.scale != 0.0 {
            sum += self.scale * odds * (y - dot(&self.beta, x) - self.center);
        }
        if !self.fitted.is_empty() {
            sum += (y - dot(&self.fitted_beta, x)) * dot(&self.fitted, x);
        }
        sum + dot(&self.linear, x)
    }
}

impl Comparison {
    /// A unit's influence on the effect, before its weight.
    ///
    /// - `probability`: of being a starting unit, by covariates; `x`: room for the covariates.
    pub fn influence(
        &self,
        (panel, covariates): (&Panel, &Covariates<'_>),
        (unit, side): (usize, Side),
        x: &mut [f64],
        known: Option<f64>,
    ) -> f64 {
        let terms = if side == Side::Treated { &self.treated } else { &self.compared };
        let mut sum = 0.0;
        for (span, terms) in self.spans.iter().zip(terms) {
            let y = span.value(panel, unit);
            if y.is_nan() || !covariates.fill(unit, span.covariates_of, x) {
                continue;
            }
            if self.logit.is_empty() {
                sum += terms.influence(y, x, 1.0);
                continue;
            }
            let p = known.unwrap_or_else(|| probability(&self.logit, x));
            let is_treated = if side == Side::Treated { 1.0 } else { 0.0 };
            sum += terms.influence(y, x, p / (1.0 - p)) + (is_treated - p) * dot(&self.score, x);
        }
        sum
    }
}
