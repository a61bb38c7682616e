//! Taking a table of outcomes in, whoever brings it and however: looked at whole, then taken whole or not at all.

use std::collections::BTreeMap;
use std::fmt;

use traction_domain::id::{MetricId, UnitId};
use traction_domain::measure::outcome::Outcome;
use traction_domain::measure::outcome::calendar::{self, Calendar};
use traction_domain::measure::outcome::columns::{Columns, ColumnsRefused, Matching};
use traction_domain::measure::outcome::compare::Compared;
use traction_domain::measure::outcome::reading::{self, Bad, Choice, Kept, Read};
use traction_domain::measure::outcome::units::Units;
use traction_domain::org::who::Who;
use traction_domain::refusal::Refusal;
use traction_domain::words::{Noun, counted};

use crate::measure::import::report::Report;
use crate::measure::import::sheet::Sheet;
use crate::measure::import::store as known;
use crate::measure::outcome::store::{self, Taken};
use crate::measure::outcome::verbs::{self, Mode, Recorded};
use crate::offer::metric::store::Metric;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// A refusal names so many rows; how many more there are, it counts.
const N_ROWS_NAMED: usize = 5;

/// How a table is to be read.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Which column is what; `None`: by the names that need no matching.
    pub matching: Option<Matching>,
    /// What was decided of labels that name no unit.
    pub choices: BTreeMap<String, Choice>,
    /// The calendar, where none is set yet.
    pub calendar: Option<Calendar>,
}

/// A table, looked at.
pub struct Looked {
    /// The calendar that is set for the metric.
    pub set: Option<Calendar>,
    /// The calendar by which the table was read.
    pub calendar: Option<Calendar>,
    /// What it says.
    pub read: Read,
    /// How many rows without a value are of units of which he records nothing: they say nothing.
    pub n_of_others: usize,
    /// What it would change.
    pub compared: Compared,
}

/// Rows that cannot be taken, so that none was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsRefused {
    /// The file.
    pub file: String,
    /// The rows, with their reasons; at least one.
    pub bad: Vec<Bad>,
}

impl fmt::Display for RowsRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, named(&self.bad))
    }
}

impl std::error::Error for RowsRefused {}

impl Refusal for RowsRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

/// The first of the rows that cannot be taken, and how many more there are.
pub fn named(bad: &[Bad]) -> String {
    let first: Vec<String> = bad.iter().take(N_ROWS_NAMED).map(Bad::to_string).collect();
    let n_more = bad.len().saturating_sub(N_ROWS_NAMED);
    let more = if n_more == 0 {
        String::new()
    } else {
        format!("; and {}", counted(n_more, "further row", "further rows"))
    };
    format!("{}{more}", first.join("; "))
}

/// Nothing in a whole table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: no row gives a value, so there is nothing to take; look at the column of the values")]
pub struct NothingObserved {
    /// The file.
    pub file: String,
}

