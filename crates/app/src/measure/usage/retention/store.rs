//! Queries on how long events are kept, and the statements that drop them.

use std::collections::BTreeMap;

use traction_domain::id::ChangeId;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Sql, acts};
use crate::trouble::Broken;

/// How long the events of each source are kept, where that was said.
pub async fn all(sql: &Sql) -> Result<BTreeMap<String, UsageRetention>, Broken> {
    let text = "SELECT r.source AS source, r.n_days AS n_days FROM usage_retention r WHERE NOT EXISTS
      (SELECT 1 FROM usage_retention l WHERE l.source = r.source AND l.n > r.n)";
    let mut all = BTreeMap::new();
    for row in sql.all(text, vec![]).await? {
        let retention = match row.maybe_whole("n_days")? {
            None => UsageRetention::Forever,
            Some(n) => UsageRetention::Days(n.try_into().map_err(|_| row.impossible("n_days", n))?),
        };
        all.insert(row.text("source")?, retention);
    }
    Ok(all)
}

/// When it was said last of each source, and by whom: a person's name, or what acted.
pub async fn said(sql: &Sql) -> Result<BTreeMap<String, (Moment, String)>, Broken> {
    let text = "SELECT r.source AS source, r.set_at AS set_at, COALESCE(p.name, r.actor, '') AS set_by
      FROM usage_retention r LEFT JOIN person p ON p.id = r.actor_id
      WHERE NOT EXISTS (SELECT 1 FROM usage_retention l WHERE l.source = r.source AND l.n > r.n)";
    sql.all(text, vec![])
        .await?
        .iter()
        .map(|row| Ok((row.text("source")?, (row.moment("set_at")?, row.text("set_by")?))))
        .collect()
}

/// Whether anything ever came from a source.
pub async fn is_source(sql: &Sql, source: &str) -> Result<bool, Broken> {
    let text = "SELECT 'yes' AS is_one WHERE EXISTS (SELECT 1 FROM usage_event WHERE source = $1)
        OR EXISTS (SELECT 1 FROM showing WHERE source = $1) OR EXISTS (SELECT 1 FROM dead_letter WHERE source = $1)
        OR EXISTS (SELECT 1 FROM token WHERE name = $1)";
    Ok(sql.one(text, bind![source]).await?.is_some())
}

/// Keeps how long the events of a source are kept from now on, and who said so.
pub async fn set(
    sql: &Sql,
    source: &str,
    retention: UsageRetention,
    who: &Who,
    at: Moment,
) -> Result<(), Broken> {
    let (actor, actor_id) = acts(who);
    let n_days = match retention {
        UsageRetention::Forever => None,
        UsageRetention::Days(n_days) => Some(n_days),
    };
    sql.run(
        "INSERT INTO usage_retention (source, n, n_days, set_at, actor, actor_id)
         SELECT $1, CAST(COALESCE(MAX(r.n), 0) + 1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT),
           CAST($4 AS TEXT), CAST($5 AS TEXT)
         FROM usage_retention r WHERE r.source = $1",
        bind![source, n_days, at, actor, actor_id],
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

impl Dropped {
    /// How many rows.
    pub fn n_rows(&self) -> u64 {
        self.n_events + self.n_showings + self.n_letters
    }
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
    Ok(gone(sql).await?.into_values().max())
}

/// The sources of which events may have been dropped, and what happened before which moment of each.
pub async fn gone(sql: &Sql) -> Result<BTreeMap<String, Moment>, Broken> {
    let text = "SELECT d.source AS source, MAX(d.before) AS before FROM usage_dropped d
      WHERE d.n_events > 0 OR d.arrived_until IS NOT NULL GROUP BY d.source";
    sql.all(text, vec![]).await?.iter().map(|row| Ok((row.text("source")?, row.moment("before")?))).collect()
}

/// Before which moment events of a source may have been dropped; `None` where none was.
pub async fn gone_of(sql: &Sql, source: &str) -> Result<Option<Moment>, Broken> {
    let text = "SELECT d.before AS before FROM usage_dropped d
      WHERE d.source = $1 AND (d.n_events > 0 OR d.arrived_until IS NOT NULL) ORDER BY d.before DESC LIMIT 1";
    sql.one(text, bind![source]).await?.map(|row| row.moment("before")).transpose()
}

/// Whether events of a change may have been dropped: it was used before that moment.
pub async fn may_lack_events(sql: &Sql, change: ChangeId) -> Result<bool, Broken> {
    let Some(before) = dropped_before(sql).await? else { return Ok(false) };
    let text = "SELECT d.day AS day FROM use_day d WHERE d.change_id = $1 AND d.occurred_day < $2 LIMIT 1";
    let day = before.milliseconds() / 86_400_000;
    Ok(sql.one(text, bind![change, day]).await?.is_some())
}

/// How far the dropping of what happened before one moment came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The moment.
    pub before: Moment,
    /// What arrived before this one is done; `None`: all of it is.
    pub arrived_until: Option<Moment>,
}

/// How far the last dropping of a source came, if there was any.
pub async fn last(sql: &Sql, source: &str) -> Result<Option<Progress>, Broken> {
    let text = "SELECT d.before AS before, d.arrived_until AS arrived_until FROM usage_dropped d
      WHERE d.source = $1 ORDER BY d.before DESC LIMIT 1";
    let row = sql.one(text, bind![source]).await?;
    row.map(|row| {
        Ok(Progress { before: row.moment("before")?, arrived_until: row.maybe_moment("arrived_until")? })
    })
    .transpose()
}

/// The last moment before which all of a source was looked through.
pub async fn done_before(sql: &Sql, source: &str) -> Result<Option<Moment>, Broken> {
    let text =
        "SELECT MAX(d.before) AS before FROM usage_dropped d WHERE d.source = $1 AND d.arrived_until IS NULL";
    sql.one(text, bind![source]).await?.map_or(Ok(None), |row| row.maybe_moment("before"))
}

/// Writes down that what happened before a moment is being dropped of a source, of what arrived from another on.
pub async fn begin(sql: &Sql, source: &str, before: Moment, from: Moment, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO usage_dropped (source, before, n_events, n_showings, n_letters, dropped_at, arrived_until)
         VALUES ($1, $2, 0, 0, 0, $3, $4)",
        bind![source, before, at, from],
    )
    .await?;
    Ok(())
}

