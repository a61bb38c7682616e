//! From rows to the panel: periods in order, units that were seen, starts, and what was left out counted.

use std::sync::Arc;

use super::build::{CELLS_PER_ROW_AT_MOST, MANY_CELLS, PanelBuilder};
use super::refused::EXPONENT_MOST;
use super::unit::{clusters, weights};
use super::{Calendar, Cohort, Panel, PanelRefused, Period, Unbalanced};

impl PanelBuilder {
    /// Makes the panel.
    ///
    /// Units and periods of which no row has an outcome are not in it; the units are counted.
    ///
    /// Refused: no rows, no outcome, none farther than 10^-70 from 0 (but all 0 will do), nearly all cells empty, a treatment that turns off again, nobody left after
    /// dropping.
    pub fn finish(mut self, unbalanced: Unbalanced) -> Result<Panel, PanelRefused> {
        if self.n_rows == 0 {
            return Err(PanelRefused::NoRows);
        }
        if self.n_rows == self.n_absent {
            return Err(PanelRefused::NoOutcome { n_rows: self.n_rows });
        }
        let sizes = self.outcomes.iter().flatten().map(|outcome| outcome.abs());
        let most = sizes.fold(0.0, f64::max);
        if most > 0.0 && most < 10f64.powi(-EXPONENT_MOST) {
            return Err(PanelRefused::TooSmall);
        }
        let n_units = self.units.len();
        let n_cells = n_units.saturating_mul(self.periods.len());
        if n_cells > MANY_CELLS && n_cells / CELLS_PER_ROW_AT_MOST > self.n_rows {
            return Err(self.too_sparse());
        }
        drop(std::mem::take(&mut self.lines));
        drop(std::mem::take(&mut self.unit_places));
        for column in &mut self.outcomes {
            column.resize(n_units, f64::NAN);
        }
        let mut order = self.periods_seen();
        order.sort_unstable_by_key(|&place| self.periods[place]);
        let periods: Vec<Period> = order.iter().map(|&place| self.periods[place]).collect();
        let last = periods[periods.len() - 1];
        let n_periods_seen = self.n_periods_seen(&order);
        let n_unseen = n_periods_seen.iter().filter(|n| **n == 0).count();
        let n_complete = n_periods_seen.iter().filter(|n| **n == order.len()).count();
        let fewest = match unbalanced {
            Unbalanced::Drop => order.len(),
            Unbalanced::Keep => 1,
        };
        let keeps = Keeps { whether: n_periods_seen.into_iter().map(|n| n >= fewest).collect() };
        if !keeps.whether.contains(&true) {
            return Err(PanelRefused::AllDropped);
        }
        let units = keeps.of(self.units);
        let mut labels = match keeps.all() {
            true => self.labels,
            false => self.labels.of(keeps.rows()),
        };
        labels.shrink();
        let starts = units
            .iter()
            .zip(labels.iter())
            .map(|(unit, label)| unit.settled_start(label))
            .collect::<Result<Vec<_>, _>>()?;
        let (cohorts, never) = cohorts(starts.iter().copied(), last);
        let is_period_0 = (periods[0]..=last).contains(&Period::Number(0));
        let late: Vec<Period> = starts.into_iter().flatten().filter(|start| *start > last).collect();
        Ok(Panel {
            calendar: Calendar::of(&periods),
            n_start_after_end: late.len(),
            late: each_once(late),
            n_start_0: units.iter().filter(|unit| is_period_0 && unit.is_start_0).count(),
            cohorts,
            never,
            outcomes: order
                .iter()
                .map(|&place| Arc::new(keeps.of(std::mem::take(&mut self.outcomes[place]))))
                .collect(),
            weights: weights(&units),
            clusters: clusters(&units, self.clusters.len()),
            covariates: self
                .covariates
                .into_iter()
                .map(|covariate| covariate.finish(&order, &keeps))
                .collect(),
            n_rows: self.n_rows,
            n_absent: self.n_absent,
            n_unseen,
            n_with_gaps: n_units - n_unseen - n_complete,
            n_dropped: n_units - n_unseen - units.len(),
            units: Arc::new(labels),
            periods,
        })
    }

    /// The places of the periods in which something was observed.
    fn periods_seen(&self) -> Vec<usize> {
        let is_seen = |place: &usize| {
            self.n_absent == 0 || self.outcomes[*place].iter().any(|outcome| !outcome.is_nan())
        };
        (0..self.periods.len()).filter(is_seen).collect()
    }

    /// By unit, in how many of these periods it was seen.
    fn n_periods_seen(&self, places: &[usize]) -> Vec<usize> {
        let mut n_seen = vec![0_usize; self.units.len()];
        for &place in places {
            let column = &self.outcomes[place];
            n_seen.iter_mut().zip(column).for_each(|(n, outcome)| *n += usize::from(!outcome.is_nan()));
        }
        n_seen
    }
}

fn each_once(mut starts: Vec<Period>) -> Vec<Period> {
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Which units stay.
pub(super) struct Keeps {
    whether: Vec<bool>,
}

impl Keeps {
    /// How many units there were.
    pub fn n_before(&self) -> usize {
        self.whether.len()
    }

    /// Whether all stay.
    fn all(&self) -> bool {
        self.whether.iter().all(|whether| *whether)
    }

    /// The units that stay, as rows.
    fn rows(&self) -> impl Iterator<Item = usize> {
        self.whether.iter().enumerate().filter(|(_, whether)| **whether).map(|(row, _)| row)
    }

    /// What there is of the units that stay, in no more room than it takes.
    pub fn of<T>(&self, mut all: Vec<T>) -> Vec<T> {
        let mut whether = self.whether.iter();
        all.retain(|_| whether.next().copied().unwrap_or_default());
        all.shrink_to_fit();
        all
    }
}

/// Units by start, ascending, and those that do not start by `last`.
///
/// - `starts`: by unit.
pub(super) fn cohorts(
    starts: impl Iterator<Item = Option<Period>>,
    last: Period,
) -> (Vec<Cohort>, Vec<usize>) {
    let mut by_start = std::collections::BTreeMap::<Period, Vec<usize>>::new();
    let mut never = Vec::new();
    for (unit, start) in starts.enumerate() {
        match start.filter(|start| *start <= last) {
            Some(start) => by_start.entry(start).or_default().push(unit),
            None => never.push(unit),
        }
    }
    (by_start.into_iter().map(|(start, units)| Cohort { start, units }).collect(), never)
}

#[cfg(test)]
mod tests;
