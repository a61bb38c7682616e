//! Reading a table of outcomes: every row is taken, missing, left out on purpose, or refused with its line and reason.
//!
//! It looks at the whole table and stops at nothing, so that whoever corrects it sees all there is to correct. Whether a
//! table with a refused row is taken is the caller's to say; it never is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use traction_stats::panel::{Kind, Period};

use crate::id::UnitId;
use crate::measure::outcome::calendar::{self, Calendar};
use crate::measure::outcome::columns::Columns;
use crate::measure::outcome::units::{UnitUnknown, Units};
use crate::measure::outcome::{Measured, Outcome, measured};

/// What stands in a cell where nothing was observed, in small letters; an empty cell says the same.
const MISSING: [&str; 7] = ["na", "n/a", "nan", "null", "none", ".", "-"];

/// A table as text.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// The names of its columns.
    pub header: &'a [String],
    /// Its rows, each with its line in the file and a cell for each column.
    pub rows: &'a [(u64, Vec<String>)],
}

/// What was decided of a label that names no unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This unit is meant.
    Is(UnitId),
    /// Its rows are left out.
    LeaveOut,
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its line in the file.
    pub line: u64,
    /// The column it is about.
    pub column: String,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column `{}`: {}", self.line, self.column, self.why)
    }
}

/// A row that can be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// The unit.
    pub unit: UnitId,
    /// What was measured, and when.
    pub outcome: Outcome,
}

/// A table, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The rows that can be taken, in their order; each unit and period once.
    pub rows: Vec<Row>,
    /// The rows that cannot.
    pub bad: Vec<Bad>,
    /// Rows in which nothing was observed: they say nothing, and certainly not zero.
    pub n_missing: usize,
    /// Rows that are left out on purpose.
    pub n_left_out: usize,
    /// Labels that name no unit, each once, with why.
    pub unknown: Vec<UnitUnknown>,
}

/// A number, or nothing where nothing was observed; else what is wrong, and what would be right.
pub fn number(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() || MISSING.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    let finite = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let pointed = text.replacen(',', ".", 1);
    match finite(text) {
        Some(number) => Ok(Some(number)),
        None if text.contains(',') && finite(&pointed).is_some() => {
            Err(format!("`{text}` has a decimal comma; write {pointed}"))
        }
        None => Err(format!(
            "`{text}` is not a number; write it like 12 or 2.5, or leave it empty if nothing was observed"
        )),
    }
}

/// Reads a table.
///
/// - `choices`: what was decided of labels that name no unit.
/// - `calendar`: the metric's; without one, all periods must be of one kind.
pub fn read(
    table: Table<'_>,
    columns: Columns,
    units: &Units,
    choices: &BTreeMap<String, Choice>,
    calendar: Option<Calendar>,
) -> Read {
    let mut reader = Reader {
        table,
        columns,
        units,
        choices,
        calendar,
        first_kind: None,
        seen: BTreeMap::new(),
        said: BTreeSet::new(),
        read: Read::default(),
    };
    for (line, cells) in table.rows {
        match reader.row(*line, cells) {
            Ok(Meant::Row(row)) => reader.read.rows.push(row),
            Ok(Meant::Nothing) => reader.read.n_missing += 1,
            Ok(Meant::LeftOut) => reader.read.n_left_out += 1,
            Err(bad) => reader.read.bad.push(bad),
        }
    }
    reader.read
}

/// What a row means.
enum Meant {
    Row(Row),
    Nothing,
    LeftOut,
}

struct Reader<'a> {
    table: Table<'a>,
    columns: Columns,
    units: &'a Units,
    choices: &'a BTreeMap<String, Choice>,
    calendar: Option<Calendar>,
    first_kind: Option<(Kind, u64)>,
    seen: BTreeMap<(UnitId, Period), u64>,
    /// The labels whose trouble is told already.
    said: BTreeSet<&'a str>,
    read: Read,
}

impl<'a> Reader<'a> {
    fn row(&mut self, line: u64, cells: &'a [String]) -> Result<Meant, Bad> {
        let columns = self.columns;
        let label = cell(cells, columns.unit);
        if label.is_empty() {
            return Err(self.bad(line, columns.unit, "nothing is there; name the unit on every row".into()));
        }
        let unit = match self.choices.get(label) {
            Some(Choice::LeaveOut) => return Ok(Meant::LeftOut),
            Some(Choice::Is(unit)) => Ok(*unit),
            None => self.units.find(label),
        };
        let unit = unit.map_err(|unknown| {
            let why = unknown.to_string();
            if self.said.insert(label) {
                self.read.unknown.push(unknown);
            }
            self.bad(line, columns.unit, why)
        })?;
        let period = self.period(line, cell(cells, columns.period))?;
        if let Some(first) = self.seen.insert((unit, period), line) {
            let why = format!("`{label}` has a row for {period} already on line {first}; keep one of them");
            return Err(self.bad(line, columns.period, why));
        }
        let outcome = self.measured(line, cells)?.map(|measured| Outcome { period, measured });
        Ok(outcome.map_or(Meant::Nothing, |outcome| Meant::Row(Row { line, unit, outcome })))
    }

    fn period(&mut self, line: u64, written: &str) -> Result<Period, Bad> {
        let column = self.columns.period;
        if written.is_empty() {
            return Err(self.bad(
                line,
                column,
                "nothing is there; give a year, a year-month or a date".into(),
            ));
        }
        let period = match self.calendar {
            Some(calendar) => calendar.read(written),
            None => calendar::read(written),
        };
        let period = period.map_err(|refused| self.bad(line, column, refused.to_string()))?;
        let (kind, first) = *self.first_kind.get_or_insert((period.kind(), line));
        if period.kind() != kind {
            let why = format!(
                "`{period}` is not of one kind with line {first}, which has {kind}; write all periods alike"
            );
            return Err(self.bad(line, column, why));
        }
        Ok(period)
    }

    /// What was measured; `None` where nothing was observed.
    fn measured(&self, line: u64, cells: &[String]) -> Result<Option<Measured>, Bad> {
        let read = |column: Option<usize>| match column {
            None => Ok(None),
            Some(at) => number(cell(cells, at)).map_err(|why| self.bad(line, at, why)),
        };
        let value = read(self.columns.value)?;
        let (numerator, denominator) = match self.columns.parts {
            Some((numerator, denominator)) => (read(Some(numerator))?, read(Some(denominator))?),
            None => (None, None),
        };
        if value.is_none() && numerator.is_none() && denominator.is_none() {
            return Ok(None);
        }
        let about = match self.columns.parts {
            Some((_, denominator)) if value.is_none() || numerator.is_some() => denominator,
            _ => self.columns.value.unwrap_or(self.columns.period),
        };
        measured(value, numerator, denominator)
            .map(Some)
            .map_err(|refused| self.bad(line, about, refused.to_string()))
    }

    fn bad(&self, line: u64, column: usize, why: String) -> Bad {
        Bad { line, column: self.table.header.get(column).cloned().unwrap_or_default(), why }
    }
}

fn cell(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| cell.trim())
}
