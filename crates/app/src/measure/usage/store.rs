//! Queries on usage events, on showings, and on what is arriving.

use std::collections::BTreeSet;

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::time::Moment;

use crate::bind;
use crate::measure::usage::letter::{Fate, Form, Shape};
use crate::store::Sql;
use crate::trouble::Broken;

pub mod arriving;

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageEvent {
    /// Where it came from.
    pub source: String,
    /// Its id there, under which it counts once.
    pub id: String,
    /// When it was received.
    pub received_at: Moment,
    /// When it happened.
    pub occurred_at: Moment,
    /// The number made by chance under which whoever did it is kept.
    pub subject: Option<String>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The change.
    pub change: Option<ChangeId>,
    /// What was done.
    pub event: String,
    /// A number that goes with it.
    pub value: Option<f64>,
}

/// Keeps events, each once; the number of new ones. Sorted, so that two senders of the same events do not wait for
/// each other in a ring.
pub async fn add(sql: &Sql, mut events: Vec<UsageEvent>) -> Result<u64, Broken> {
    events.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
    let rows = events
        .iter()
        .map(|e| {
            bind![e.source, e.id, e.received_at, e.occurred_at, e.subject, e.unit, e.change, e.event, e.value]
        })
        .collect();
    let head = "INSERT INTO usage_event
      (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await
}

/// Whether an event of a source has this id.
pub async fn is_known(sql: &Sql, source: &str, id: &str) -> Result<bool, Broken> {
    let text = "SELECT id AS id FROM usage_event WHERE source = $1 AND id = $2";
    Ok(sql.one(text, bind![source, id]).await?.is_some())
}

/// A moment at which the real system switched the solution on or off for somebody, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// Where it came from.
    pub source: String,
    /// Its id there, under which it is kept once.
    pub id: String,
    /// When it was received.
    pub received_at: Moment,
    /// When it happened.
    pub occurred_at: Moment,
    /// To whom.
    pub subject: Option<String>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The change.
    pub change: ChangeId,
    /// What was shown: on, off.
    pub variant: String,
}

/// Keeps showings, each once; the number of new ones.
pub async fn add_showings(sql: &Sql, mut showings: Vec<Showing>) -> Result<u64, Broken> {
    showings.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
    let rows = showings
        .iter()
        .map(|s| bind![s.source, s.id, s.received_at, s.occurred_at, s.subject, s.unit, s.change, s.variant])
        .collect();
    let head = "INSERT INTO showing
      (source, id, received_at, occurred_at, subject, unit_id, change_id, variant) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await
}

/// The showings to one subject: when, of which change (its short name), and what was shown; oldest first.
pub async fn showings_of(sql: &Sql, subject: &str) -> Result<Vec<(Moment, String, String)>, Broken> {
    sql.all(
        "SELECT s.occurred_at AS occurred_at, c.slug AS slug, s.variant AS variant
         FROM showing s JOIN change c ON c.id = s.change_id WHERE s.subject = $1 ORDER BY s.occurred_at, s.id",
        bind![subject],
    )
    .await?
    .iter()
    .map(|row| Ok((row.moment("occurred_at")?, row.text("slug")?, row.text("variant")?)))
    .collect()
}

/// So many shapes are kept of a source: one that puts something else into each event's name has no more.
const N_SHAPES_MOST: usize = 500;

/// Keeps what the events of a source look like, each shape once.
pub async fn add_shapes(
    sql: &Sql,
    source: &str,
    form: Form,
    shapes: &BTreeSet<Shape>,
    at: Moment,
) -> Result<(), Broken> {
    let row =
        sql.one("SELECT COUNT(*) AS n_shapes FROM usage_shape WHERE source = $1", bind![source]).await?;
    let n_left = N_SHAPES_MOST.saturating_sub(row.map_or(Ok(0), |row| row.count("n_shapes"))?);
    let form = form.to_string();
    let rows = shapes
        .iter()
        .take(n_left)
        .map(|shape| bind![source, form, shape.event, shape.fate.word(), shape.parts, at])
        .collect();
    let head = "INSERT INTO usage_shape (source, form, event, fate, parts, first_at) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// What the events of a source look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where they come from.
    pub source: String,
    /// Their language.
    pub form: Form,
    /// Their name.
    pub event: String,
    /// What becomes of them.
    pub fate: Fate,
    /// The names of their parts.
    pub parts: String,
}

