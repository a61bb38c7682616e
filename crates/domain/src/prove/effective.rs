//! Effective N: as many units (or clusters) of like weight as those that there are come to.
//!
//! It counts weights; what follows for errors is the methods' own business.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use traction_stats::panel::{Panel, Period};

use super::wish::Method;

/// Effective numbers: the squared sum of weights over the sum of their squares (Kish 1965, Survey Sampling, section 11.7);
/// with clusters, of the weights that these hold. The number itself where all count alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Of all.
    pub all: f64,
    /// Of those that never start; `None` if there are none.
    pub never: Option<f64>,
    /// By start, ascending.
    pub cohorts: Vec<(Period, f64)>,
}

impl Effective {
    /// - `method`: whether it looks at weights and clusters.
    pub(super) fn of(panel: &Panel, method: Method) -> Self {
        // Methods that look at neither take each unit for itself, and all alike.
        let clusters = panel.clusters().filter(|_| method.looks_at_clusters());
        let weight = |unit| if method.looks_at_clusters() { panel.weight(unit) } else { 1.0 };
        let of = |units: &mut dyn Iterator<Item = usize>| {
            let mut sizes = BTreeMap::<usize, f64>::new();
            for unit in units {
                let place = clusters.map_or(unit, |clusters| clusters[unit]);
                *sizes.entry(place).or_default() += weight(unit);
            }
            worth(sizes.into_values().collect())
        };
        let cohort =
            |cohort: &traction_stats::panel::Cohort| (cohort.start, of(&mut cohort.units.iter().copied()));
        Effective {
            all: of(&mut (0..panel.units().len())),
            never: (!panel.never().is_empty()).then(|| of(&mut panel.never().iter().copied())),
            cohorts: panel.cohorts().iter().map(cohort).collect(),
        }
    }
}

/// How many of like size these are worth.
fn worth(sizes: Vec<f64>) -> f64 {
    let largest = sizes.iter().copied().fold(0.0_f64, f64::max);
    if sizes.iter().all(|size| *size == largest) {
        return sizes.len() as f64;
    }
    let sum: f64 = sizes.iter().map(|size| size / largest).sum();
    sum * sum / sizes.iter().map(|size| (size / largest).powi(2)).sum::<f64>()
}
