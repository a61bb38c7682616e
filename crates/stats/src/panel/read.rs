//! A panel from a delimited text table.

use std::fmt::Write;
use std::io::Read;

use super::{Beside, NotAPeriod, Number, Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};
use crate::table::{self, Column, Table, TableRefused};

/// The names of the four columns a panel needs, and of those it can use; others are passed over.
///
/// ```
/// use traction_stats::panel::Columns;
///
/// let plain = Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let weighted = Columns { weight: Some("beds"), covariates: &["age", "share_of_nights"], ..plain };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns<'a> {
    /// Labels of the units. An empty name stands for repeated cross-sections, whose rows belong to no unit: each row
    /// is then a unit of its own, seen once.
    pub unit: &'a str,
    /// When.
    pub period: &'a str,
    /// The outcome: a number; empty or a word for nothing where none was observed.
    pub outcome: &'a str,
    /// The first period with the treatment; empty, `0`, `inf`, `never`, or a word for nothing (`NA`, `NaN`, `null`,
    /// `None`, `.`) for none.
    pub start: &'a str,
    /// Instead of `start`, which is then not looked for: 1 (or `true`) in periods with the treatment, 0 (or `false`) in
    /// those without. Once on, it stays on; the first period with it is the start.
    pub treated: Option<&'a str>,
    /// How many units of the population each stands for, up to a factor: a number above 0.
    pub weight: Option<&'a str>,
    /// Labels of the clusters; the same on all rows of a unit.
    pub cluster: Option<&'a str>,
    /// Covariates: numbers, `true` and `false` being 1 and 0; empty or a word for nothing where not known.
    pub covariates: &'a [&'a str],
}

pub(super) const WANTED_UNIT: &str = "name the unit on every row";
const WANTED_OUTCOME: &str = "give a number, or leave it empty if nothing was observed";
const WANTED_START: &str = "give the first period with the treatment, written like the periods, or leave it empty, or \
                            write never, for units without";
const WANTED_START_TRUTH: &str = "that is no period; give the unit's first period with the treatment, or name the column \
                                  as the one that says in which periods it is on";
const WANTED_TREATED: &str = "give 1 in periods with the treatment and 0 in those without";
const WANTED_WEIGHT: &str = "give a number above 0, or leave out rows that should not count";
const WANTED_CLUSTER: &str = "name the cluster on every row";
const WANTED_COVARIATE: &str = "give a number, or leave it empty if it is not known";

/// Reads a panel from a delimited text table with one row per unit and period.
pub fn read(input: impl Read, columns: &Columns<'_>, unbalanced: Unbalanced) -> Result<Panel, PanelRefused> {
    let mut table = Table::open(input)?;
    let mut reader = Reader::of(columns, |name| table.column(name))?;
    while let Some(row) = table.next_row()? {
        reader.take(row)?;
    }
    reader.builder.finish(unbalanced)
}

/// Reads rows one by one, from wherever they come.
pub(super) struct Reader {
    found: Found,
    pub builder: PanelBuilder,
    /// The row's covariates and number: room that is used again.
    covariates: Vec<Option<f64>>,
    number: String,
}

impl Reader {
    /// Finds the columns by `column`.
    pub fn of(
        columns: &Columns<'_>,
        column: impl FnMut(&str) -> Result<Column, TableRefused>,
    ) -> Result<Self, TableRefused> {
        Ok(Reader {
            found: Found::of(columns, column)?,
            builder: PanelBuilder::with_covariates(columns.covariates),
            covariates: vec![None; columns.covariates.len()],
            number: String::new(),
        })
    }

    /// Takes one row in.
    pub fn take(&mut self, row: table::Row<'_>) -> Result<(), PanelRefused> {
        let found = &self.found;
        // Starts are to be written like the periods, so a period that cannot be read comes first.
        let period = &found.period;
        let period = row.text(period).parse().map_err(|NotAPeriod| row.bad(period, NotAPeriod::WANTED))?;
        for (value, column) in self.covariates.iter_mut().zip(&found.covariates) {
            *value = read_covariate(row, column)?;
        }
        let (written, treated) = match &found.starts {
            Starts::In(column) => (read_start(row, column)?, None),
            Starts::Treated(column) => (Start::Never, Some(read_treated(row, column)?)),
        };
        let start = if let Start::At(start) = written { Some(start) } else { None };
        let unit = match &found.unit {
            Some(column) => row.some_text(column, WANTED_UNIT)?,
            None => {
                self.number.clear();
                // Writing to a string does not fail.
                let _ = write!(self.number, "row {}", row.line);
                &self.number
            }
        };
        let beside = Beside {
            weight: found.weight.as_ref().map(|column| read_weight(row, column)).transpose()?,
            cluster: found
                .cluster
                .as_ref()
                .map(|column| row.some_text(column, WANTED_CLUSTER))
                .transpose()?,
            treated,
            covariates: &self.covariates,
        };
        let seen = |outcome| Row { line: row.line, unit, period, outcome, start };
        let taken = match read_outcome(row, &found.outcome)? {
            Some(outcome) => self.builder.push_beside(seen(outcome), &beside),
            None => self.builder.push_absent(seen(f64::NAN), &beside),
        };
        taken.map_err(|why| found.named(why))?;
        if written == Start::Zero {
            self.builder.note_start_0();
        }
        Ok(())
    }
}

