//! Queries on what a cycle gathers: notes, and values over time.

use jiff::civil::Date;
use traction_domain::cycle::cycle::{NoteKind, Point};
use traction_domain::id::{CycleId, PersonId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A note of a cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// Its words.
    pub words: String,
    /// Name of who wrote it.
    pub by: Option<String>,
    /// When.
    pub at: Moment,
}

/// The notes of a cycle, oldest first.
pub async fn notes(sql: &Sql, id: CycleId) -> Result<Vec<Note>, Broken> {
    sql.all(
        "SELECT t.kind AS kind, t.words AS words, p.name AS by_name, t.noted_at AS noted_at
         FROM cycle_note t LEFT JOIN person p ON p.id = t.noted_by WHERE t.cycle_id = $1 ORDER BY t.n",
        bind![id],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Note {
            kind: row.parsed("kind")?,
            words: row.text("words")?,
            by: row.maybe_text("by_name")?,
            at: row.moment("noted_at")?,
        })
    })
    .collect()
}

/// Keeps a note.
pub async fn add_note(
    sql: &Sql,
    id: CycleId,
    kind: NoteKind,
    words: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO cycle_note (cycle_id, n, kind, words, noted_by, noted_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, CAST($5 AS BIGINT) FROM cycle_note WHERE cycle_id = $1",
        bind![id, kind.word(), words, by, at],
    )
    .await?;
    Ok(())
}

/// The values of one measure, a day each, the earliest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What was measured.
    pub measure: String,
    /// Its values.
    pub points: Vec<Point>,
}

/// What was measured in a cycle, by measure. Of several values of one day the latest counts.
pub async fn series(sql: &Sql, id: CycleId) -> Result<Vec<Series>, Broken> {
    let rows = sql
        .all(
            "SELECT v.measure AS measure, v.day AS day, v.value AS value FROM cycle_point v
             WHERE v.cycle_id = $1 AND NOT EXISTS (SELECT 1 FROM cycle_point l
               WHERE l.cycle_id = v.cycle_id AND l.measure = v.measure AND l.day = v.day AND l.n > v.n)
             ORDER BY v.measure, v.day",
            bind![id],
        )
        .await?;
    let mut all: Vec<Series> = Vec::new();
    for row in &rows {
        let measure = row.text("measure")?;
        let point = Point { date: row.parsed::<Date>("day")?, value: row.number("value")? };
        match all.last_mut().filter(|series| series.measure == measure) {
            Some(series) => series.points.push(point),
            None => all.push(Series { measure, points: vec![point] }),
        }
    }
    Ok(all)
}

/// Keeps values of a measure.
pub async fn add_points(
    sql: &Sql,
    id: CycleId,
    measure: &str,
    points: &[Point],
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let row = sql.one("SELECT COUNT(*) AS n FROM cycle_point WHERE cycle_id = $1", bind![id]).await?;
    let n_before = row.map_or(Ok(0), |row| row.count("n"))?;
    let rows = points
        .iter()
        .enumerate()
        .map(|(k, point)| bind![id, n_before + k + 1, measure, point.date.to_string(), point.value, by, at])
        .collect();
    let head = "INSERT INTO cycle_point (cycle_id, n, measure, day, value, recorded_by, recorded_at) VALUES";
    sql.insert_many(head, rows, "").await?;
    Ok(())
}
