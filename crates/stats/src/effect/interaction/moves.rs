//! What each cluster moves interaction-weighted effects by.

use std::collections::BTreeMap;

use faer::Mat;

use super::fit::{Fit, Group};
use crate::effect::shares::Shares;
use crate::linear::{Clusters, Coefficients, Collector, Moved};
use crate::uncertainty::{Alike, Contributions, Rows};

/// The numbers as weights on each group's period effects, and what follows from them.
pub(super) struct Moves {
    groups: Vec<OfGroup>,
}

/// What one group's period effects and residuals do to the numbers they are part of.
struct OfGroup {
    /// Those numbers, ascending.
    numbers: Vec<usize>,
    /// Periods x those numbers.
    weights: Mat<f64>,
    /// Periods x those numbers; what a residual moves each by.
    reach: Mat<f64>,
}

/// What variances would be by number, were outcomes independent and equally spread.
pub(super) struct Expected {
    /// Numbers x blocks of clusters and starts.
    pub by_block: Vec<Vec<f64>>,
    /// Of starts of one unit.
    pub of_lone: Vec<f64>,
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
        let n_periods = fit.panel.periods().len();
        let of_cohort: BTreeMap<usize, usize> =
            fit.groups.iter().enumerate().filter_map(|(place, group)| Some((group.cohort?, place))).collect();
        let comparison = fit.groups.len() - 1;
        let mut entries: Vec<Vec<(usize, usize, f64)>> = vec![Vec::new(); fit.groups.len()];
        for (number, cells) in shares.numbers.iter().enumerate() {
            for &(cell, weight) in cells {
                let cell = &shares.cells[cell];
                let group = of_cohort[&cell.cohort];
                let base = fit.groups[group].base.unwrap_or(cell.at);
                for (group, weight) in [(group, weight), (comparison, -weight)] {
                    entries[group].extend([(number, cell.at, weight), (number, base, -weight)]);
                }
            }
        }
        let of_group = |(entries, group): (Vec<(usize, usize, f64)>, &Group)| {
            // In the order of the numbers they came.
            let mut numbers: Vec<usize> = entries.iter().map(|(number, _, _)| *number).collect();
            numbers.dedup();
            let mut weights = Mat::<f64>::zeros(n_periods, numbers.len());
            let mut place = 0;
            for (number, t, weight) in entries {
                place += usize::from(numbers[place] != number);
                weights[(t, place)] += weight;
            }
            let mut reach = weights.clone();
            group.problem.solve(&mut reach);
            OfGroup { numbers, weights, reach }
        };
        Moves { groups: entries.into_iter().zip(&fit.groups).map(of_group).collect() }
    }

    /// What clusters move the numbers by, without small-sample factor.
    pub fn collect(&self, fit: &Fit<'_>, shares: &Shares, clusters: &Clusters<'_>) -> Moved {
        let (n_periods, n_numbers) = (fit.panel.periods().len(), shares.numbers.len());
        let counts = (n_periods, n_numbers, shares.exposures().len());
        let mut collector = Collector::new(counts, fit.panel.clusters(), clusters.keep());
        for (group, own) in fit.groups.iter().zip(&self.groups) {
            let n = own.numbers.len();
            let values = (0..n_periods * n).map(|i| own.reach[(i / n, i % n)]).collect();
            let coefficients = Coefficients::new(own.numbers.clone(), values);
            for part in &group.parts {
                let counts = (part.units.len(), clusters.kind_of(part.cohort));
                collector.add(&coefficients, counts, |show| {
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

    /// By number, what its variance would be, were outcomes independent and equally spread.
    pub fn expected(&self, fit: &Fit<'_>, n_numbers: usize, clusters: &Clusters<'_>) -> Expected {
        let none = vec![0.0; clusters.n_blocks()];
        let mut expected = Expected { by_block: vec![none; n_numbers], of_lone: vec![0.0; n_numbers] };
        for (group, own) in fit.groups.iter().zip(&self.groups) {
            for part in &group.parts {
                let held = clusters.held(fit.panel, part.cohort, part.units.iter());
                let seen: Vec<usize> = (0..part.seen.len()).filter(|&t| part.seen[t]).collect();
                for (place, &number) in own.numbers.iter().enumerate() {
                    let reach = || seen.iter().map(|&t| own.reach[(t, place)]);
                    let mean = reach().sum::<f64>() / seen.len() as f64;
                    let squares: f64 = reach().map(|x| (x - mean).powi(2)).sum();
                    if group.n_units() == 1 {
                        expected.of_lone[number] += squares * held.iter().sum::<f64>();
                    } else {
                        let of_blocks = expected.by_block[number].iter_mut().zip(&held);
                        of_blocks.for_each(|(sum, held)| *sum += squares * held);
                    }
                }
            }
        }
        expected
    }

    /// How the units of each pattern weigh in the first `n` numbers.
    pub fn alike(&self, fit: &Fit<'_>, clusters: &Clusters<'_>, n: usize) -> Vec<Alike> {
        let n_periods = fit.panel.periods().len();
        let mut all = Vec::new();
        for (group, own) in fit.groups.iter().zip(&self.groups) {
            for part in &group.parts {
                let n_seen = part.seen.iter().filter(|seen| **seen).count() as f64;
                let mut weights = Mat::<f64>::zeros(n, n_periods);
                for (place, &number) in own.numbers.iter().enumerate().filter(|(_, number)| **number < n) {
                    let seen = || (0..n_periods).filter(|&t| part.seen[t]);
                    let mean = seen().map(|t| own.reach[(t, place)]).sum::<f64>() / n_seen;
                    seen().for_each(|t| weights[(number, t)] = own.reach[(t, place)] - mean);
                }
                let squares = part.units.iter().map(|&unit| fit.panel.weight(unit).powi(2)).sum();
                all.push(Alike { kind: clusters.kind_of(part.cohort), squares, weights });
            }
        }
        all
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
        let of_group = self.groups.iter().zip(&fit.groups).flat_map(|(own, group)| {
            let place = own.numbers.binary_search(&number).ok().filter(|_| group.n_units() > 1);
            (0..own.weights.nrows()).map(move |t| place.map_or(0.0, |place| own.weights[(t, place)]))
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
        for (lone, alone) in fit.groups.iter().zip(&self.groups).filter(|(group, _)| group.n_units() == 1) {
            let reach = &alone.reach;
            let own = &lone.parts[0];
            let weight = fit.panel.weight(own.units[0]);
            let (mut squares, mut n_lent) = (vec![0.0; alone.numbers.len()], 0.0);
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
                        for (place, sum) in squares.iter_mut().enumerate() {
                            let moved: f64 = (0..rest.len())
                                .filter(|&t| own.seen[t])
                                .map(|t| reach[(t, place)] * rest[t])
                                .sum();
                            *sum += raise * moved * moved;
                        }
                    });
                }
            }
            for (place, squares) in squares.into_iter().enumerate() {
                let sum = &mut variances[alone.numbers[place]];
                let concerned = (0..reach.nrows()).any(|t| reach[(t, place)] != 0.0);
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
