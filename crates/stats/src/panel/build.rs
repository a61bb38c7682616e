//! Making a panel from long rows: one column a period, filled as the rows come.

use std::collections::HashMap;

use super::covariate::Coming;
use super::lines::Lines;
use super::places::Places;
use super::refused::{EXPONENT_MOST, Number};
use super::unit::Unit;
use super::{Kind, PanelRefused, Period, UnitLabels};
use crate::table::Place;

/// A panel with more cells than this, nearly all of them empty, is taken for a mistaken period column.
pub(super) const MANY_CELLS: usize = 10_000_000;
pub(super) const CELLS_PER_ROW_AT_MOST: usize = 20;

/// What stands in a cell whose row came without an outcome: not a number, and told by its bits from one of which no row came.
const ABSENT: f64 = f64::from_bits(f64::NAN.to_bits() | 1);

/// One observation: one unit in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// Where it comes from, for refusals: the line of a file, or the number of the row.
    pub line: u64,
    /// The unit's label.
    pub unit: &'a str,
    /// When.
    pub period: Period,
    /// The outcome, finite, in its own unit.
    pub outcome: f64,
    /// The unit's first period with the treatment; the same on all its rows.
    pub start: Option<Period>,
}

/// What may stand beside an observation; by default nothing does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beside<'a> {
    /// How many units of the population this one stands for, up to a factor: positive and finite. A unit counts by
    /// the weight of its earliest row; a panel in which some rows have none takes 1 for those.
    pub weight: Option<f64>,
    /// The cluster the unit belongs to, the same on all its rows; a unit without one is a cluster by itself.
    pub cluster: Option<&'a str>,
    /// Whether the unit has the treatment in this period, instead of a start: on from some period onwards.
    pub treated: Option<bool>,
    /// One for each covariate the builder was made with, in that order; `None` where it is not known.
    pub covariates: &'a [Option<f64>],
}

/// Collects rows and makes a panel of them.
#[derive(Clone, Debug, Default)]
pub struct PanelBuilder {
    pub(super) units: Vec<Unit>,
    pub(super) labels: UnitLabels,
    pub(super) unit_places: Places,
    pub(super) clusters: HashMap<String, usize>,
    pub(super) covariates: Vec<Coming>,
    /// In order of first appearance, as are the columns; `finish` sorts them.
    pub(super) periods: Vec<Period>,
    period_places: HashMap<Period, usize>,
    /// By period, within it by unit; a column ends with the last unit that came in it.
    pub(super) outcomes: Vec<Vec<f64>>,
    pub(super) lines: Vec<Lines>,
    n_cells: usize,
    pub(super) n_rows: usize,
    pub(super) n_absent: usize,
    /// The place of the row before, where the next one is looked for first.
    last: (usize, usize),
}

impl PanelBuilder {
    /// No rows yet, and no covariates.
    pub fn new() -> Self {
        Self::default()
    }

    /// No rows yet; each is to come with these covariates.
    pub fn with_covariates(names: &[&str]) -> Self {
        PanelBuilder { covariates: names.iter().map(|name| Coming::new(name)).collect(), ..Self::default() }
    }

    /// Adds one row with nothing beside it.
    ///
    /// Refused: an outcome that is not finite or beyond 10^70, a start other than the unit's earlier rows gave, a kind of period
    /// other than the first row's, a unit's second row for a period, cells that are nearly all empty.
    pub fn push(&mut self, row: Row<'_>) -> Result<(), PanelRefused> {
        self.push_beside(row, &Beside::default())
    }

    /// Adds one row with what stands beside it.
    ///
    /// Refused besides: a weight that is not positive and finite, a cluster other than the unit's first row named, a
    /// covariate that is not finite. That the treatment does not turn off again is found by
    /// [`finish`](Self::finish).
    pub fn push_beside(&mut self, row: Row<'_>, beside: &Beside<'_>) -> Result<(), PanelRefused> {
        if !row.outcome.is_finite() {
            let unit = row.unit.to_owned();
            return Err(PanelRefused::NotFinite { at: Place::Line(row.line), unit, period: row.period });
        }
        self.add(row, beside)
    }

    /// Adds one row in which nothing was observed: its cell stays absent, and the row is counted. What it says of its
    /// unit holds all the same.
    ///
    /// - `row`: its outcome is passed over.
    ///
    /// Refused: what [`push_beside`](Self::push_beside) refuses.
    pub fn push_absent(&mut self, row: Row<'_>, beside: &Beside<'_>) -> Result<(), PanelRefused> {
        self.n_absent += 1;
        self.add(Row { outcome: ABSENT, ..row }, beside)
    }

