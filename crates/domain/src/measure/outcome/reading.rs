//! Reading a table of outcomes: every row is taken, missing, left out on purpose, or refused with its line and reason.
//!
//! It looks at the whole table and stops at nothing, so that whoever corrects it sees all there is to correct. Whether a
//! table with a refused row is taken is the caller's to say; it never is.

use std::collections::BTreeMap;
use std::fmt;

use traction_stats::panel::{Kind, Period};

use crate::id::UnitId;
use crate::measure::outcome::calendar::{self, Calendar, PeriodRefused};
use crate::measure::outcome::columns::{Columns, Part};
pub use crate::measure::outcome::flaw::Flaw;
use crate::measure::outcome::numbers::{Point, Written, number};
use crate::measure::outcome::units::{UnitUnknown, Units};
use crate::measure::outcome::written::in_one;
use crate::measure::outcome::{Measured, Outcome, OutcomeRefused, measured};

/// For so many labels that name no unit, those are looked for that are called alike.
const N_LOOKED_FOR: usize = 40;

/// A table as text.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// The names of its columns.
    pub header: &'a [String],
    /// Its rows, each with its line in the file and a cell for each column.
    pub rows: &'a [(u64, Vec<String>)],
    /// What a point before three digits is in it.
    pub point: Point,
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
    /// What is wrong, without anything that stands there.
    pub flaw: Flaw,
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
    /// The rows in which nothing was observed: certainly not zero. Where a value is known they take it back.
    pub empty: Vec<Row>,
    /// Rows that are left out on purpose.
    pub n_left_out: usize,
    /// Labels that name no unit, each once, with why.
    pub unknown: Vec<UnitUnknown>,
}

/// Of which periods a table may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Of those of the metric's calendar.
    By(Calendar),
    /// Of those of the kind of which this one is known already.
    Like(Period),
    /// Of any one kind.
    Open,
}

/// Reads a table.
///
/// - `choices`: what was decided of labels that name no unit.
/// - `kept`: of which periods it may speak; all of them must be of one kind.
pub fn read(
    table: Table<'_>,
    columns: Columns,
    units: &Units,
    choices: &BTreeMap<String, Choice>,
    kept: Kept,
) -> Read {
    let (numerator, denominator) = columns.parts.unzip();
    let written = |at: usize| {
        let cells = table.rows.iter().map(|(_, cells)| cell(cells, at));
        (at, Written::of(cells, table.point))
    };
    let measured = [columns.value, numerator, denominator];
    let mut reader = Reader {
        table,
        columns,
        units,
        choices,
        kept,
        first_kind: None,
        seen: BTreeMap::new(),
        found: BTreeMap::new(),
        written: measured.into_iter().flatten().map(written).collect(),
        read: Read::default(),
    };
    for (line, cells) in table.rows {
        match reader.row(*line, cells) {
            Ok(Meant::Row(row)) => reader.read.rows.push(row),
            Ok(Meant::Nothing(row)) => reader.read.empty.push(row),
            Ok(Meant::LeftOut) => reader.read.n_left_out += 1,
            Err(bad) => reader.read.bad.push(bad),
        }
    }
    reader.read
}

/// What a row means.
enum Meant {
    Row(Row),
    Nothing(Row),
    LeftOut,
}

struct Reader<'a> {
    table: Table<'a>,
    columns: Columns,
    units: &'a Units,
    choices: &'a BTreeMap<String, Choice>,
    kept: Kept,
    first_kind: Option<(Kind, u64)>,
    seen: BTreeMap<(UnitId, Period), u64>,
    /// What labels mean, or why they mean no unit.
    found: BTreeMap<&'a str, Result<UnitId, String>>,
    /// How the columns of numbers are written.
    written: BTreeMap<usize, Written>,
    read: Read,
}

impl<'a> Reader<'a> {
    fn row(&mut self, line: u64, cells: &'a [String]) -> Result<Meant, Bad> {
        let columns = self.columns;
        let label = cell(cells, columns.unit);
        if label.is_empty() {
            let why = "nothing is there; name the unit on every row";
            return Err(self.bad(line, columns.unit, Flaw::Unit, why.into()));
        }
        let unit = match self.choices.get(label) {
            Some(Choice::LeaveOut) => return Ok(Meant::LeftOut),
            Some(Choice::Is(unit)) => Ok(*unit),
            None => self.unit(label),
        };
        let unit = unit.map_err(|why| self.bad(line, columns.unit, Flaw::Unit, why))?;
        let period = self.period(line, cell(cells, columns.period))?;
        if let Some(first) = self.seen.insert((unit, period), line) {
            let why = format!("`{label}` has a row for {period} already on line {first}; keep one of them");
            return Err(self.bad(line, columns.period, Flaw::Twice, why));
        }
        let row = |measured| Row { line, unit, outcome: Outcome { period, measured } };
        Ok(match self.measured(line, cells)? {
            Measured::Nothing => Meant::Nothing(row(Measured::Nothing)),
            measured => Meant::Row(row(measured)),
        })
    }

