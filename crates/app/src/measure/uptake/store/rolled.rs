//! Queries that make use by person and day from events, and read it.

use std::collections::HashMap;

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::time::Moment;

use super::Week;
use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// The week of the first event of a change, if there is any.
pub async fn first_use(sql: &Sql, change: ChangeId) -> Result<Option<Week>, Broken> {
    let row = sql
        .one("SELECT MIN(occurred_at) AS first_at FROM usage_event WHERE change_id = $1", bind![change])
        .await?;
    Ok(row.map(|row| row.maybe_moment("first_at")).transpose()?.flatten().map(Week::of))
}

/// Rolls up what happened in the weeks from `from` on, before `until`.
pub async fn roll_up(sql: &Sql, change: ChangeId, from: Week, until: Week) -> Result<u64, Broken> {
    sql.run(
        "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
         SELECT e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event, e.occurred_at / 86400000, COUNT(*)
         FROM usage_event e WHERE e.change_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3
           AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
         GROUP BY e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event
         ON CONFLICT DO NOTHING",
        bind![change, from.begins(), until.begins()],
    )
    .await
}

/// Rolls up what happened from `since` until the beginning of `week` and arrived since `received`: it counts on the
/// first day of `week`.
pub async fn roll_up_late(
    sql: &Sql,
    change: ChangeId,
    week: Week,
    since: Moment,
    received: Moment,
) -> Result<u64, Broken> {
    sql.run(
        "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
         SELECT e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event, CAST($2 AS BIGINT), COUNT(*)
         FROM usage_event e WHERE e.change_id = $1 AND e.received_at >= $3 AND e.occurred_at >= $4
           AND e.occurred_at < $5 AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
         GROUP BY e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event
         ON CONFLICT DO NOTHING",
        bind![change, week.first_day(), received, since, week.begins()],
    )
    .await
}

/// What one person did of one kind on one day; who it is stands for nothing outside this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfUse {
    /// The unit.
    pub unit: UnitId,
    /// A number for the person in the unit.
    pub person: u32,
    /// The day on which it counts.
    pub day: i64,
    /// A number for the kind of event.
    pub kind: u32,
    /// How often.
    pub n_events: u32,
}

/// All use of a change that was rolled up.
pub async fn days(sql: &Sql, change: ChangeId) -> Result<Vec<DayOfUse>, Broken> {
    let rows = sql
        .all(
            "SELECT unit_id AS unit_id, subject AS subject, day AS day, event AS event, n_events AS n_events
             FROM use_day WHERE change_id = $1",
            bind![change],
        )
        .await?;
    let (mut people, mut kinds) = (HashMap::new(), HashMap::new());
    let mut days = Vec::with_capacity(rows.len());
    for row in &rows {
        let unit: UnitId = row.parsed("unit_id")?;
        // Somebody in two units is two: each counts its own.
        let next = people.len();
        let person = *people.entry((unit, row.text("subject")?)).or_insert(next);
        let next = kinds.len();
        let kind = *kinds.entry(row.text("event")?).or_insert(next);
        let small = |number: usize| u32::try_from(number).map_err(|_| row.impossible("subject", number));
        let n_events = u32::try_from(row.whole("n_events")?).unwrap_or(u32::MAX);
        days.push(DayOfUse {
            unit,
            person: small(person)?,
            day: row.whole("day")?,
            kind: small(kind)?,
            n_events,
        });
    }
    Ok(days)
}
