//! Copying every row of one database into another, all of them or none.

use sea_orm::Value;

use super::layout::{Layout, Reference, Table, quoted};
use super::{Difference, compare};
use crate::store::cell::Cell;
use crate::store::{Sql, Store, Tx};
use crate::trouble::Broken;

/// How many rows are read at once.
const N_AT_ONCE: usize = 5_000;

/// Why nothing was copied. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum NotCopied {
    /// There is something already.
    #[error(
        "the database at {place} is in use already ({table} has {n_rows} rows); choose an empty one, or a folder that does not exist yet"
    )]
    NotEmpty {
        /// Where it is.
        place: String,
        /// A table with rows.
        table: String,
        /// How many.
        n_rows: usize,
    },
    /// What was read again is not what was written.
    #[error("nothing was written: {0}; please report this, and keep the old database")]
    Differs(Difference),
    /// Somebody wrote meanwhile.
    #[error(
        "nothing was written: {table} was written to while it was read; stop the servers that use the database, and try again"
    )]
    Moved {
        /// Where something came.
        table: String,
    },
    /// An accident.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// The first table that has rows, and how many.
pub async fn holds(sql: &Sql, layout: &Layout) -> Result<Option<(String, usize)>, Broken> {
    for table in layout.tables() {
        let n = n_rows(sql, table).await?;
        if n > 0 {
            return Ok(Some((table.name.clone(), n)));
        }
    }
    Ok(None)
}

/// How many rows a table has.
pub async fn n_rows(sql: &Sql, table: &Table) -> Result<usize, Broken> {
    let row = sql.one(&format!("SELECT COUNT(*) AS n FROM \"{}\"", table.name), vec![]).await?;
    row.map_or(Ok(0), |row| row.count("n"))
}

/// What was copied and compared, and is not kept yet: dropped, it leaves nothing behind.
pub struct Pasted {
    tx: Tx,
    /// How many rows there are in all.
    pub n_rows: usize,
}

impl Pasted {
    /// Keeps it.
    pub async fn keep(self) -> Result<(), Broken> {
        self.tx.close().await.map(drop)
    }
}

/// Each column by which rows of a table refer to rows that are not there, and how many do.
pub async fn lost_references(sql: &Sql, table: &Table) -> Result<Vec<(String, usize)>, Broken> {
    let mut lost = Vec::new();
    for Reference { column, table: other, target } in &table.refers {
        let text = format!(
            "SELECT COUNT(*) AS n FROM \"{}\" a WHERE a.\"{column}\" IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM \"{other}\" b WHERE b.\"{target}\" = a.\"{column}\")",
            table.name
        );
        let n = sql.one(&text, vec![]).await?.map_or(Ok(0), |row| row.count("n"))?;
        if n > 0 {
            lost.push((column.clone(), n));
        }
    }
    Ok(lost)
}

/// Writes all that `from` shows into the empty database `to`, at `place` in messages, and reads it again row by row: it is
/// the same, or refused. `tell` hears how many rows are written.
pub async fn paste(
    from: &Sql,
    (to, place): (&Store, &str),
    layout: &Layout,
    tell: impl Fn(usize),
) -> Result<Pasted, NotCopied> {
    let tx = to.begin().await?;
    if let Some((table, n_rows)) = holds(&tx, layout).await? {
        return Err(NotCopied::NotEmpty { place: place.to_owned(), table, n_rows });
    }
    let referring = put_off_references(&tx, to).await?;
    let mut total = 0;
    for table in layout.tables() {
        copy(from, &tx, table, |n| {
            total += n;
            tell(total);
        })
        .await?;
    }
    take_up_references(&tx, to, &referring).await?;
    for table in layout.tables() {
        if let Some(difference) = compare(from, &tx, table).await? {
            return Err(NotCopied::Differs(difference));
        }
    }
    Ok(Pasted { tx, n_rows: total })
}

/// Keeps everybody from writing to a database until what is returned is dropped; it reads what is there now.
pub async fn hold(store: &Store, layout: &Layout) -> Result<Tx, Broken> {
    let tx = store.begin().await?;
    if !store.is_embedded() {
        // Events do not wait for verbs there, but they wait for this.
        for table in layout.tables() {
            tx.run(&format!("LOCK TABLE \"{}\" IN SHARE MODE", table.name), vec![]).await?;
        }
    }
    Ok(tx)
}

