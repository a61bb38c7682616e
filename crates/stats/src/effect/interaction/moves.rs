//! What each cluster moves interaction-weighted effects by.

use std::collections::BTreeMap;

use faer::Mat;

use super::fit::{Fit, Group};
use crate::effect::shares::Shares;
use crate::linear::{Clusters, Collector, Moved};
use crate::uncertainty::{Contributions, Rows};

/// The numbers as weights on each group's period effects, and what follows from them.
pub(super) struct Moves {
    /// By group: periods x numbers.
    weights: Vec<Mat<f64>>,
    /// By group: periods x numbers; what a residual moves each number by.
    reach: Vec<Mat<f64>>,
}

/// The spread that starts of one unit borrow from the others.
pub(super) struct Borrowed {
    /// By number; `None` where there is nobody to borrow from.
    pub variances: Vec<Option<f64>>,
    /// The lenders less their starts.
    pub df: f64,
}

impl Moves {
    pub fn of(fit: &Fit<'_>, shares: &Shares) -> Self {
        let (n_periods, n_numbers) = (fit.panel.periods().len(), shares.numbers.len());
        let of_cohort: BTreeMap<usize, usize> =
            fit.groups.iter().enumerate().filter_map(|(place, group)| Some((group.cohort?, place))).collect();
        let comparison = fit.groups.len() - 1;
        let mut weights = vec![Mat::<f64>::zeros(n_periods, n_numbers); fit.groups.len()];
        for (number, cells) in shares.numbers.iter().enumerate() {
            for &(cell, weight) in cells {
                let cell = &shares.cells[cell];
                let group = of_cohort[&cell.cohort];
                let base = fit.groups[group].base.unwrap_or(cell.at);
                for (group, sign) in [(group, 1.0), (comparison, -1.0)] {
                    weights[group][(cell.at, number)] += sign * weight;
                    weights[group][(base, number)] -= sign * weight;
                }
            }
        }
        let mut reach = weights.clone();
        reach.iter_mut().zip(&fit.groups).for_each(|(reach, group)| group.problem.solve(reach));
        Moves { weights, reach }
    }

    /// What clusters move the numbers by, without small-sample factor.
    pub fn collect(&self, fit: &Fit<'_>, shares: &Shares, clusters: &Clusters<'_>) -> Moved {
        let (n_periods, n_numbers) = (fit.panel.periods().len(), shares.numbers.len());
        let counts = (n_periods, n_numbers, shares.exposures().len());
        let mut collector = Collector::new(counts, fit.panel.clusters(), clusters.keep());
        for (group, reach) in fit.groups.iter().zip(&self.reach) {
            let cells = (0..n_periods * n_numbers).map(|i| reach[(i / n_numbers, i % n_numbers)]);
            let coefficients: Vec<f64> = cells.collect();
            for part in &group.parts {
                collector.add(&coefficients, part.units.len(), |show| {
                    let mut weighted = vec![0.0; n_periods];
                    group.for_each_rest(fit.panel, part, |unit, rest| {
                        let weight = fit.panel.weight(unit);
                        weighted.iter_mut().zip(rest).for_each(|(x, rest)| *x = weight * rest);
                        show(unit, &weighted);
                    });
                });
            }
        }
        collector.finish()
    }

    /// What few clusters contribute; starts of one unit, of which nothing is left, do not.
    pub fn few(&self, fit: &Fit<'_>, clusters: &Clusters<'_>) -> Option<Contributions> {
        let n_periods = fit.panel.periods().len();
        let n_columns = fit.groups.len() * n_periods;
        let mut rows = Vec::new();
        for (place, group) in fit.groups.iter().enumerate().filter(|(_, group)| group.n_units() > 1) {
            for part in &group.parts {
                let seen: Vec<usize> = (0..n_periods).filter(|&t| part.seen[t]).collect();
                let design = || {
                    let mut design = Mat::from_fn(seen.len(), n_columns, |_, _| 0.0);
                    for (i, t) in seen.iter().enumerate() {
                        for s in &seen {
                            let own = f64::from(u8::from(s == t)) - 1.0 / seen.len() as f64;
                            design[(i, place * n_periods + s)] = own;
                        }
                    }
                    design
                };
                let mut alike = BTreeMap::<usize, Rows>::new();
                group.for_each_rest(fit.panel, part, |unit, rest| {
                    let (cluster, weight) = (clusters.cluster(unit), fit.panel.weight(unit));
                    let residuals = vec![0.0; seen.len()];
                    let none = || Rows { cluster, design: design(), weight: 0.0, residuals };
                    let sum = alike.entry(cluster).or_insert_with(none);
                    sum.weight += weight;
                    sum.residuals.iter_mut().zip(&seen).for_each(|(sum, &t)| *sum += weight * rest[t]);
                });
                rows.extend(alike.into_values());
            }
        }
        Contributions::of(n_columns, &rows)
    }

    /// The weights of a number on what [`few`](Self::few) knows.
    pub fn contrast(&self, fit: &Fit<'_>, few: &Contributions, number: usize) -> Vec<f64> {
        let of_group = self.weights.iter().zip(&fit.groups).flat_map(|(weights, group)| {
            let counts = f64::from(u8::from(group.n_units() > 1));
            (0..weights.nrows()).map(move |t| counts * weights[(t, number)])
        });
        few.contrast(&of_group.collect::<Vec<f64>>())
    }

    /// The spread that starts of one unit borrow: that of the residuals of units which share a start and were seen
    /// whenever the lone unit was.
    pub fn borrowed(&self, fit: &Fit<'_>, n_numbers: usize) -> Borrowed {
        let lenders = || fit.groups.iter().filter(|group| group.n_units() > 1);
        let n_lenders: usize = lenders().map(Group::n_units).sum();
        let df = (n_lenders - lenders().count()).max(1) as f64;
        let mut variances = vec![Some(0.0); n_numbers];
        for (lone, reach) in fit.groups.iter().zip(&self.reach).filter(|(group, _)| group.n_units() == 1) {
            let own = &lone.parts[0];
            let weight = fit.panel.weight(own.units[0]);
            let (mut squares, mut n_lent) = (vec![0.0; n_numbers], 0.0);
            for group in lenders() {
                // As in the variance of a mean: deviations from the start's own mean are too small by 1 / n.
                let n = group.n_units() as f64;
                let raise = n / (n - 1.0) * weight * weight;
                for part in &group.parts {
                    if own.seen.iter().zip(&part.seen).any(|(own, seen)| *own && !seen) {
                        continue;
                    }
                    group.for_each_rest(fit.panel, part, |_, rest| {
                        n_lent += 1.0;
                        for (number, sum) in squares.iter_mut().enumerate() {
                            let moved: f64 = (0..rest.len())
                                .filter(|&t| own.seen[t])
                                .map(|t| reach[(t, number)] * rest[t])
                                .sum();
                            *sum += raise * moved * moved;
                        }
                    });
                }
            }
            for (number, (sum, squares)) in variances.iter_mut().zip(squares).enumerate() {
                let concerned = (0..reach.nrows()).any(|t| reach[(t, number)] != 0.0);
                *sum = match *sum {
                    _ if !concerned => *sum,
                    Some(sum) if n_lent > 0.0 => Some(sum + squares / n_lent),
                    _ => None,
                };
            }
        }
        Borrowed { variances, df }
    }
}
