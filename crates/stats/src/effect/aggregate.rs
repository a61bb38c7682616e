//! Summaries of effects by start and period: one number, by start, by period, by exposure.
//!
//! Errors include that the shares used as weights are estimated.

use std::collections::BTreeMap;

use super::GroupTime;
use crate::panel::Period;
use crate::uncertainty::{Estimate, Influence, Spread, WhyUnknown};

/// Effects summarised along one axis, and over it.
#[derive(Clone, Debug)]
pub struct Summary<K> {
    /// The summary of the parts after the start.
    pub overall: Estimate,
    /// Ascending.
    pub each: Vec<Part<K>>,
}

/// One part of a summary.
#[derive(Clone, Debug)]
pub struct Part<K> {
    /// Which: a start, a period, an exposure.
    pub at: K,
    /// The effect, in the outcome's unit.
    pub effect: Estimate,
}

/// One number: the mean effect over all starts and periods from the start on, each start weighted by its units.
///
/// Misleads as an average of unlike things where effects grow: early starts are seen for longer and count more.
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_W^O.
pub fn simple(effects: &GroupTime) -> Estimate {
    let after: Vec<usize> = after(effects).collect();
    let (value, influence) = weighted_by_share(effects, &after);
    estimate(effects, value, &influence)
}

/// By start: the plain mean over its periods from the start on; overall, starts weighted by their units.
///
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_sel.
pub fn by_start(effects: &GroupTime) -> Summary<Period> {
    let parts = gather(after(effects), |cell| effects.cohort_of_cell[cell]);
    let shares = parts.keys().map(|&cohort| effects.sample.share(&effects.sample.cohorts[cohort]));
    let total: f64 = shares.clone().sum();
    let columns: Vec<(f64, Influence)> = parts.values().map(|cells| plain_mean(effects, cells)).collect();
    let value = shares.clone().zip(&columns).map(|(share, (value, _))| share * value / total).sum();
    let mut influence = Influence::none(n_rows(effects));
    for ((&cohort, share), (own_value, own)) in parts.keys().zip(shares).zip(&columns) {
        influence.add(share / total, own);
        for &unit in &effects.sample.cohorts[cohort].units {
            influence.add_to_unit(unit, (own_value - value) / total);
        }
    }
    let starts = parts.keys().map(|&cohort| effects.sample.cohorts[cohort].start);
    let each =
        starts.zip(&columns).map(|(at, (value, own))| Part { at, effect: estimate(effects, *value, own) });
    Summary { overall: estimate(effects, value, &influence), each: each.collect() }
}

/// By period: the mean over starts that have begun, weighted by their units; overall, the plain mean over periods.
///
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_c.
pub fn by_period(effects: &GroupTime) -> Summary<Period> {
    let parts = gather(after(effects), |cell| effects.cells[cell].period);
    let means: Vec<_> = parts.into_iter().map(|(at, cells)| mean_at(effects, at, &cells)).collect();
    summary(effects, means, |_| true)
}

/// By exposure (the event study): the mean over starts seen at that distance from their start, weighted by their
/// units; overall, the plain mean over exposures from 0 on.
///
/// Misleads where starts differ in their effects: each exposure is seen in other starts.
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_es.
pub fn by_exposure(effects: &GroupTime) -> Summary<i64> {
    summary(effects, means_by_exposure(effects), |exposure| exposure >= 0)
}

/// A mean of cells with each unit's influence on it.
pub(super) struct Mean<K> {
    pub at: K,
    pub value: f64,
    pub influence: Influence,
    pub whether: Whether,
}

/// The means that [`by_exposure`] shows, ascending.
pub(super) fn means_by_exposure(effects: &GroupTime) -> Vec<Mean<i64>> {
    let parts = gather(0..effects.cells.len(), |cell| effects.cells[cell].exposure);
    parts.into_iter().map(|(at, cells)| mean_at(effects, at, &cells)).collect()
}