/// The first table that says something else now than `then`: somebody wrote meanwhile. A row may be changed or gone without
/// another that tells of it: a session that was ended, a link that was used.
pub async fn moved(then: &Sql, now: &Sql, layout: &Layout) -> Result<Option<NotCopied>, Broken> {
    for table in layout.tables() {
        if compare(then, now, table).await?.is_some() {
            return Ok(Some(NotCopied::Moved { table: table.name.clone() }));
        }
    }
    Ok(None)
}

/// Copies one table, page by page in the order of its key.
async fn copy(from: &Sql, to: &Sql, table: &Table, mut tell: impl FnMut(usize)) -> Result<(), Broken> {
    let head = format!("INSERT INTO \"{}\" ({}) VALUES", table.name, table.list());
    let mut pages = Pages::of(table);
    while let Some(rows) = pages.next(from).await? {
        tell(rows.len());
        let values = rows.into_iter().map(|row| values(table, row)).collect();
        to.insert_many(&head, values, "").await?;
    }
    Ok(())
}

fn values(table: &Table, row: Vec<Cell>) -> Vec<Value> {
    row.into_iter().zip(&table.columns).map(|(cell, (_, kind))| cell.value(*kind)).collect()
}

/// A table's rows, some thousand at once.
pub(super) struct Pages<'a> {
    table: &'a Table,
    /// The key of the last row read; `None` before the first.
    after: Option<Vec<Cell>>,
}

impl<'a> Pages<'a> {
    pub(super) fn of(table: &'a Table) -> Pages<'a> {
        Pages { table, after: None }
    }

    /// The next rows; `None` at the end.
    pub(super) async fn next(&mut self, sql: &Sql) -> Result<Option<Vec<Vec<Cell>>>, Broken> {
        let table = self.table;
        let key = quoted(table.key.iter());
        let (beyond, values) = match self.after.take() {
            None => (String::new(), vec![]),
            Some(last) => {
                let places: Vec<String> = (1..=last.len()).map(|n| sql.place(n)).collect();
                let kinds = table.key.iter().filter_map(|column| table.kind(column));
                let values = last.into_iter().zip(kinds).map(|(cell, kind)| cell.value(kind)).collect();
                (format!("WHERE ({key}) > ({})", places.join(", ")), values)
            }
        };
        let text = format!(
            "SELECT {} FROM \"{}\" {beyond} ORDER BY {key} LIMIT {N_AT_ONCE}",
            table.list(),
            table.name
        );
        let rows = sql.all(&text, values).await?;
        let cells: Vec<Vec<Cell>> = rows
            .iter()
            .map(|row| table.columns.iter().map(|(column, kind)| row.cell(column, *kind)).collect())
            .collect::<Result<_, Broken>>()?;
        let Some(last) = cells.last() else { return Ok(None) };
        self.after = Some(key_of(table, last));
        Ok(Some(cells))
    }
}

/// The key of a row.
pub(super) fn key_of(table: &Table, row: &[Cell]) -> Vec<Cell> {
    let place = |column: &String| table.columns.iter().position(|(name, _)| name == column);
    table.key.iter().filter_map(place).filter_map(|n| row.get(n).cloned()).collect()
}

/// A row may stand before the one of its own table that it refers to: this is looked at when all are there. Returns what
/// to take up again.
async fn put_off_references(tx: &Sql, to: &Store) -> Result<Vec<(String, String)>, Broken> {
    if to.is_embedded() {
        tx.run("PRAGMA defer_foreign_keys = ON", vec![]).await?;
        return Ok(vec![]);
    }
    let rows = tx
        .all(
            "SELECT CAST(r.relname AS TEXT) AS own, CAST(c.conname AS TEXT) AS name FROM pg_constraint c
             JOIN pg_class r ON r.oid = c.conrelid
             WHERE c.contype = 'f' AND c.conrelid = c.confrelid
               AND c.connamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = current_schema())",
            vec![],
        )
        .await?;
    let mut referring = Vec::new();
    for row in rows {
        let (table, name) = (row.text("own")?, row.text("name")?);
        tx.run(
            &format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{name}\" DEFERRABLE INITIALLY DEFERRED"),
            vec![],
        )
        .await?;
        referring.push((table, name));
    }
    Ok(referring)
}

async fn take_up_references(tx: &Sql, to: &Store, referring: &[(String, String)]) -> Result<(), Broken> {
    if to.is_embedded() {
        return Ok(());
    }
    tx.run("SET CONSTRAINTS ALL IMMEDIATE", vec![]).await?;
    for (table, name) in referring {
        tx.run(&format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{name}\" NOT DEFERRABLE"), vec![])
            .await?;
    }
    Ok(())
}
