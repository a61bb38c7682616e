//! Which units share their start and the periods they were seen in.

use std::collections::HashMap;

use crate::panel::Panel;

/// Units read together: few enough for their outcomes to stay in the fastest memory.
const BLOCK: usize = 64;

/// The units of one start (or of none) that were seen in the same periods.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    /// The place of their start among the panel's; `None` if they never start.
    pub cohort: Option<usize>,
    /// By period, whether they were seen.
    pub seen: Vec<bool>,
    /// Rows of the panel, ascending.
    pub units: Vec<usize>,
}

/// The patterns of all units, in the order of their first units.
///
/// - `covariates`: places of those without which a cell does not count as seen.
pub(crate) fn patterns(panel: &Panel, covariates: &[usize]) -> Vec<Pattern> {
    let (n_units, n_periods) = (panel.units().len(), panel.periods().len());
    let mut cohort_of = vec![None; n_units];
    for (place, cohort) in panel.cohorts().iter().enumerate() {
        cohort.units.iter().for_each(|&unit| cohort_of[unit] = Some(place));
    }
    let n_words = n_periods.div_ceil(64);
    let mut words = vec![0_u64; n_units * n_words];
    for t in 0..n_periods {
        let (word, bit) = (t / 64, t % 64);
        for (unit, y) in panel.column(t).iter().enumerate() {
            words[unit * n_words + word] |= u64::from(!y.is_nan()) << bit;
        }
        for covariate in covariates.iter().map(|&place| &panel.covariates()[place]) {
            for (unit, x) in covariate.column(t).iter().enumerate() {
                words[unit * n_words + word] &= !(u64::from(x.is_nan()) << bit);
            }
        }
    }
    let mut places = HashMap::new();
    let mut found: Vec<Pattern> = Vec::new();
    for (unit, (cohort, words)) in cohort_of.iter().zip(words.chunks_exact(n_words)).enumerate() {
        let place = *places.entry((*cohort, words)).or_insert_with(|| {
            let seen = (0..n_periods).map(|t| words[t / 64] >> (t % 64) & 1 == 1).collect();
            found.push(Pattern { cohort: *cohort, seen, units: Vec::new() });
            found.len() - 1
        });
        found[place].units.push(unit);
    }
    found
}

/// Shows each of `units` with its outcomes by period, and after them its covariates, each by period.
///
/// NaN stands where nothing was observed.
pub(crate) fn for_each_unit(
    panel: &Panel,
    covariates: &[usize],
    units: &[usize],
    mut show: impl FnMut(usize, &[f64]),
) {
    let n_periods = panel.periods().len();
    let columns: Vec<&[f64]> = (0..n_periods)
        .map(|t| panel.column(t))
        .chain(covariates.iter().flat_map(|&place| {
            let covariate = &panel.covariates()[place];
            (0..n_periods).map(|t| covariate.column(t))
        }))
        .collect();
    let mut block = vec![0.0; BLOCK * columns.len()];
    for units in units.chunks(BLOCK) {
        for (place, column) in columns.iter().enumerate() {
            for (i, &unit) in units.iter().enumerate() {
                block[i * columns.len() + place] = column[unit];
            }
        }
        for (&unit, values) in units.iter().zip(block.chunks_exact(columns.len())) {
            show(unit, values);
        }
    }
}
