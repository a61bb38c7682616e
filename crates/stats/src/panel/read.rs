//! A panel from a delimited text table.

use std::io::Read;

use super::{NotAPeriod, Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};
use crate::table::{self, Table, TableRefused};

/// The names of the four columns a panel needs; others are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns<'a> {
    /// Labels of the units.
    pub unit: &'a str,
    /// When.
    pub period: &'a str,
    /// The outcome: a number.
    pub outcome: &'a str,
    /// The first period with the treatment; empty, `0`, `inf`, `NA` or `never` for none.
    pub start: &'a str,
}

const WANTED_UNIT: &str = "name the unit on every row";
const WANTED_OUTCOME: &str = "give a number, or remove the row if nothing was observed";
const WANTED_START: &str = "give the first period with the treatment, written like the periods, or leave it empty, or \
                            write never, for units without";

/// Reads a panel from a table with one row per unit and period.
pub fn read(input: impl Read, columns: &Columns<'_>, unbalanced: Unbalanced) -> Result<Panel, PanelRefused> {
    let mut table = Table::open(input)?;
    let unit = table.column(columns.unit)?;
    let period = table.column(columns.period)?;
    let outcome = table.column(columns.outcome)?;
    let start = table.column(columns.start)?;
    let mut builder = PanelBuilder::new();
    while let Some(row) = table.next_row()? {
        builder.push(Row {
            line: row.line,
            unit: row.some_text(&unit, WANTED_UNIT)?,
            period: row.text(&period).parse().map_err(|NotAPeriod| row.bad(&period, NotAPeriod::WANTED))?,
            outcome: row.number(&outcome, WANTED_OUTCOME)?,
            start: read_start(row, &start)?,
        })?;
    }
    builder.finish(unbalanced)
}

fn read_start(row: table::Row<'_>, column: &table::Column) -> Result<Option<Period>, TableRefused> {
    let text = row.text(column);
    if ["", "inf", "na", "never"].iter().any(|never| text.eq_ignore_ascii_case(never)) {
        return Ok(None);
    }
    match text.parse() {
        Ok(Period::Number(0)) => Ok(None),
        Ok(start) => Ok(Some(start)),
        Err(NotAPeriod) => Err(row.bad(column, WANTED_START)),
    }
}