fn mean_at<K>(effects: &GroupTime, at: K, cells: &[usize]) -> Mean<K> {
    let (value, influence) = weighted_by_share(effects, cells);
    let base = |&cell: &usize| effects.cells[cell].effect.spread == Spread::Unknown(WhyUnknown::BasePeriod);
    let whether = if cells.iter().all(base) { Whether::Base } else { Whether::Effect };
    Mean { at, value, influence, whether }
}

/// Whether a part is an effect, or what effects are measured from.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Whether {
    Effect,
    Base,
}

/// The places of cells from the start on.
fn after(effects: &GroupTime) -> impl Iterator<Item = usize> {
    (0..effects.cells.len()).filter(|&cell| effects.cells[cell].exposure >= 0)
}

fn gather<K: Ord>(cells: impl Iterator<Item = usize>, key: impl Fn(usize) -> K) -> BTreeMap<K, Vec<usize>> {
    let mut parts = BTreeMap::<K, Vec<usize>>::new();
    cells.for_each(|cell| parts.entry(key(cell)).or_default().push(cell));
    parts
}

/// The mean of cells weighted by the shares of their starts, the influence of the estimated shares included.
///
/// With p the share of a cell's start, the mean is sum(p x effect) / sum(p). A unit of start g moves p(g), and with
/// it the mean, by (sum of the cells of g - their number x mean) / sum(p); units of other starts do not move it.
fn weighted_by_share(effects: &GroupTime, cells: &[usize]) -> (f64, Influence) {
    let share = |cell: usize| effects.sample.share(&effects.sample.cohorts[effects.cohort_of_cell[cell]]);
    let total: f64 = cells.iter().map(|&cell| share(cell)).sum();
    let value = cells.iter().map(|&cell| share(cell) * effects.cells[cell].effect.value).sum::<f64>() / total;
    let mut influence = Influence::none(n_rows(effects));
    let mut moved = vec![0.0; effects.sample.cohorts.len()];
    for &cell in cells {
        influence.add(share(cell) / total, &effects.influences[cell]);
        moved[effects.cohort_of_cell[cell]] += (effects.cells[cell].effect.value - value) / total;
    }
    for (cohort, moved) in effects.sample.cohorts.iter().zip(moved) {
        cohort.units.iter().for_each(|&unit| influence.add_to_unit(unit, moved));
    }
    (value, influence)
}

fn plain_mean(effects: &GroupTime, cells: &[usize]) -> (f64, Influence) {
    let n = cells.len() as f64;
    let mut influence = Influence::none(n_rows(effects));
    cells.iter().for_each(|&cell| influence.add(1.0 / n, &effects.influences[cell]));
    (cells.iter().map(|&cell| effects.cells[cell].effect.value).sum::<f64>() / n, influence)
}

/// The parts, and the plain mean of those that count.
fn summary<K: Copy>(effects: &GroupTime, means: Vec<Mean<K>>, counts: impl Fn(K) -> bool) -> Summary<K> {
    let counted: Vec<&Mean<K>> = means.iter().filter(|mean| counts(mean.at)).collect();
    let n = counted.len() as f64;
    let mut influence = Influence::none(n_rows(effects));
    counted.iter().for_each(|mean| influence.add(1.0 / n, &mean.influence));
    let value = counted.iter().map(|mean| mean.value).sum::<f64>() / n;
    let overall = estimate(effects, value, &influence);
    Summary { overall, each: means.into_iter().map(|mean| part(effects, &mean)).collect() }
}

fn part<K: Copy>(effects: &GroupTime, mean: &Mean<K>) -> Part<K> {
    let effect = match mean.whether {
        Whether::Effect => estimate(effects, mean.value, &mean.influence),
        Whether::Base => Estimate { value: mean.value, spread: Spread::Unknown(WhyUnknown::BasePeriod) },
    };
    Part { at: mean.at, effect }
}

fn estimate(effects: &GroupTime, value: f64, influence: &Influence) -> Estimate {
    Estimate::of(value, influence, effects.sample.groups(), effects.settings.level, effects.noise)
}

fn n_rows(effects: &GroupTime) -> usize {
    effects.influences.first().map_or(0, |influence| influence.own().len())
}
