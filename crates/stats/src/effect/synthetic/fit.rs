//! One twin: weights on donors and on periods before the start, and how far the started units are from it.

use super::simplex::{Offset, Problem, equal};
use super::{Solver, Twin};

/// Series to be told apart: donors, and the mean of the started units, all seen in the same periods.
#[derive(Clone, Debug)]
pub(super) struct Scene<'a> {
    /// Donors, each by period.
    pub donors: Vec<&'a [f64]>,
    /// The started units' mean, by period.
    pub started: Vec<f64>,
    /// How many units that is the mean of.
    pub n_started: usize,
    /// Periods before the start.
    pub n_before: usize,
}

/// How strongly weights are drawn together, in the outcome's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penalties {
    /// On the donors' weights.
    pub on_units: f64,
    /// On the periods' weights.
    pub on_periods: f64,
    /// Standard deviation of a donor's change from one period before the start to the next.
    pub noise: f64,
}

/// The twin of some units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fit {
    /// By donor.
    pub unit_weights: Vec<f64>,
    /// By period before the start; all 0 for the synthetic control.
    pub period_weights: Vec<f64>,
    /// By period: started less twin, from the weighted mean of the same before the start.
    pub curve: Vec<f64>,
    /// The mean of the curve after the start.
    pub value: f64,
    /// Root of the mean squared distance from the twin before the start (for differences-in-differences beyond a
    /// lasting one), and after it.
    pub rmspe: (f64, f64),
}

impl Penalties {
    /// The paper's penalties: noise times the fourth root of the number of cells with the treatment for units of
    /// differences-in-differences, next to nothing for the others.
    pub(super) fn of(scene: &Scene<'_>, twin: Twin) -> Self {
        let steps: Vec<f64> = scene
            .donors
            .iter()
            .flat_map(|series| series[..scene.n_before].windows(2).map(|pair| pair[1] - pair[0]))
            .collect();
        let noise = deviation(&steps);
        let n_after = scene.started.len() - scene.n_before;
        let by_size = match twin {
            Twin::DifferenceInDifferences => ((scene.n_started * n_after) as f64).powf(0.25),
            Twin::Control => 1e-6,
        };
        Penalties { on_units: by_size * noise, on_periods: 1e-6 * noise, noise }
    }
}

/// Fits the twin; `first` is where the steps of the weights (units, periods) begin, `None` for equal ones.
pub(super) fn fit(
    scene: &Scene<'_>,
    penalties: &Penalties,
    (twin, solver): (Twin, Solver),
    first: Option<(&[f64], &[f64])>,
) -> Fit {
    let (n, n_before) = (scene.donors.len(), scene.n_before);
    let equals = (equal(n), equal(n_before));
    let (first_units, first_periods) = first.unwrap_or((&equals.0, &equals.1));
    let before = scene.donors.iter().map(|series| series[..n_before].to_vec()).collect();
    let offset = match twin {
        Twin::DifferenceInDifferences => Offset::Free,
        Twin::Control => Offset::None,
    };
    let units = Problem::new(before, scene.started[..n_before].to_vec(), offset, penalties.on_units);
    let unit_weights = units.solve(solver, first_units, penalties.noise);
    let period_weights = match twin {
        Twin::Control => vec![0.0; n_before],
        Twin::DifferenceInDifferences => {
            let by_period = |t: usize| scene.donors.iter().map(|series| series[t]).collect::<Vec<f64>>();
            let after = scene.donors.iter().map(|series| mean(&series[n_before..])).collect();
            let columns = (0..n_before).map(by_period).collect();
            let periods = Problem::new(columns, after, Offset::Free, penalties.on_periods);
            periods.solve(solver, first_periods, penalties.noise)
        }
    };
    apart(scene, unit_weights, period_weights, twin)
}

/// How far the started units are from the twin that the weights make.
fn apart(scene: &Scene<'_>, unit_weights: Vec<f64>, period_weights: Vec<f64>, twin: Twin) -> Fit {
    let mut gaps = scene.started.clone();
    for (series, weight) in scene.donors.iter().zip(&unit_weights).filter(|(_, weight)| **weight != 0.0) {
        gaps.iter_mut().zip(*series).for_each(|(gap, y)| *gap -= weight * y);
    }
    let base: f64 = gaps.iter().zip(&period_weights).map(|(gap, weight)| gap * weight).sum();
    let curve: Vec<f64> = gaps.iter().map(|gap| gap - base).collect();
    let (before, after) = gaps.split_at(scene.n_before);
    let lasting = match twin {
        Twin::DifferenceInDifferences => mean(before),
        Twin::Control => 0.0,
    };
    let size =
        |gaps: &[f64]| mean(&gaps.iter().map(|gap| (gap - lasting).powi(2)).collect::<Vec<_>>()).sqrt();
    let rmspe = (size(before), size(after));
    Fit { unit_weights, period_weights, value: mean(&curve[scene.n_before..]), curve, rmspe }
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation, with one degree of freedom spent on the mean.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}
