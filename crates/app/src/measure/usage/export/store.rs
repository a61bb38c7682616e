//! The queries behind a file of usage, and behind what somebody sees of his own.

use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An event as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// Where it came from.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it was received.
    pub received_at: Moment,
    /// The subject.
    pub subject: Option<String>,
    /// The unit's short name.
    pub unit: Option<String>,
    /// The change's short name.
    pub change: Option<String>,
    /// What was done.
    pub event: String,
    /// A number that goes with it.
    pub value: Option<f64>,
}

const EXPORTED: &str =
    "SELECT e.source AS source, e.id AS id, e.occurred_at AS occurred_at, e.received_at AS received_at,
    e.subject AS subject, u.slug AS unit_slug, c.slug AS change_slug, e.event AS event, e.value AS value
  FROM usage_event e LEFT JOIN unit u ON u.id = e.unit_id LEFT JOIN change c ON c.id = e.change_id";

fn exported(row: &Row) -> Result<Exported, Broken> {
    Ok(Exported {
        source: row.text("source")?,
        id: row.text("id")?,
        occurred_at: row.moment("occurred_at")?,
        received_at: row.moment("received_at")?,
        subject: row.maybe_text("subject")?,
        unit: row.maybe_text("unit_slug")?,
        change: row.maybe_text("change_slug")?,
        event: row.text("event")?,
        value: row.maybe_number("value")?,
    })
}

/// The events that come after one by source and id, in that order.
pub async fn after(sql: &Sql, after: (&str, &str), limit: u32) -> Result<Vec<Exported>, Broken> {
    let text = format!("{EXPORTED} WHERE (e.source, e.id) > ($1, $2) ORDER BY e.source, e.id LIMIT $3");
    sql.all(&text, bind![after.0, after.1, limit]).await?.iter().map(exported).collect()
}

/// The events of one subject, in the same order.
pub async fn of(sql: &Sql, subject: &str) -> Result<Vec<Exported>, Broken> {
    let text = format!("{EXPORTED} WHERE e.subject = $1 ORDER BY e.source, e.id");
    sql.all(&text, bind![subject]).await?.iter().map(exported).collect()
}

/// What one subject did of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What was done.
    pub event: String,
    /// The change's short name.
    pub change: Option<String>,
    /// How often.
    pub n_events: usize,
    /// For the first time.
    pub first: Moment,
    /// For the last time.
    pub last: Moment,
}

/// What one subject did, by kind and change.
pub async fn kinds(sql: &Sql, subject: &str) -> Result<Vec<Kind>, Broken> {
    sql.all(
        "SELECT e.event AS event, c.slug AS change_slug, COUNT(*) AS n_events, MIN(e.occurred_at) AS first_at,
                MAX(e.occurred_at) AS last_at
         FROM usage_event e LEFT JOIN change c ON c.id = e.change_id WHERE e.subject = $1
         GROUP BY e.event, c.slug ORDER BY e.event, c.slug",
        bind![subject],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Kind {
            event: row.text("event")?,
            change: row.maybe_text("change_slug")?,
            n_events: row.count("n_events")?,
            first: row.moment("first_at")?,
            last: row.moment("last_at")?,
        })
    })
    .collect()
}

/// How often one subject did something on a day. It is kept longer than the events themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The beginning of the day (UTC).
    pub day: Moment,
    /// The unit's short name.
    pub unit: String,
    /// The change's short name.
    pub change: String,
    /// What was done.
    pub event: String,
    /// How often.
    pub n_events: usize,
}

/// What one subject did by day, oldest first.
pub async fn days(sql: &Sql, subject: &str) -> Result<Vec<Day>, Broken> {
    sql.all(
        "SELECT d.occurred_day * 86400000 AS day, u.slug AS unit_slug, c.slug AS change_slug, d.event AS event,
                CAST(SUM(d.n_events) AS BIGINT) AS n_events
         FROM use_day d JOIN unit u ON u.id = d.unit_id JOIN change c ON c.id = d.change_id WHERE d.subject = $1
         GROUP BY d.occurred_day, u.slug, c.slug, d.event ORDER BY d.occurred_day, u.slug, c.slug, d.event",
        bind![subject],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Day {
            day: row.moment("day")?,
            unit: row.text("unit_slug")?,
            change: row.text("change_slug")?,
            event: row.text("event")?,
            n_events: row.count("n_events")?,
        })
    })
    .collect()
}