    fn add(&mut self, row: Row<'_>, beside: &Beside<'_>) -> Result<(), PanelRefused> {
        if let Some(number) = self.too_large(&row, beside) {
            let (at, unit, period) = (Place::Line(row.line), row.unit.to_owned(), row.period);
            return Err(PanelRefused::TooLarge { at, number, unit, period });
        }
        if beside.weight.is_some_and(|weight| !(weight.is_finite() && weight > 0.0)) {
            return Err(PanelRefused::BadWeight { at: Place::Line(row.line), unit: row.unit.to_owned() });
        }
        let kind = self.periods.first().map_or(row.period.kind(), |first| first.kind());
        let misfit = [Some(row.period), row.start].into_iter().flatten().find(|period| period.kind() != kind);
        if let Some(found) = misfit {
            return Err(PanelRefused::MixedPeriods { at: Place::Line(row.line), found, expected: kind });
        }
        let cluster = self.cluster(beside.cluster);
        let unit = self.unit(&row, cluster)?;
        self.units[unit].note(&row, beside);
        let period = self.period(row.period);
        self.put((unit, period), &row)?;
        for (covariate, value) in self.covariates.iter_mut().zip(beside.covariates) {
            if value.is_some_and(|value| !value.is_finite()) {
                let (unit, covariate) = (row.unit.to_owned(), covariate.name.clone());
                return Err(PanelRefused::CovariateNotFinite { at: Place::Line(row.line), unit, covariate });
            }
            covariate.put((unit, period), value.unwrap_or(f64::NAN), &self.outcomes);
        }
        self.last = (unit, period);
        Ok(())
    }

    fn too_large(&self, row: &Row<'_>, beside: &Beside<'_>) -> Option<Number> {
        let most = 10f64.powi(EXPONENT_MOST);
        let is = |number: f64| number.is_finite() && number.abs() > most;
        if is(row.outcome) {
            return Some(Number::Outcome);
        }
        if beside.weight.is_some_and(is) {
            return Some(Number::Weight);
        }
        let place = beside.covariates.iter().position(|value| value.is_some_and(is))?;
        Some(Number::Named(self.covariates.get(place)?.name.clone()))
    }

    fn unit(&mut self, row: &Row<'_>, cluster: Option<usize>) -> Result<usize, PanelRefused> {
        // Rows come unit by unit, or period by period, nearly always.
        let near = [self.last.0, self.last.0 + 1];
        let before = near.into_iter().find(|&place| self.labels.get(place) == Some(row.unit));
        let found = before
            .map_or_else(|| self.unit_places.find(row.unit, |place| &self.labels[place] == row.unit), Ok);
        match found {
            Ok(place) => self.units[place].check(row, cluster).map(|()| place),
            Err(free) => {
                self.unit_places.note(free, self.units.len());
                self.units.push(Unit::new(row, cluster));
                self.labels.push(row.unit);
                Ok(self.units.len() - 1)
            }
        }
    }

    fn cluster(&mut self, label: Option<&str>) -> Option<usize> {
        let label = label?;
        if let Some(place) = self.clusters.get(label) {
            return Some(*place);
        }
        self.clusters.insert(label.to_owned(), self.clusters.len());
        Some(self.clusters.len() - 1)
    }

    fn period(&mut self, period: Period) -> usize {
        for place in [self.last.1 + 1, self.last.1] {
            if self.periods.get(place) == Some(&period) {
                return place;
            }
        }
        *self.period_places.entry(period).or_insert_with(|| {
            self.periods.push(period);
            self.outcomes.push(Vec::new());
            self.lines.push(Lines::default());
            self.periods.len() - 1
        })
    }

    fn put(&mut self, (unit, period): (usize, usize), row: &Row<'_>) -> Result<(), PanelRefused> {
        let (column, lines) = (&mut self.outcomes[period], &mut self.lines[period]);
        if column.len() <= unit {
            self.n_cells += unit + 1 - column.len();
            if self.n_cells > MANY_CELLS && self.n_cells / CELLS_PER_ROW_AT_MOST > self.n_rows {
                return Err(self.too_sparse());
            }
            column.resize(unit + 1, f64::NAN);
        }
        if !column[unit].is_nan() || column[unit].to_bits() == ABSENT.to_bits() {
            return Err(PanelRefused::Twice {
                at: Place::Line(row.line),
                first_at: Place::Line(lines.of(unit).unwrap_or_default()),
                unit: row.unit.to_owned(),
                period: row.period,
            });
        }
        column[unit] = row.outcome;
        lines.note(unit, row.line);
        self.n_rows += 1;
        Ok(())
    }

    pub(super) fn too_sparse(&self) -> PanelRefused {
        let (n_rows, n_units, n_periods) = (self.n_rows, self.units.len(), self.periods.len());
        PanelRefused::TooSparse { n_rows, n_units, n_periods }
    }

    /// Notes that the row pushed last wrote its start as 0: that says never, and is worth a word where 0 is a period too.
    pub fn note_start_0(&mut self) {
        if let Some(unit) = self.units.get_mut(self.last.0) {
            unit.is_start_0 = true;
        }
    }

    /// The kind of the periods so far; `None` before the first row.
    pub fn kind(&self) -> Option<Kind> {
        self.periods.first().map(|first| first.kind())
    }
}
