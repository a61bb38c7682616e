//! Queries on how long events are kept, and the one statement that drops them.

use std::collections::BTreeMap;

use traction_domain::id::ChangeId;
use traction_domain::measure::usage::retention::Retention;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// How long the events of each source are kept, where that was said.
pub async fn all(sql: &Sql) -> Result<BTreeMap<String, Retention>, Broken> {
    let text = "SELECT r.source AS source, r.n_days AS n_days FROM usage_retention r WHERE NOT EXISTS
      (SELECT 1 FROM usage_retention l WHERE l.source = r.source AND l.n > r.n)";
    let mut all = BTreeMap::new();
    for row in sql.all(text, vec![]).await? {
        let retention = match row.maybe_whole("n_days")? {
            None => Retention::Forever,
            Some(n) => Retention::Days(n.try_into().map_err(|_| row.impossible("n_days", n))?),
        };
        all.insert(row.text("source")?, retention);
    }
    Ok(all)
}

/// Whether anything ever came from a source.
pub async fn is_source(sql: &Sql, source: &str) -> Result<bool, Broken> {
    let text = "SELECT 'yes' AS is_one WHERE EXISTS (SELECT 1 FROM usage_event WHERE source = $1)
        OR EXISTS (SELECT 1 FROM showing WHERE source = $1) OR EXISTS (SELECT 1 FROM dead_letter WHERE source = $1)
        OR EXISTS (SELECT 1 FROM token WHERE name = $1)";
    Ok(sql.one(text, bind![source]).await?.is_some())
}

/// Keeps how long the events of a source are kept from now on.
pub async fn set(sql: &Sql, source: &str, retention: Retention, at: Moment) -> Result<(), Broken> {
    let n_days = match retention {
        Retention::Forever => None,
        Retention::Days(n_days) => Some(n_days),
    };
    sql.run(
        "INSERT INTO usage_retention (source, n, n_days, set_at)
         SELECT $1, CAST(COALESCE(MAX(r.n), 0) + 1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)
         FROM usage_retention r WHERE r.source = $1",
        bind![source, n_days, at],
    )
    .await?;
    Ok(())
}

/// How much was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Events.
    pub n_events: u64,
    /// Showings.
    pub n_showings: u64,
    /// Dead letters.
    pub n_letters: u64,
}

/// What was dropped of each source so far, and before which moment it happened.
pub async fn dropped(sql: &Sql) -> Result<BTreeMap<String, (Moment, Dropped)>, Broken> {
    let text =
        "SELECT d.source AS source, MAX(d.before) AS before, CAST(SUM(d.n_events) AS BIGINT) AS n_events,
        CAST(SUM(d.n_showings) AS BIGINT) AS n_showings, CAST(SUM(d.n_letters) AS BIGINT) AS n_letters
      FROM usage_dropped d GROUP BY d.source";
    let mut all = BTreeMap::new();
    for row in sql.all(text, vec![]).await? {
        let n = |column: &str| row.count(column).map(|n| n as u64);
        let dropped =
            Dropped { n_events: n("n_events")?, n_showings: n("n_showings")?, n_letters: n("n_letters")? };
        all.insert(row.text("source")?, (row.moment("before")?, dropped));
    }
    Ok(all)
}

/// Before which moment events may have been dropped; `None` where none was.
pub async fn dropped_before(sql: &Sql) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MAX(d.before) AS before FROM usage_dropped d WHERE d.n_events > 0";
    sql.one(text, vec![]).await?.map_or(Ok(None), |row| row.maybe_moment("before"))
}

/// Whether events of a change may have been dropped: it was used before that moment.
pub async fn may_lack_events(sql: &Sql, change: ChangeId) -> Result<bool, Broken> {
    let Some(before) = dropped_before(sql).await? else { return Ok(false) };
    let text = "SELECT d.day AS day FROM use_day d WHERE d.change_id = $1 AND d.occurred_day < $2 LIMIT 1";
    let day = before.milliseconds() / 86_400_000;
    Ok(sql.one(text, bind![change, day]).await?.is_some())
}

/// Writes down that everything of a source that is older was dropped; how much.
pub async fn note(
    sql: &Sql,
    source: &str,
    before: Moment,
    dropped: Dropped,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO usage_dropped (source, before, n_events, n_showings, n_letters, dropped_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        bind![source, before, dropped.n_events, dropped.n_showings, dropped.n_letters, at],
    )
    .await?;
    Ok(())
}

/// When the first event, showing or dead letter arrived at or after a moment.
pub async fn next_arrival(sql: &Sql, from: Moment) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MIN(a.at) AS at FROM (
        SELECT MIN(received_at) AS at FROM usage_event WHERE received_at >= $1
        UNION ALL SELECT MIN(received_at) AS at FROM showing WHERE received_at >= $1
        UNION ALL SELECT MIN(received_at) AS at FROM dead_letter WHERE received_at >= $1) a";
    sql.one(text, bind![from]).await?.map_or(Ok(None), |row| row.maybe_moment("at"))
}

/// Drops what arrived of a source in a span and happened before a moment: events that are rolled up by person and day, or
/// belong to no change; showings; dead letters. Events that name only a unit stay: they are nobody's.
///
/// The source is compared as `source || ''`, so that the span's index is taken and not all of the source is read.
pub async fn drop_arrived(
    sql: &Sql,
    source: &str,
    (from, until): (Moment, Moment),
    before: Moment,
) -> Result<Dropped, Broken> {
    let n_events = sql
        .run(
            "DELETE FROM usage_event AS e WHERE e.source || '' = $1 AND e.received_at >= $2 AND e.received_at < $3
               AND e.occurred_at < $4 AND (e.change_id IS NULL OR (
                 EXISTS (SELECT 1 FROM uptake_week w WHERE w.change_id = e.change_id)
                 AND EXISTS (SELECT 1 FROM use_day d WHERE d.change_id = e.change_id AND d.unit_id = e.unit_id
                   AND d.subject = e.subject AND d.occurred_day = e.occurred_at / 86400000 AND d.event = e.event)))",
            bind![source, from, until, before],
        )
        .await?;
    let n_showings = sql
        .run(
            "DELETE FROM showing WHERE source || '' = $1 AND received_at >= $2 AND received_at < $3 AND occurred_at < $4",
            bind![source, from, until, before],
        )
        .await?;
    let n_letters = sql
        .run(
            "DELETE FROM dead_letter WHERE source || '' = $1 AND received_at >= $2 AND received_at < $3",
            bind![source, from, until],
        )
        .await?;
    Ok(Dropped { n_events, n_showings, n_letters })
}
