//! Whether two databases say the same, row by row.

use std::collections::HashMap;
use std::fmt::{self, Display};

use sea_orm::Value;

use super::copy::{Pages, key_of, n_rows};
use super::layout::Table;
use crate::store::Sql;
use crate::store::cell::Cell;
use crate::trouble::Broken;

/// How many rows are looked up at once: within what SQLite binds in one statement.
const N_AT_ONCE: usize = 500;

/// The first thing that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In which table.
    pub table: String,
    /// In which row, by its key; `None`: there are rows too many.
    pub key: Option<String>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "the row {key} of {} did not arrive as it was", self.table),
            None => write!(f, "{} has rows that nobody copied", self.table),
        }
    }
}

/// Looks up every row of `a` in `b`, to the bit; then that `b` has none besides.
pub async fn compare(a: &Sql, b: &Sql, table: &Table) -> Result<Option<Difference>, Broken> {
    let differs = |key| Ok(Some(Difference { table: table.name.clone(), key }));
    let mut n_looked_up = 0;
    let mut pages = Pages::of(table);
    while let Some(rows) = pages.next(a).await? {
        for rows in rows.chunks(N_AT_ONCE) {
            let found = look_up(b, table, rows).await?;
            let missing = rows.iter().find(|row| found.get(&key_of(table, row)) != Some(*row));
            if let Some(row) = missing {
                let key: Vec<String> = key_of(table, row).iter().map(Cell::to_string).collect();
                return differs(Some(key.join(", ")));
            }
            n_looked_up += rows.len();
        }
    }
    if n_rows(b, table).await? == n_looked_up { Ok(None) } else { differs(None) }
}

/// The rows of `sql` that have the keys of these.
async fn look_up(
    sql: &Sql,
    table: &Table,
    rows: &[Vec<Cell>],
) -> Result<HashMap<Vec<Cell>, Vec<Cell>>, Broken> {
    let width = table.key.len();
    let keys = (0..rows.len()).map(|row| {
        let places: Vec<String> = (1..=width).map(|n| sql.place(row * width + n)).collect();
        format!("({})", places.join(", "))
    });
    let columns: Vec<String> =
        table.columns.iter().map(|(name, _)| format!("t.\"{name}\" AS \"{name}\"")).collect();
    let same: Vec<String> = table
        .key
        .iter()
        .enumerate()
        .map(|(n, column)| format!("t.\"{column}\" = k.column{}", n + 1))
        .collect();
    let text = format!(
        "SELECT {} FROM (VALUES {}) AS k JOIN \"{}\" t ON {}",
        columns.join(", "),
        keys.collect::<Vec<_>>().join(", "),
        table.name,
        same.join(" AND ")
    );
    let kinds: Vec<_> = table.key.iter().filter_map(|column| table.kind(column)).collect();
    let values: Vec<Value> = rows
        .iter()
        .flat_map(|row| key_of(table, row).into_iter().zip(&kinds).map(|(cell, kind)| cell.value(*kind)))
        .collect();
    let found = sql.all(&text, values).await?;
    found
        .iter()
        .map(|row| {
            let cells: Vec<Cell> = table
                .columns
                .iter()
                .map(|(column, kind)| row.cell(column, *kind))
                .collect::<Result<_, Broken>>()?;
            Ok((key_of(table, &cells), cells))
        })
        .collect()
}