/// Writes down how much more was dropped, and how far it is now (`None`: to the end); false where it was at another place
/// than `from`: another server is at it.
pub async fn note(
    sql: &Sql,
    (source, before): (&str, Moment),
    from: Moment,
    until: Option<Moment>,
    dropped: Dropped,
) -> Result<bool, Broken> {
    let n = sql
        .run(
            "UPDATE usage_dropped SET n_events = n_events + $3, n_showings = n_showings + $4,
               n_letters = n_letters + $5, arrived_until = $6
             WHERE source = $1 AND before = $2 AND arrived_until = $7",
            bind![source, before, dropped.n_events, dropped.n_showings, dropped.n_letters, until, from],
        )
        .await?;
    Ok(n > 0)
}

/// When the first event, showing or dead letter arrived at or after a moment.
pub async fn next_arrival(sql: &Sql, from: Moment) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MIN(a.at) AS at FROM (
        SELECT MIN(received_at) AS at FROM usage_event WHERE received_at >= $1
        UNION ALL SELECT MIN(received_at) AS at FROM showing WHERE received_at >= $1
        UNION ALL SELECT MIN(received_at) AS at FROM dead_letter WHERE received_at >= $1) a";
    sql.one(text, bind![from]).await?.map_or(Ok(None), |row| row.maybe_moment("at"))
}

/// So many rows of a kind are dropped at once; others write in between.
pub const N_AT_ONCE: u64 = 20_000;

/// Drops what arrived of a source in a span and happened before a moment, so many of a kind at most: events that are
/// rolled up by person and day, or belong to no change; showings; dead letters. Events that name only a unit stay: they
/// are nobody's.
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
            "DELETE FROM usage_event WHERE (source, id) IN (
               SELECT e.source, e.id FROM usage_event e
               WHERE e.source || '' = $1 AND e.received_at >= $2 AND e.received_at < $3
                 AND e.occurred_at < $4 AND (e.change_id IS NULL OR (
                   EXISTS (SELECT 1 FROM uptake_week w WHERE w.change_id = e.change_id)
                   AND EXISTS (SELECT 1 FROM use_day d WHERE d.change_id = e.change_id AND d.unit_id = e.unit_id
                     AND d.subject = e.subject AND d.occurred_day = e.occurred_at / 86400000 AND d.event = e.event)))
               LIMIT $5)",
            bind![source, from, until, before, N_AT_ONCE],
        )
        .await?;
    let n_showings = sql
        .run(
            "DELETE FROM showing WHERE (source, id) IN (SELECT s.source, s.id FROM showing s
               WHERE s.source || '' = $1 AND s.received_at >= $2 AND s.received_at < $3 AND s.occurred_at < $4
               LIMIT $5)",
            bind![source, from, until, before, N_AT_ONCE],
        )
        .await?;
    let n_letters = sql
        .run(
            "DELETE FROM dead_letter WHERE (source, id) IN (SELECT l.source, l.id FROM dead_letter l
               WHERE l.source || '' = $1 AND l.received_at >= $2 AND l.received_at < $3 LIMIT $4)",
            bind![source, from, until, N_AT_ONCE],
        )
        .await?;
    Ok(Dropped { n_events, n_showings, n_letters })
}