/// The shapes that were new last.
pub async fn shapes(sql: &Sql, limit: u32) -> Result<Vec<Seen>, Broken> {
    sql.all(
        "SELECT source AS source, form AS form, event AS event, fate AS fate, parts AS parts
         FROM usage_shape ORDER BY first_at DESC, source, form, event, fate, parts LIMIT $1",
        bind![limit],
    )
    .await?
    .iter()
    .map(|row| {
        let (form, fate) = (row.text("form")?, row.text("fate")?);
        Ok(Seen {
            source: row.text("source")?,
            form: form.parse().map_err(|()| row.impossible("form", &form))?,
            event: row.text("event")?,
            fate: Fate::of_word(&fate).ok_or_else(|| row.impossible("fate", &fate))?,
            parts: row.text("parts")?,
        })
    })
    .collect()
}

/// How often the real system showed a change on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The change's short name.
    pub change: String,
    /// On or off, as the real system was told.
    pub variant: String,
    /// How often.
    pub n_showings: usize,
    /// To how many people, or units where the flag is asked for units.
    pub n_asked: usize,
}

/// By change, how often the real system told since a moment that it showed it on or off, and to how many.
pub async fn shown(sql: &Sql, since: Moment) -> Result<Vec<Shown>, Broken> {
    sql.all(
        "SELECT c.slug AS slug, s.variant AS variant, COUNT(*) AS n_showings,
                COUNT(DISTINCT COALESCE(a.own, s.subject))
                + COUNT(DISTINCT CASE WHEN s.subject IS NULL THEN s.unit_id END) AS n_asked
         FROM change c JOIN showing s ON s.change_id = c.id LEFT JOIN subject_alias a ON a.subject = s.subject WHERE s.received_at > $1
         GROUP BY c.slug, s.variant ORDER BY c.slug, s.variant LIMIT 100",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Shown {
            change: row.text("slug")?,
            variant: row.text("variant")?,
            n_showings: row.count("n_showings")?,
            n_asked: row.count("n_asked")?,
        })
    })
    .collect()
}

/// How many events and showings are kept, counted up to `most`: of a year of a large organisation the whole count takes
/// seconds.
pub async fn some(sql: &Sql, most: u32) -> Result<usize, Broken> {
    let text = "SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one FROM usage_event LIMIT $1) a)
      + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM showing LIMIT $1) b) AS n_some";
    let row = sql.one(text, bind![most]).await?;
    Ok(row.map_or(Ok(0), |row| row.count("n_some"))?.min(most as usize))
}

/// How many events and how many open dead letters are kept, of one source or of all; showings are events, too.
pub async fn counts(sql: &Sql, source: Option<&str>) -> Result<(usize, usize), Broken> {
    // Two texts: with both cases in one, neither database takes the source's own part of the index.
    let row = match source {
        None => {
            let text = "SELECT (SELECT COUNT(*) FROM usage_event) AS n_events, (SELECT COUNT(*) FROM showing) AS n_showings,
                (SELECT COUNT(*) FROM dead_letter d WHERE NOT EXISTS
                  (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)) AS n_dead";
            sql.one(text, vec![]).await?
        }
        Some(source) => {
            let text = "SELECT (SELECT COUNT(*) FROM usage_event WHERE source = $1) AS n_events,
                (SELECT COUNT(*) FROM showing WHERE source = $1) AS n_showings,
                (SELECT COUNT(*) FROM dead_letter d WHERE d.source = $1 AND NOT EXISTS
                  (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)) AS n_dead";
            sql.one(text, bind![source]).await?
        }
    };
    row.map_or(Ok((0, 0)), |row| {
        Ok((row.count("n_events")? + row.count("n_showings")?, row.count("n_dead")?))
    })
}

/// The statement of [`last_uses`]: one look at the end of an index for each unit, not at its events.
pub const LAST_USES: &str = "SELECT u.id AS unit_id,
      (SELECT MAX(e.occurred_at) FROM usage_event e WHERE e.change_id = $1 AND e.unit_id = u.id) AS event_at,
      (SELECT MAX(d.occurred_day) FROM use_day d WHERE d.change_id = $1 AND d.unit_id = u.id) * 86400000 AS day_at
    FROM unit u";

/// When a change was used last, by unit; of what is kept by day only, the beginning of the day.
pub async fn last_uses(sql: &Sql, change: ChangeId) -> Result<Vec<(UnitId, Moment)>, Broken> {
    let mut uses = Vec::new();
    for row in sql.all(LAST_USES, bind![change]).await? {
        let last = row.maybe_moment("event_at")?.max(row.maybe_moment("day_at")?);
        if let Some(last) = last {
            uses.push((row.parsed("unit_id")?, last));
        }
    }
    Ok(uses)
}
