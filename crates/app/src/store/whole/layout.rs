//! Which tables there are, with their columns and keys, told by the schema's own steps.
//!
//! Both databases take the same steps, so an empty one in memory answers for either.

use std::collections::BTreeSet;

use sea_orm::DbBackend;

use crate::bind;
use crate::store::Sql;
use crate::store::cell::Kind;
use crate::store::open::in_memory;
use crate::trouble::Broken;

/// Every table of this version's schema, in an order in which each stands after those that it refers to.
pub struct Layout {
    tables: Vec<Table>,
    made: BTreeSet<Made>,
}

/// A table or an index, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// `table` or `index`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// One table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, each with what it holds, in the schema's order.
    pub(super) columns: Vec<(String, Kind)>,
    /// The columns of its primary key, in the key's order.
    pub(super) key: Vec<String>,
    /// Each column that refers to another table, the table, and the column there.
    pub(super) refers: Vec<Reference>,
}

/// A column that holds a key of another table.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub column: String,
    pub table: String,
    pub target: String,
}

impl Layout {
    /// The layout of this version.
    pub async fn of_this_version() -> Result<Layout, Broken> {
        let sql = in_memory().await;
        let sql = sql.map_err(|refused| Broken::accident("reading the schema", refused))?;
        let names = sql
            .all(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
                   AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                vec![],
            )
            .await?;
        let mut tables = Vec::new();
        for row in names {
            tables.push(table(&sql, row.text("name")?).await?);
        }
        Ok(Layout { tables: after_what_they_refer_to(tables)?, made: made(&sql).await? })
    }

    /// The tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// What the schema's steps made.
    pub fn made(&self) -> &BTreeSet<Made> {
        &self.made
    }
}

/// The tables and the named indexes that a database has.
pub async fn made(sql: &Sql) -> Result<BTreeSet<Made>, Broken> {
    let text = match sql.backend() {
        DbBackend::Sqlite => {
            "SELECT type AS kind, name AS name FROM sqlite_master WHERE type IN ('table', 'index')
               AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        _ => {
            "SELECT 'table' AS kind, CAST(t.tablename AS TEXT) AS name FROM pg_tables t
             WHERE t.schemaname = current_schema()
             UNION ALL
             SELECT 'index' AS kind, CAST(i.indexname AS TEXT) AS name FROM pg_indexes i
             WHERE i.schemaname = current_schema()"
        }
    };
    let rows = sql.all(text, vec![]).await?;
    rows.iter().map(|row| Ok(Made { kind: row.text("kind")?, name: row.text("name")? })).collect()
}

impl Table {
    /// The kind of a column.
    pub(super) fn kind(&self, column: &str) -> Option<Kind> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, kind)| *kind)
    }

    /// The tables that it refers to.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.refers.iter().map(|reference| reference.table.as_str())
    }

    /// Its columns as a list in SQL.
    pub(super) fn list(&self) -> String {
        quoted(self.columns.iter().map(|(name, _)| name))
    }
}

/// Names as SQL takes them, whatever words they are.
pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

async fn table(sql: &Sql, name: String) -> Result<Table, Broken> {
    let rows = sql
        .all("SELECT name, type AS declared, pk AS nth FROM pragma_table_info($1) ORDER BY cid", bind![name])
        .await?;
    let mut columns = Vec::new();
    let mut key = Vec::new();
    for row in &rows {
        let (column, declared) = (row.text("name")?, row.text("declared")?);
        let kind = Kind::of(&declared).ok_or_else(|| row.impossible("declared", &declared))?;
        let nth = row.count("nth")?;
        if nth > 0 {
            key.push((nth, column.clone()));
        }
        columns.push((column, kind));
    }
    key.sort();
    if key.is_empty() {
        return Err(Broken::accident("reading the schema", format!("the table {name} has no primary key")));
    }
    let refers = sql
        .all(
            "SELECT \"from\" AS column_name, \"table\" AS other, \"to\" AS target FROM pragma_foreign_key_list($1)",
            bind![name],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Reference {
                column: row.text("column_name")?,
                table: row.text("other")?,
                target: row.text("target")?,
            })
        })
        .collect::<Result<_, Broken>>()?;
    Ok(Table { name, columns, key: key.into_iter().map(|(_, column)| column).collect(), refers })
}

/// A table may refer to itself; those that refer to each other could not be filled one after the other.
fn after_what_they_refer_to(mut left: Vec<Table>) -> Result<Vec<Table>, Broken> {
    let mut ordered: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let waits = |table: &Table| {
            let others =
                table.refers.iter().map(|reference| &reference.table).filter(|other| **other != table.name);
            others.into_iter().any(|other| !ordered.iter().any(|done| done.name == *other))
        };
        let (later, ready): (Vec<Table>, Vec<Table>) = left.into_iter().partition(waits);
        if ready.is_empty() {
            let names: Vec<&str> = later.iter().map(|table| table.name.as_str()).collect();
            return Err(Broken::accident(
                "reading the schema",
                format!("these refer to each other: {names:?}"),
            ));
        }
        ordered.extend(ready);
        left = later;
    }
    Ok(ordered)
}
