//! Outcomes without the treatment: as the organisation's own past had them, or as a model of their variance makes them.
//!
//! The past must be from before anything started: what it holds of an effect would be taken for chance.

use faer::{Mat, Side};

use super::Chance;
use crate::panel::Panel;
use crate::power::Variance;

/// Where outcomes without the treatment come from.
#[derive(Clone, Debug)]
pub enum History {
    /// Normal outcomes with this variance, of means of so many people.
    Model(Variance, f64),
    /// Stretches of the past, all units of one stretch together: what they share of a period stays shared.
    Past(Past),
}

/// Units by periods of the past.
#[derive(Clone, Debug)]
pub struct Past {
    n_units: usize,
    /// Period by period, within it unit by unit; NaN where nothing was observed, in here only.
    values: Vec<f64>,
}

/// Why the past says too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PastRefused {
    /// Too little of it.
    #[error(
        "the past has {n_units} units in {n_periods} periods; to say how outcomes vary takes 3 units and 3 periods or more"
    )]
    TooLittle {
        /// Units seen at all.
        n_units: usize,
        /// Periods.
        n_periods: usize,
    },
    /// Always the same.
    #[error(
        "units hardly differ from each other's movement in the past, so it does not say how far chance reaches"
    )]
    NoVariation,
}

impl Past {
    /// The past of a panel's units up to, and without, the first start of any of them.
    pub fn of(panel: &Panel) -> Self {
        let first = panel.cohorts().first().map(|cohort| cohort.start);
        let n_before = panel.periods().partition_point(|period| first.is_none_or(|first| *period < first));
        let n_units = panel.units().len();
        let values = (0..n_before).flat_map(|t| panel.column(t).iter().copied()).collect();
        Past { n_units, values }
    }

    /// How many units.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// How many periods.
    pub fn n_periods(&self) -> usize {
        self.values.len() / self.n_units.max(1)
    }

    fn column(&self, period: usize) -> &[f64] {
        &self.values[period * self.n_units..][..self.n_units]
    }

    /// The parts of the variance, by the method of moments.
    ///
    /// Deviations from each period's mean are compared over one period and over two. With passing variance w and a share k of
    /// a deviation kept, their mean squares are 2 w (1 - k) and 2 w (1 - k^2); what the deviations vary beyond w lasts.
    /// Shares below 0 are taken as 0. The parts sit in `lasting`, `passing` and `kept`: the outcome is the unit's own.
    ///
    /// Misleads where the past is short: some twenty unit-periods give a rough idea, not a number.
    /// Source: the variogram, Diggle, Heagerty, Liang and Zeger (2002), Analysis of Longitudinal Data, section 5.2.
    pub fn variance(&self) -> Result<Variance, PastRefused> {
        let deviations: Vec<Vec<f64>> = (0..self.n_periods()).map(|t| deviations(self.column(t))).collect();
        let seen = |unit: &usize| deviations.iter().any(|column| !column[*unit].is_nan());
        let (n_units, n_periods) = ((0..self.n_units).filter(seen).count(), self.n_periods());
        if n_units < 3 || n_periods < 3 {
            return Err(PastRefused::TooLittle { n_units, n_periods });
        }
        let apart = |lag: usize| {
            let pairs = deviations.iter().zip(&deviations[lag..]);
            mean(pairs.flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b).powi(2))))
        };
        let total = mean(deviations.iter().flatten().map(|deviation| deviation.powi(2)));
        let (one, two) = (apart(1), apart(2));
        let size = self.values.iter().filter(|y| !y.is_nan()).fold(0.0_f64, |most, y| most.max(y.abs()));
        // Rounding of outcomes of this size; without two periods of one unit it is not a number.
        if one.is_nan() || one <= (1e-12 * size).powi(2) {
            return Err(PastRefused::NoVariation);
        }
        let kept = if two > one { (two / one - 1.0).min(0.95) } else { 0.0 };
        let passing = if kept > 0.0 { 0.5 * one / (1.0 - kept) } else { 0.5 * one };
        Ok(Variance { lasting: (total - passing).max(0.0), passing, kept, ..Variance::default() })
    }
}

/// Deviations from the mean of those seen, raised so that their squares are free of bias.
fn deviations(column: &[f64]) -> Vec<f64> {
    let seen = column.iter().filter(|y| !y.is_nan());
    let n = seen.clone().count() as f64;
    let centre = seen.sum::<f64>() / n;
    let raise = if n > 1.0 { (n / (n - 1.0)).sqrt() } else { f64::NAN };
    column.iter().map(|y| (y - centre) * raise).collect()
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = numbers.filter(|x| !x.is_nan()).fold((0.0, 0), |(sum, n), x| (sum + x, n + 1));
    sum / f64::from(n)
}

/// Makes panels without an effect, one a call.
pub(super) enum Source<'a> {
    Model(Mat<f64>),
    Past(&'a Past),
}

impl History {
    /// Ready to make panels of `n_periods`; `None` if the past is shorter, or the variance is none.
    pub(super) fn source(&self, n_periods: usize) -> Option<Source<'_>> {
        match self {
            History::Past(past) => (past.n_periods() >= n_periods).then_some(Source::Past(past)),
            History::Model(variance, n_people) => {
                let at: Vec<usize> = (0..n_periods).collect();
                let covariance = variance.covariance(&vec![0.0; n_periods], &at, *n_people);
                covariance.llt(Side::Lower).ok().map(|factor| Source::Model(factor.L().to_owned()))
            }
        }
    }
}

impl Source<'_> {
    /// Outcomes of `n_units` in `n_periods`, period by period; NaN where the past has none.
    pub(super) fn make(&self, n_units: usize, n_periods: usize, chance: &mut Chance) -> Vec<f64> {
        match self {
            Source::Past(past) => {
                let first = chance.below(past.n_periods() - n_periods + 1);
                past.values[first * n_units..][..n_periods * n_units].to_vec()
            }
            Source::Model(factor) => {
                let mut values = vec![0.0; n_units * n_periods];
                for unit in 0..n_units {
                    let normal: Vec<f64> = (0..n_periods).map(|_| chance.normal()).collect();
                    for t in 0..n_periods {
                        values[t * n_units + unit] = (0..=t).map(|s| factor[(t, s)] * normal[s]).sum();
                    }
                }
                values
            }
        }
    }
}