/// The columns of a table that were asked for.
struct Found {
    /// None where rows belong to no unit.
    unit: Option<Column>,
    period: Column,
    outcome: Column,
    starts: Starts,
    weight: Option<Column>,
    cluster: Option<Column>,
    covariates: Vec<Column>,
}

/// What tells the starts.
enum Starts {
    /// The first period with the treatment.
    In(Column),
    /// Whether each row has it.
    Treated(Column),
}

impl Found {
    fn of(
        columns: &Columns<'_>,
        mut column: impl FnMut(&str) -> Result<Column, TableRefused>,
    ) -> Result<Self, TableRefused> {
        Ok(Found {
            unit: Some(columns.unit).filter(|name| !name.is_empty()).map(&mut column).transpose()?,
            period: column(columns.period)?,
            outcome: column(columns.outcome)?,
            starts: match columns.treated {
                Some(treated) => Starts::Treated(column(treated)?),
                None => Starts::In(column(columns.start)?),
            },
            weight: columns.weight.map(&mut column).transpose()?,
            cluster: columns.cluster.map(&mut column).transpose()?,
            covariates: columns.covariates.iter().map(|name| column(name)).collect::<Result<_, _>>()?,
        })
    }

    /// The refusal with the column's name in the place of what it holds.
    fn named(&self, why: PanelRefused) -> PanelRefused {
        let column = match &why {
            PanelRefused::TooLarge { number: Number::Outcome, .. } => Some(&self.outcome),
            PanelRefused::TooLarge { number: Number::Weight, .. } => self.weight.as_ref(),
            _ => None,
        };
        match (why, column) {
            (PanelRefused::TooLarge { at, unit, period, .. }, Some(column)) => {
                PanelRefused::TooLarge { at, number: Number::Named(column.name.clone()), unit, period }
            }
            (why, _) => why,
        }
    }
}

/// How tables write that nothing is known, whatever the case of its letters.
const NOTHING: [&str; 9] = ["", "na", "n/a", "<na>", "nan", "nat", ".", "null", "none"];

fn is_nothing(text: &str) -> bool {
    NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

fn truth(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find_map(|(word, truth)| text.eq_ignore_ascii_case(word).then_some(truth))
}

fn read_treated(row: table::Row<'_>, column: &Column) -> Result<bool, TableRefused> {
    if let Some(truth) = truth(row.text(column)) {
        return Ok(truth);
    }
    match row.number(column, WANTED_TREATED)? {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(row.bad(column, WANTED_TREATED)),
    }
}

/// `None` where nothing was observed.
fn read_outcome(row: table::Row<'_>, column: &Column) -> Result<Option<f64>, TableRefused> {
    if is_nothing(row.text(column)) {
        return Ok(None);
    }
    row.number(column, WANTED_OUTCOME).map(Some)
}

fn read_weight(row: table::Row<'_>, column: &Column) -> Result<f64, TableRefused> {
    let weight = row.number(column, WANTED_WEIGHT)?;
    if weight > 0.0 { Ok(weight) } else { Err(row.bad(column, WANTED_WEIGHT)) }
}

fn read_covariate(row: table::Row<'_>, column: &Column) -> Result<Option<f64>, TableRefused> {
    let text = row.text(column);
    if is_nothing(text) {
        return Ok(None);
    }
    if let Some(truth) = truth(text) {
        return Ok(Some(f64::from(u8::from(truth))));
    }
    row.number(column, WANTED_COVARIATE).map(Some)
}

/// A start as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Start {
    /// Never, in words or by an empty cell.
    Never,
    /// The number 0, which says never.
    Zero,
    /// A period.
    At(Period),
}

fn read_start(row: table::Row<'_>, column: &Column) -> Result<Start, TableRefused> {
    let text = row.text(column);
    if is_nothing(text) || ["inf", "never"].iter().any(|never| text.eq_ignore_ascii_case(never)) {
        return Ok(Start::Never);
    }
    match text.parse() {
        Ok(Period::Number(0)) => Ok(Start::Zero),
        Ok(start) => Ok(Start::At(start)),
        Err(NotAPeriod) if truth(text).is_some() => Err(row.bad(column, WANTED_START_TRUTH)),
        Err(NotAPeriod) => Err(row.bad(column, WANTED_START)),
    }
}
