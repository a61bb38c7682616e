//! Summaries of effects by start and period: one number, by start, by period, by exposure.
//!
//! Errors include that the shares used as weights are estimated.

use std::collections::BTreeMap;

use faer::Mat;

use super::GroupTime;
use crate::panel::Period;
use crate::uncertainty::{Combination, Estimate, Spread, WhyUnknown};

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
    let (value, combination) = overall(effects);
    effects.estimate(value, &combination)
}

/// What [`simple`] shows, and what it is off by.
pub(super) fn overall(effects: &GroupTime) -> (f64, Combination) {
    weighted_by_share(effects, &after(effects).collect::<Vec<_>>())
}

/// By start: the plain mean over its periods from the start on; overall, starts weighted by their units.
///
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_sel.
pub fn by_start(effects: &GroupTime) -> Summary<Period> {
    means_by_start(effects).summary(effects)
}

pub(super) fn means_by_start(effects: &GroupTime) -> Means<Period> {
    let parts = gather(after(effects), |cell| effects.cohort_of_cell[cell]);
    let shares = parts.keys().map(|&cohort| effects.sample.share(cohort));
    let total: f64 = shares.clone().sum();
    let each: Vec<Mean<Period>> = parts
        .iter()
        .map(|(&cohort, cells)| {
            let (value, combination) = plain_mean(effects, cells);
            let at = effects.sample.cohorts[cohort].start;
            Mean { at, value, combination, whether: Whether::Effect }
        })
        .collect();
    let value = shares.clone().zip(&each).map(|(share, mean)| share * mean.value / total).sum();
    let mut combination = Combination::none();
    for ((&cohort, share), mean) in parts.keys().zip(shares).zip(&each) {
        combination.add(share / total, &mean.combination);
        combination.put((mean.value - value) / total, effects.share_column(cohort));
    }
    Means { each, value, combination }
}

/// By period: the mean over starts that have begun, weighted by their units; overall, the plain mean over periods.
///
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_c.
pub fn by_period(effects: &GroupTime) -> Summary<Period> {
    means_by_period(effects).summary(effects)
}

pub(super) fn means_by_period(effects: &GroupTime) -> Means<Period> {
    let parts = gather(after(effects), |cell| effects.cells[cell].period);
    Means::plain(parts.into_iter().map(|(at, cells)| mean_at(effects, at, &cells)).collect(), |_| true)
}

/// By exposure (the event study): the mean over starts seen at that distance from their start, weighted by their
/// units; overall, the plain mean over exposures from 0 on.
///
/// Misleads where starts differ in their effects: each exposure is seen in other starts.
/// Source: Callaway and Sant'Anna (2021), section 3.2, theta_es.
pub fn by_exposure(effects: &GroupTime) -> Summary<i64> {
    means_by_exposure(effects).summary(effects)
}

/// The covariance matrix of the effects by exposure, with the exposures it is of, in their order; those that are bases,
/// being 0 by definition, are not in it.
///
/// - Returns the matrix in the squared unit of the outcome; `None` where some spread cannot be told.
pub fn by_exposure_covariance(effects: &GroupTime) -> Option<(Vec<i64>, Mat<f64>)> {
    let means = means_by_exposure(effects).each;
    let (at, combinations): (Vec<i64>, Vec<Combination>) = means
        .into_iter()
        .filter(|mean| mean.whether == Whether::Effect)
        .map(|mean| (mean.at, mean.combination))
        .unzip();
    (!effects.moments.is_unknown(&combinations)).then(|| (at, effects.moments.covariance(&combinations)))
}

/// Means along one axis and over it, with what each is off by.
pub(super) struct Means<K> {
    pub each: Vec<Mean<K>>,
    pub value: f64,
    pub combination: Combination,
}

/// A mean of cells, and what it is off by.
pub(super) struct Mean<K> {
    pub at: K,
    pub value: f64,
    pub combination: Combination,
    pub whether: Whether,
}

/// The means that [`by_exposure`] shows, ascending.
pub(super) fn means_by_exposure(effects: &GroupTime) -> Means<i64> {
    let parts = gather(0..effects.cells.len(), |cell| effects.cells[cell].exposure);
    let each = parts.into_iter().map(|(at, cells)| mean_at(effects, at, &cells)).collect();
    Means::plain(each, |exposure| exposure >= 0)
}

impl<K: Copy> Means<K> {
    /// Over all, the plain mean of those that count.
    fn plain(each: Vec<Mean<K>>, counts: impl Fn(K) -> bool) -> Self {
        let counted: Vec<&Mean<K>> = each.iter().filter(|mean| counts(mean.at)).collect();
        let n = counted.len() as f64;
        let mut combination = Combination::none();
        counted.iter().for_each(|mean| combination.add(1.0 / n, &mean.combination));
        let value = counted.iter().map(|mean| mean.value).sum::<f64>() / n;
        Means { each, value, combination }
    }

    fn summary(self, effects: &GroupTime) -> Summary<K> {
        let overall = effects.estimate(self.value, &self.combination);
        Summary { overall, each: self.each.into_iter().map(|mean| mean.part(effects)).collect() }
    }
}

impl<K> Mean<K> {
    pub(super) fn part(self, effects: &GroupTime) -> Part<K> {
        let effect = match self.whether {
            Whether::Effect => effects.estimate(self.value, &self.combination),
            Whether::Base => Estimate { value: self.value, spread: Spread::Unknown(WhyUnknown::BasePeriod) },
        };
        Part { at: self.at, effect }
    }
}

fn mean_at<K>(effects: &GroupTime, at: K, cells: &[usize]) -> Mean<K> {
    let (value, combination) = weighted_by_share(effects, cells);
    let base = |&cell: &usize| effects.cells[cell].effect.spread == Spread::Unknown(WhyUnknown::BasePeriod);
    let whether = if cells.iter().all(base) { Whether::Base } else { Whether::Effect };
    Mean { at, value, combination, whether }
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

/// The mean of cells weighted by the shares of their starts, what the estimated shares are off by included.
///
/// With p the share of a cell's start, the mean is sum(p x effect) / sum(p). A unit of start g moves p(g), and with
/// it the mean, by (sum of the cells of g - their number x mean) / sum(p); units of other starts do not move it.
pub(super) fn weighted_by_share(effects: &GroupTime, cells: &[usize]) -> (f64, Combination) {
    let share = |cell: usize| effects.sample.share(effects.cohort_of_cell[cell]);
    let total: f64 = cells.iter().map(|&cell| share(cell)).sum();
    let value = cells.iter().map(|&cell| share(cell) * effects.cells[cell].effect.value).sum::<f64>() / total;
    let mut combination = Combination::none();
    for &cell in cells {
        combination.put(share(cell) / total, cell);
        let moved = (effects.cells[cell].effect.value - value) / total;
        combination.put(moved, effects.share_column(effects.cohort_of_cell[cell]));
    }
    (value, combination)
}

fn plain_mean(effects: &GroupTime, cells: &[usize]) -> (f64, Combination) {
    let n = cells.len() as f64;
    let mut combination = Combination::none();
    cells.iter().for_each(|&cell| combination.put(1.0 / n, cell));
    (cells.iter().map(|&cell| effects.cells[cell].effect.value).sum::<f64>() / n, combination)
}
