//! Units in an order that nothing but what is known of them decides, so that no answer turns on how a table was sorted.
//!
//! It leaves nothing out and changes no number.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Panel;
use super::part::renumbered;

#[cfg(test)]
mod tests;

/// What parts most units: one word each for it spares looking into columns that are far apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Front {
    /// The place of its start among the starts; who never starts comes last.
    start: usize,
    /// The place of the first period in which it was seen.
    first: usize,
    /// The place of the last one.
    last: usize,
    /// Its outcome in the first, as a whole number that is larger where the outcome is.
    outcome: i64,
}

impl Panel {
    /// The same panel with its units in the order of what is known of them.
    ///
    /// By start (never comes last), by the first and the last period in which they were seen, by their outcomes period by
    /// period, by weight, by covariates, and by what is known of their clusters; by label only where all of that is the
    /// same. Clusters are numbered anew, in order of first appearance.
    ///
    /// Sums over units, and whatever chance deals over them with a seed, are then the same to the bit however the rows were
    /// sorted and however the units are called.
    #[must_use]
    pub fn in_order_of_content(mut self) -> Panel {
        let order = self.order_of_content();
        if order.iter().enumerate().all(|(place, row)| place == *row) {
            return self;
        }
        let of = |column: &[f64]| -> Vec<f64> { order.iter().map(|&row| column[row]).collect() };
        for column in &mut self.outcomes {
            *column = Arc::new(of(column));
        }
        self.weights = self.weights.as_deref().map(of);
        self.clusters = self.clusters.map(|clusters| renumbered(order.iter().map(|&row| clusters[row])));
        self.covariates.iter_mut().for_each(|covariate| covariate.reorder(&of));
        self.units = Arc::new(self.units.of(order.iter().copied()));
        let mut next = 0;
        let mut as_many = |units: &mut Vec<usize>| {
            let until = next + units.len();
            *units = (next..until).collect();
            next = until;
        };
        self.cohorts.iter_mut().for_each(|cohort| as_many(&mut cohort.units));
        as_many(&mut self.never);
        self
    }

    /// The rows in that order.
    fn order_of_content(&self) -> Vec<usize> {
        let mut fronts: Vec<(Front, usize)> = self.fronts().into_iter().zip(0..).collect();
        fronts.sort_unstable_by(|(a, left), (b, right)| {
            let rest = || self.content_but_clusters(*a, *left, *right);
            a.cmp(b).then_with(rest).then_with(|| self.units[*left].cmp(&self.units[*right]))
        });
        match &self.clusters {
            Some(clusters) => self.with_clusters(&fronts, clusters),
            None => fronts.into_iter().map(|(_, row)| row).collect(),
        }
    }

    fn fronts(&self) -> Vec<Front> {
        let nowhere = Front { start: self.cohorts.len(), first: usize::MAX, last: 0, outcome: 0 };
        let mut fronts = vec![nowhere; self.units.len()];
        for (place, cohort) in self.cohorts.iter().enumerate() {
            cohort.units.iter().for_each(|&unit| fronts[unit].start = place);
        }
        for (period, column) in self.outcomes.iter().enumerate() {
            for (front, outcome) in fronts.iter_mut().zip(column.iter()).filter(|(_, y)| !y.is_nan()) {
                if front.first == usize::MAX {
                    (front.first, front.outcome) = (period, in_order(*outcome));
                }
                front.last = period;
            }
        }
        fronts
    }

    /// Compares two units (rows) with the same front.
    fn content_but_clusters(&self, front: Front, left: usize, right: usize) -> Ordering {
        let cells = |column: &[f64]| cells(column[left], column[right]);
        let of_periods = |column: &dyn Fn(usize) -> Ordering, from: usize| {
            (from..front.last.saturating_add(1)).map(column).find(|order| order.is_ne())
        };
        let outcomes = || of_periods(&|t| cells(&self.outcomes[t]), front.first.saturating_add(1));
        let weights = || self.weights.as_deref().map(cells).filter(|order| order.is_ne());
        let covariates = || {
            self.covariates.iter().find_map(|covariate| {
                // What no outcome stands beside is no part of the panel.
                let seen = |t: usize| !self.outcomes[t][left].is_nan();
                let column = |t| if seen(t) { cells(covariate.column(t)) } else { Ordering::Equal };
                of_periods(&column, front.first)
            })
        };
        outcomes().or_else(weights).or_else(covariates).unwrap_or(Ordering::Equal)
    }

    /// The rows in order, where units that are alike are parted by their clusters. A cluster goes by its units.
    ///
    /// - `fronts`: with the rows, in the order that clusters have no part in.
    fn with_clusters(&self, fronts: &[(Front, usize)], clusters: &[usize]) -> Vec<usize> {
        let alike = |(a, left): &(Front, usize), (b, right): &(Front, usize)| {
            a == b && self.content_but_clusters(*a, *left, *right).is_eq()
        };
        let n_clusters = clusters.iter().max().map_or(0, |most| most + 1);
        let mut members: Vec<(Vec<usize>, &str)> = vec![(Vec::new(), ""); n_clusters];
        for (kind, run) in fronts.chunk_by(alike).enumerate() {
            for (_, row) in run {
                let (kinds, label) = &mut members[clusters[*row]];
                if kinds.is_empty() {
                    *label = &self.units[*row];
                }
                kinds.push(kind);
            }
        }
        let mut by_members: Vec<usize> = (0..n_clusters).collect();
        by_members.sort_unstable_by(|a, b| members[*a].cmp(&members[*b]));
        let mut place = vec![0; n_clusters];
        by_members.iter().enumerate().for_each(|(at, cluster)| place[*cluster] = at);
        let mut order: Vec<usize> = fronts.iter().map(|(_, row)| *row).collect();
        let mut rest = &mut order[..];
        for run in fronts.chunk_by(alike) {
            let (these, others) = rest.split_at_mut(run.len());
            these.sort_by_key(|row| place[clusters[*row]]);
            rest = others;
        }
        order
    }
}

/// Two cells: those in which nothing was seen are all the same, and come last.
fn cells(left: f64, right: f64) -> Ordering {
    let by_number = || if left.is_nan() { Ordering::Equal } else { left.total_cmp(&right) };
    left.is_nan().cmp(&right.is_nan()).then_with(by_number)
}

/// A whole number that is larger where the outcome is.
fn in_order(outcome: f64) -> i64 {
    let bits = outcome.to_bits().cast_signed();
    // Below 0 the bits ascend where the number descends.
    if bits < 0 { bits ^ i64::MAX } else { bits }
}
