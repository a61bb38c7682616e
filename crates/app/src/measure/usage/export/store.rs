//! The query behind a file of usage.

use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
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

/// The events that come after one by source and id, in that order; of one subject, where one is given.
pub async fn after(
    sql: &Sql,
    subject: Option<&str>,
    after: (&str, &str),
    limit: u32,
) -> Result<Vec<Exported>, Broken> {
    sql.all(
        "SELECT e.source AS source, e.id AS id, e.occurred_at AS occurred_at, e.received_at AS received_at,
                e.subject AS subject, u.slug AS unit_slug, c.slug AS change_slug, e.event AS event, e.value AS value
         FROM usage_event e LEFT JOIN unit u ON u.id = e.unit_id LEFT JOIN change c ON c.id = e.change_id
         WHERE (e.source, e.id) > ($1, $2) AND ($3 = '' OR e.subject = $3)
         ORDER BY e.source, e.id LIMIT $4",
        bind![after.0, after.1, subject.unwrap_or_default(), limit],
    )
    .await?
    .iter()
    .map(|row| {
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
    })
    .collect()
}
