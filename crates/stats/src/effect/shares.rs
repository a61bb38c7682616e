//! Summaries as fixed weights on the effects by start and period, for methods that are linear in the outcome.
//!
//! The weights are shares of what was seen and count as given: errors do not include that other units might have
//! been seen. (Effects by group and time count the shares as estimated: see [`by_start`](super::by_start).)

use std::collections::BTreeMap;

use super::{Part, Summary};
use crate::panel::{Panel, Period};
use crate::uncertainty::Estimate;

/// An effect of one start in one period, as far as summaries ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// The place of the start.
    pub cohort: usize,
    pub start: Period,
    /// The place of the period.
    pub at: usize,
    pub period: Period,
    pub exposure: i64,
    /// The sum of the weights of the observations it rests on.
    pub size: f64,
}

/// Numbers as weights on cells: first the effects by exposure, then the rest.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    pub cells: Vec<Seen>,
    /// By number, cells and their weights.
    pub numbers: Vec<Vec<(usize, f64)>>,
    exposures: Vec<i64>,
    starts: Vec<Period>,
    periods: Vec<Period>,
}

/// The summaries, and each cell's own estimate.
#[derive(Clone, Debug)]
pub(super) struct Summaries {
    pub by_exposure: Summary<i64>,
    pub overall: Estimate,
    pub by_start: Summary<Period>,
    pub by_period: Summary<Period>,
    pub cells: Vec<Estimate>,
}

impl Shares {
    /// - `cells`: by start, within it by period; at least one from its start on.
    /// - `sizes`: by start's place, the sum of its units' weights.
    pub fn of(cells: Vec<Seen>, sizes: &[f64]) -> Self {
        let all: Vec<usize> = (0..cells.len()).collect();
        let after: Vec<usize> = all.iter().copied().filter(|&cell| cells[cell].exposure >= 0).collect();
        let mean = |chosen: &[usize]| -> Vec<(usize, f64)> {
            let total: f64 = chosen.iter().map(|&cell| cells[cell].size).sum();
            chosen.iter().map(|&cell| (cell, cells[cell].size / total)).collect()
        };
        let exposures = gather(&all, |cell| cells[cell].exposure);
        let starts = gather(&after, |cell| (cells[cell].start, cells[cell].cohort));
        let periods = gather(&after, |cell| cells[cell].period);

        let mut numbers: Vec<Vec<(usize, f64)>> = exposures.values().map(|chosen| mean(chosen)).collect();
        let since = exposures.iter().zip(&numbers).filter(|((exposure, _), _)| **exposure >= 0);
        let over_exposures = plain(since.map(|(_, weights)| weights));
        numbers.extend([over_exposures, mean(&after)]);

        let by_start: Vec<_> = starts.values().map(|chosen| mean(chosen)).collect();
        let total: f64 = starts.keys().map(|(_, cohort)| sizes[*cohort]).sum();
        let of_start = starts.keys().map(|(_, cohort)| sizes[*cohort] / total);
        let over_starts = combined(of_start.zip(&by_start));
        numbers.extend(by_start);
        numbers.push(over_starts);

        let by_period: Vec<_> = periods.values().map(|chosen| mean(chosen)).collect();
        let over_periods = plain(by_period.iter());
        numbers.extend(by_period);
        numbers.push(over_periods);
        numbers.extend(all.iter().map(|&cell| vec![(cell, 1.0)]));

        let (exposures, periods) = (exposures.into_keys().collect(), periods.into_keys().collect());
        let starts = starts.into_keys().map(|(start, _)| start).collect();
        Shares { cells, numbers, exposures, starts, periods }
    }

    /// The exposures that are shown: the first numbers are theirs.
    pub fn exposures(&self) -> &[i64] {
        &self.exposures
    }

    /// The numbers, from the effects of the cells.
    pub fn values(&self, effects: &[f64]) -> Vec<f64> {
        let value =
            |weights: &Vec<(usize, f64)>| weights.iter().map(|(cell, weight)| weight * effects[*cell]).sum();
        self.numbers.iter().map(value).collect()
    }

    /// The summaries, from the estimates of the numbers in order.
    pub fn assemble(&self, estimates: Vec<Estimate>) -> Option<Summaries> {
        let mut next = estimates.into_iter();
        let exposures = parts(&self.exposures, &mut next);
        let by_exposure = Summary { each: exposures, overall: next.next()? };
        let overall = next.next()?;
        let starts = parts(&self.starts, &mut next);
        let by_start = Summary { each: starts, overall: next.next()? };
        let periods = parts(&self.periods, &mut next);
        let by_period = Summary { each: periods, overall: next.next()? };
        Some(Summaries { by_exposure, overall, by_start, by_period, cells: next.collect() })
    }
}

/// A standard error not above this is rounding: differences of doubles carry about 1e-16 of the outcome's size.
pub(super) fn noise(panel: &Panel) -> f64 {
    let sizes = (0..panel.periods().len()).flat_map(|t| panel.column(t)).filter(|y| !y.is_nan());
    1e-13 * sizes.fold(0.0_f64, |most, y| most.max(y.abs()))
}

fn parts<K: Copy>(keys: &[K], estimates: &mut impl Iterator<Item = Estimate>) -> Vec<Part<K>> {
    keys.iter().zip(estimates).map(|(&at, effect)| Part { at, effect }).collect()
}

fn gather<K: Ord>(cells: &[usize], key: impl Fn(usize) -> K) -> BTreeMap<K, Vec<usize>> {
    let mut parts = BTreeMap::<K, Vec<usize>>::new();
    cells.iter().for_each(|&cell| parts.entry(key(cell)).or_default().push(cell));
    parts
}

/// The plain mean of numbers.
fn plain<'a>(numbers: impl Iterator<Item = &'a Vec<(usize, f64)>>) -> Vec<(usize, f64)> {
    let numbers: Vec<_> = numbers.collect();
    let n = numbers.len() as f64;
    combined(numbers.into_iter().map(|weights| (1.0 / n, weights)))
}

fn combined<'a>(numbers: impl Iterator<Item = (f64, &'a Vec<(usize, f64)>)>) -> Vec<(usize, f64)> {
    let mut sum = BTreeMap::<usize, f64>::new();
    for (share, weights) in numbers {
        weights.iter().for_each(|(cell, weight)| *sum.entry(*cell).or_default() += share * weight);
    }
    sum.into_iter().collect()
}
