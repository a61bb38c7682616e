//! Making a panel from long rows.

use std::collections::HashMap;

use super::{Calendar, Cohort, Kind, Panel, PanelRefused, Period, Unbalanced};

/// A panel with more cells than this, nearly all of them empty, is taken for a mistaken period column.
const MANY_CELLS: usize = 10_000_000;
const CELLS_PER_ROW_AT_MOST: usize = 20;

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

/// Collects rows and makes a panel of them.
#[derive(Clone, Debug, Default)]
pub struct PanelBuilder {
    units: Vec<Unit>,
    unit_places: HashMap<String, usize>,
    periods: Vec<Period>,
    period_places: HashMap<Period, usize>,
    observed: Vec<Observed>,
}

#[derive(Clone, Debug)]
struct Unit {
    label: String,
    start: Option<Period>,
    first_line: u64,
}

#[derive(Clone, Copy, Debug)]
struct Observed {
    unit: usize,
    /// In order of first appearance, until `finish` sorts the periods.
    period: usize,
    outcome: f64,
    line: u64,
}

impl PanelBuilder {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one row.
    ///
    /// Refused: an outcome that is not finite, a start other than the unit's earlier rows gave, a kind of period
    /// other than the first row's. A row that repeats a unit's period is found by [`finish`](Self::finish).
    pub fn push(&mut self, row: Row<'_>) -> Result<(), PanelRefused> {
        if !row.outcome.is_finite() {
            let unit = row.unit.to_owned();
            return Err(PanelRefused::NotFinite { line: row.line, unit, period: row.period });
        }
        let kind = self.periods.first().map_or(row.period.kind(), |first| first.kind());
        let misfit = [Some(row.period), row.start].into_iter().flatten().find(|period| period.kind() != kind);
        if let Some(found) = misfit {
            return Err(PanelRefused::MixedPeriods { line: row.line, found, expected: kind });
        }
        let unit = self.unit(row)?;
        let period = *self.period_places.entry(row.period).or_insert_with(|| {
            self.periods.push(row.period);
            self.periods.len() - 1
        });
        self.observed.push(Observed { unit, period, outcome: row.outcome, line: row.line });
        Ok(())
    }

    fn unit(&mut self, row: Row<'_>) -> Result<usize, PanelRefused> {
        let Some(&place) = self.unit_places.get(row.unit) else {
            self.unit_places.insert(row.unit.to_owned(), self.units.len());
            self.units.push(Unit { label: row.unit.to_owned(), start: row.start, first_line: row.line });
            return Ok(self.units.len() - 1);
        };
        let unit = &self.units[place];
        if unit.start != row.start {
            return Err(PanelRefused::StartChanged {
                line: row.line,
                first_line: unit.first_line,
                unit: unit.label.clone(),
                found: row.start,
                first: unit.start,
            });
        }
        Ok(place)
    }

    /// The kind of the periods so far; `None` before the first row.
    pub fn kind(&self) -> Option<Kind> {
        self.periods.first().map(|first| first.kind())
    }

    /// Makes the panel.
    ///
    /// Refused: no rows, a unit twice in one period, nearly all cells empty, nobody left after dropping.
    pub fn finish(self, unbalanced: Unbalanced) -> Result<Panel, PanelRefused> {
        if self.observed.is_empty() {
            return Err(PanelRefused::NoRows);
        }
        let (n_rows, n_units, n_periods) = (self.observed.len(), self.units.len(), self.periods.len());
        let n_cells = n_units.saturating_mul(n_periods);
        if n_cells > MANY_CELLS && n_cells / CELLS_PER_ROW_AT_MOST > n_rows {
            return Err(PanelRefused::TooSparse { n_rows, n_units, n_periods });
        }
        let (periods, outcomes) = self.grid()?;
        let complete: Vec<bool> = (0..n_units)
            .map(|unit| outcomes.iter().skip(unit).step_by(n_units).all(|y| !y.is_nan()))
            .collect();
        let n_with_gaps = complete.iter().filter(|complete| !**complete).count();
        let keeps: Vec<usize> = match unbalanced {
            Unbalanced::Keep => (0..n_units).collect(),
            Unbalanced::Drop => (0..n_units).filter(|&unit| complete[unit]).collect(),
        };
        if keeps.is_empty() {
            return Err(PanelRefused::AllDropped);
        }
        let outcomes =
            outcomes.chunks(n_units).flat_map(|column| keeps.iter().map(|&unit| column[unit])).collect();
        let last = periods[n_periods - 1];
        let after_end = |unit: &usize| self.units[*unit].start.is_some_and(|start| start > last);
        let (cohorts, never) = cohorts(keeps.iter().map(|&unit| self.units[unit].start), last);
        Ok(Panel {
            calendar: Calendar::of(&periods),
            n_start_after_end: keeps.iter().filter(|unit| after_end(unit)).count(),
            units: keeps.iter().map(|&unit| self.units[unit].label.clone()).collect(),
            periods,
            cohorts,
            never,
            outcomes,
            n_rows,
            n_with_gaps,
            n_dropped: n_units - keeps.len(),
        })
    }

    /// Sorted periods, and all outcomes by period and unit, NaN where there is none.
    fn grid(&self) -> Result<(Vec<Period>, Vec<f64>), PanelRefused> {
        let n_units = self.units.len();
        let mut periods = self.periods.clone();
        periods.sort_unstable();
        let mut place = vec![0; periods.len()];
        for (sorted, period) in periods.iter().enumerate() {
            place[self.period_places[period]] = sorted;
        }
        let mut outcomes = vec![f64::NAN; n_units * periods.len()];
        let mut lines = vec![0; outcomes.len()];
        for observed in &self.observed {
            let cell = place[observed.period] * n_units + observed.unit;
            if !outcomes[cell].is_nan() {
                return Err(PanelRefused::Twice {
                    line: observed.line,
                    first_line: lines[cell],
                    unit: self.units[observed.unit].label.clone(),
                    period: self.periods[observed.period],
                });
            }
            outcomes[cell] = observed.outcome;
            lines[cell] = observed.line;
        }
        Ok((periods, outcomes))
    }
}

/// Units by start, ascending, and those that do not start by `last`.
fn cohorts(starts: impl Iterator<Item = Option<Period>>, last: Period) -> (Vec<Cohort>, Vec<usize>) {
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