    /// The unit of a label, looked for once however many rows have it.
    fn unit(&mut self, label: &'a str) -> Result<UnitId, String> {
        if let Some(known) = self.found.get(label) {
            return known.clone();
        }
        let looks = self.read.unknown.len() < N_LOOKED_FOR;
        let found = if looks { self.units.find(label) } else { self.units.named(label) };
        let found = found.map_err(|unknown| {
            let why = unknown.to_string();
            self.read.unknown.push(unknown);
            why
        });
        self.found.insert(label, found.clone());
        found
    }

    fn period(&mut self, line: u64, written: &str) -> Result<Period, Bad> {
        let column = self.columns.period;
        if written.is_empty() {
            return Err(self.bad(
                line,
                column,
                Flaw::Period,
                "nothing is there; give a year, a year-month or a date".into(),
            ));
        }
        let goes_on = matches!(self.kept, Kept::Like(known) if in_one(known).is_some());
        let meant = calendar::read(written).ok().and_then(in_one).filter(|_| !goes_on);
        if let Some(meant) = meant {
            let refused = PeriodRefused::InOne { written: written.to_owned(), meant };
            return Err(self.bad(line, column, Flaw::InOne, refused.to_string()));
        }
        let period = match self.kept {
            Kept::By(calendar) => calendar.read(written),
            Kept::Like(_) | Kept::Open => calendar::read(written),
        };
        let period = period.map_err(|refused| {
            let is_moment = matches!(refused, PeriodRefused::Moment { .. });
            let flaw = if is_moment { Flaw::Moment } else { Flaw::Period };
            self.bad(line, column, flaw, refused.to_string())
        })?;
        if let Kept::Like(known) = self.kept
            && known.kind() != period.kind()
        {
            let why = format!(
                "`{period}` is not of one kind with what is known of this metric, which has {known}; write all periods alike"
            );
            return Err(self.bad(line, column, Flaw::Period, why));
        }
        let (kind, first) = *self.first_kind.get_or_insert((period.kind(), line));
        if period.kind() != kind {
            let why = format!(
                "`{period}` is not of one kind with line {first}, which has {kind}; write all periods alike"
            );
            return Err(self.bad(line, column, Flaw::Period, why));
        }
        Ok(period)
    }

    fn measured(&self, line: u64, cells: &[String]) -> Result<Measured, Bad> {
        let read = |column: Option<usize>| match column {
            None => Ok(None),
            Some(at) => number(cell(cells, at), self.written.get(&at).copied().unwrap_or_default())
                .map_err(|why| self.bad(line, at, Flaw::Number, why)),
        };
        let value = read(self.columns.value)?;
        let (numerator, denominator) = match self.columns.parts {
            Some((numerator, denominator)) => (read(Some(numerator))?, read(Some(denominator))?),
            None => (None, None),
        };
        measured(value, numerator, denominator).map_err(|refused| {
            let place = |part: Part| {
                let parts = self.columns.parts.unwrap_or((self.columns.period, self.columns.period));
                match part {
                    Part::Numerator => parts.0,
                    Part::Denominator => parts.1,
                    _ => self.columns.value.unwrap_or(parts.1),
                }
            };
            let (part, flaw) = match refused {
                OutcomeRefused::NoDenominator => (Part::Denominator, Flaw::NoDenominator),
                OutcomeRefused::NoNumerator => (Part::Numerator, Flaw::NoNumerator),
                OutcomeRefused::Negative { .. } => (Part::Denominator, Flaw::Negative),
                OutcomeRefused::OfNobody { .. } => (Part::Value, Flaw::OfNobody),
                OutcomeRefused::SomeOfNobody { .. } => (Part::Denominator, Flaw::SomeOfNobody),
                OutcomeRefused::Beyond { .. } => (Part::Denominator, Flaw::Beyond),
                OutcomeRefused::Both { .. } => (Part::Value, Flaw::Both),
            };
            self.bad(line, place(part), flaw, refused.to_string())
        })
    }

    fn bad(&self, line: u64, column: usize, flaw: Flaw, why: String) -> Bad {
        Bad { line, column: self.table.header.get(column).cloned().unwrap_or_default(), flaw, why }
    }
}

fn cell(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| cell.trim())
}
