//! Units by periods: the one shape of data every method here works on.
//!
//! A panel is built from long rows, one per unit and period. It never guesses: a unit seen twice in a period, or
//! with two starts, is refused. What it leaves out it counts. Observations that belong to no unit are no panel.

use std::sync::Arc;

mod build;
mod covariate;
mod finish;
mod labels;
mod lines;
mod order;
mod parquet;
mod part;
mod period;
mod places;
mod read;
mod refused;
#[cfg(test)]
mod tests;
mod unit;
mod unit_labels;

pub use build::{Beside, PanelBuilder, Row};
pub use covariate::Covariate;
pub use labels::{read_labels, read_labels_parquet};
pub use parquet::{Cells, read_cells_parquet, read_parquet};
pub use part::{Pretence, Until};
pub use period::{Calendar, Kind, MonthEnd, NotAPeriod, Period};
pub use read::{Columns, read};
pub use refused::{Number, PanelRefused};
pub use unit_labels::UnitLabels;

/// Units by periods, with each unit's start.
///
/// Rows and units keep the order in which they came, until [`Panel::in_order_of_content`] puts them in their own; periods
/// and starts ascend. Cells nobody observed are absent.
#[derive(Clone, Debug)]
pub struct Panel {
    units: Arc<UnitLabels>,
    periods: Vec<Period>,
    calendar: Calendar,
    cohorts: Vec<Cohort>,
    never: Vec<usize>,
    /// By period, within it by unit. Absent cells are NaN in here and nowhere outside: one flat column a period is
    /// what the estimators stream over.
    /// Parts of a panel that leave a column as it is share it.
    outcomes: Vec<Arc<Vec<f64>>>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<usize>>,
    covariates: Vec<Covariate>,
    n_rows: usize,
    n_absent: usize,
    n_unseen: usize,
    n_with_gaps: usize,
    n_dropped: usize,
    /// The starts of units that start after the last period, ascending, each once.
    late: Vec<Period>,
    n_start_after_end: usize,
    n_start_0: usize,
}

/// The units of one start.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// The first period with the treatment; it need not be an observed one.
    pub start: Period,
    /// Its units, as rows of the panel.
    pub units: Vec<usize>,
}

/// What to do with units that lack some periods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unbalanced {
    /// Use each in the comparisons whose two periods it has.
    #[default]
    Keep,
    /// Leave them out.
    Drop,
}

impl Panel {
    /// The units' labels, in order of the rows.
    pub fn units(&self) -> &UnitLabels {
        &self.units
    }

    /// The observed periods, ascending.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// How exposure is counted.
    pub fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// The units that start within the observed periods, by start, ascending.
    pub fn cohorts(&self) -> &[Cohort] {
        &self.cohorts
    }

    /// The units that never start, or only after the last observed period, as rows.
    pub fn never(&self) -> &[usize] {
        &self.never
    }

    /// How many rows the panel was built from, those left out included.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// How many of those rows had no outcome.
    pub fn n_absent(&self) -> usize {
        self.n_absent
    }

    /// How many units came with no outcome at all; they are not in the panel.
    pub fn n_unseen(&self) -> usize {
        self.n_unseen
    }

    /// How many of the units that were seen lacked some period.
    pub fn n_with_gaps(&self) -> usize {
        self.n_with_gaps
    }

    /// Whether some unit was seen in more than one period.
    pub fn has_recurring_units(&self) -> bool {
        let is_seen = |unit: usize| move |period: &usize| self.outcome(unit, *period).is_some();
        (0..self.units.len()).any(|unit| (0..self.periods.len()).filter(is_seen(unit)).nth(1).is_some())
    }

    /// How many of those were left out.
    pub fn n_dropped(&self) -> usize {
        self.n_dropped
    }

    /// How many units start after the last observed period and therefore count as never started.
    pub fn n_start_after_end(&self) -> usize {
        self.n_start_after_end
    }

    /// How many units never start because their start was written 0, although the observed periods run through 0, so that it
    /// may have been meant for a period.
    pub fn n_start_0(&self) -> usize {
        self.n_start_0
    }

    /// The starts there are, ascending, each once: within the observed periods, and after the last.
    pub fn starts(&self) -> Vec<Period> {
        self.cohorts.iter().map(|cohort| cohort.start).chain(self.late.iter().copied()).collect()
    }

    /// The outcome of `unit` (a row) in `period` (its place in order); `None` where nothing was observed.
    pub fn outcome(&self, unit: usize, period: usize) -> Option<f64> {
        Some(self.column(period)[unit]).filter(|outcome| !outcome.is_nan())
    }

    /// All units' outcomes in the period at place `period`; NaN where nothing was observed.
    pub(crate) fn column(&self, period: usize) -> &[f64] {
        &self.outcomes[period]
    }

    /// How much `unit` (a row) counts: the weight its earliest row came with; 1 where the panel has no weights.
    pub fn weight(&self, unit: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[unit])
    }

    /// Whether units count differently.
    pub fn has_weights(&self) -> bool {
        self.weights.is_some()
    }

    /// By unit, the number of its cluster: 0 is the first unit's, and no number is left out. `None` where each unit
    /// stands for itself.
    pub fn clusters(&self) -> Option<&[usize]> {
        self.clusters.as_deref()
    }

    /// What is known of the units besides the outcome, in the order it was asked for.
    pub fn covariates(&self) -> &[Covariate] {
        &self.covariates
    }

    /// The value of the covariate at place `covariate` for `unit` (a row) in `period` (its place in order); `None`
    /// where it is not known. One that never changes is known in all periods.
    pub fn covariate(&self, covariate: usize, unit: usize, period: usize) -> Option<f64> {
        Some(self.covariates[covariate].value(unit, period)).filter(|value| !value.is_nan())
    }

    /// Exposure at the period at place `period` of units that start at `start`.
    pub fn exposure(&self, period: usize, start: Period) -> i64 {
        self.calendar.exposure(self.periods[period], start)
    }
}