impl Refusal for NothingObserved {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

/// Every unit, as labels are matched with them.
pub async fn units(sql: &Sql) -> Result<Units, Broken> {
    let known = known::units(sql).await?;
    Ok(Units::of(known.iter().map(|(slug, unit)| (slug.as_str(), unit.name.as_str(), unit.id))))
}

/// The columns of a sheet by the wish, or by their names.
pub fn columns(sheet: &Sheet, wish: &Wish) -> Result<Columns, ColumnsRefused> {
    let header = sheet.table().header;
    wish.matching.unwrap_or_else(|| Matching::by_word(header)).settled(header)
}

/// Reads a table, and compares it with what is known; keeps nothing.
///
/// Only rows of units of which he may record outcomes are compared: else it would be told what is known of the others.
pub async fn look(
    world: &World,
    who: &Who,
    metric: &Metric,
    sheet: &Sheet,
    columns: Columns,
    wish: &Wish,
) -> Result<Looked, Trouble> {
    let sql = world.store().read();
    let set = store::calendar(sql, metric.id).await?;
    let calendar = set.or(wish.calendar);
    let kept = kept(sql, metric.id, calendar).await?;
    let mut read = reading::read(sheet.table(), columns, &units(sql).await?, &wish.choices, kept);
    let n_empty = read.empty.len();
    read.empty.retain(|row| verbs::may_record(who, row.unit));
    let n_of_others = n_empty - read.empty.len();
    if !read.rows.is_empty() {
        verbs::must_record(who, read.rows.iter().map(|row| row.unit))?;
    }
    let compared = verbs::compared(sql, metric.id, &rows(&read)).await?;
    Ok(Looked { set, calendar, read, n_of_others, compared })
}

/// Of which periods a table of a metric may speak: of its calendar's, else of the kind that is known already.
pub async fn kept(sql: &Sql, metric: MetricId, calendar: Option<Calendar>) -> Result<Kept, Broken> {
    if let Some(calendar) = calendar {
        return Ok(Kept::By(calendar));
    }
    Ok(store::periods(sql, metric).await?.pop_first().map_or(Kept::Open, Kept::Like))
}

/// The calendar that the periods of a sheet seem to follow.
pub fn guessed(sheet: &Sheet, columns: Columns) -> Option<Calendar> {
    let table = sheet.table();
    let cells = table.rows.iter().filter_map(|(_, cells)| cells.get(columns.period));
    let periods: Vec<_> = cells.filter_map(|cell| calendar::read(cell).ok()).collect();
    Calendar::guessed(periods.iter().copied())
}

/// Takes a table in: what is new is kept, what is different is kept as a correction. All of it or nothing.
///
/// - `sha256`: of what was sent, in hex.
pub async fn take(
    world: &World,
    who: &Who,
    metric: &Metric,
    (sheet, sha256): (&Sheet, &str),
    wish: &Wish,
    mode: Mode,
) -> Result<Report, Trouble> {
    let columns = columns(sheet, wish)?;
    let looked = look(world, who, metric, sheet, columns, wish).await?;
    let file = || sheet.file_name().to_owned();
    if !looked.read.bad.is_empty() {
        return Err(RowsRefused { file: file(), bad: looked.read.bad }.into());
    }
    if looked.read.rows.is_empty() && looked.compared.words.is_empty() {
        return Err(NothingObserved { file: file() }.into());
    }
    let rows = rows(&looked.read);
    verbs::must_record(who, rows.iter().map(|(unit, _)| *unit))?;
    let taken = Taken { kind: "outcomes", sha256, n_rows: sheet.n_rows() };
    let mut tx = world.store().begin().await?;
    if let Some(calendar) = wish.calendar {
        verbs::record_calendar(world, &mut tx, who, metric.id, calendar).await?;
    }
    let recorded = verbs::record(world, &mut tx, who, metric.id, taken, &rows).await?;
    if mode == Mode::Take {
        world.commit(tx).await?;
    }
    Ok(Report {
        kind: "outcomes",
        n_rows: sheet.n_rows(),
        changed: changed(&recorded),
        n_unchanged: recorded.n_unchanged,
        passed_over: vec![(
            Noun::of("row without a value", "rows without a value"),
            recorded.n_missing + looked.n_of_others,
        )],
        mode,
    })
}

/// What became of the rows that change something.
fn changed(recorded: &Recorded) -> Vec<(&'static str, usize)> {
    let corrected = recorded.n_corrected - recorded.n_taken_back;
    let mut changed = vec![("new", recorded.n_new), ("corrected", corrected)];
    if recorded.n_taken_back > 0 {
        changed.push(("taken back", recorded.n_taken_back));
    }
    changed
}

/// The rows that can be taken, then those without a value, which take back what is known.
pub fn rows(read: &Read) -> Vec<(UnitId, Outcome)> {
    read.rows.iter().chain(&read.empty).map(|row| (row.unit, row.outcome)).collect()
}
