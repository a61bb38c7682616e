//! Queries that make use by person and day from events.

use traction_domain::id::ChangeId;
use traction_domain::time::Moment;

use super::Week;
use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// The day on which use counts that came too late to count in any week: it is kept by day, for whoever asks what happened
/// then, and no week ever comes to it.
pub const NEVER: i64 = 9_999_999;

/// The week of the first event of a change, if there is any; where all were dropped since, of the first that was counted.
pub async fn first_use(sql: &Sql, change: ChangeId) -> Result<Option<Week>, Broken> {
    let row = sql
        .one("SELECT MIN(occurred_at) AS first_at FROM usage_event WHERE change_id = $1", bind![change])
        .await?;
    if let Some(first_at) = row.map(|row| row.maybe_moment("first_at")).transpose()?.flatten() {
        return Ok(Some(Week::of(first_at)));
    }
    let text = "SELECT MIN(occurred_day) * 86400000 AS first_at FROM use_day WHERE change_id = $1";
    let row = sql.one(text, bind![change]).await?;
    Ok(row.map(|row| row.maybe_moment("first_at")).transpose()?.flatten().map(Week::of))
}

/// Whether something happened before `week` that arrived since `received`.
pub async fn is_late(sql: &Sql, change: ChangeId, week: Week, received: Moment) -> Result<bool, Broken> {
    let found = sql
        .one(
            "SELECT e.id AS id FROM usage_event e WHERE e.change_id = $1 AND e.occurred_at < $2 AND e.received_at >= $3
               AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL LIMIT 1",
            bind![change, week.begins(), received],
        )
        .await?;
    Ok(found.is_some())
}

/// Rolls up what happened in the weeks from `from` on, before `until`. Done again, it comes to what has arrived by then.
pub async fn roll_up(sql: &Sql, change: ChangeId, from: Week, until: Week) -> Result<u64, Broken> {
    sql.run(
        "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
         SELECT e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event, e.occurred_at / 86400000, COUNT(*)
         FROM usage_event e WHERE e.change_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3
           AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
         GROUP BY e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event
         ON CONFLICT (change_id, unit_id, subject, occurred_day, event, day) DO UPDATE SET n_events = excluded.n_events",
        bind![change, from.begins(), until.begins()],
    )
    .await
}

/// The statement of [`roll_up_late`]. What arrived is found by its arrival (`change_id || ''` and `+ 0` keep both
/// databases from reading all that ever happened), and of each unit's day that it touches the events are read once.
pub const ROLL_UP_LATE: &str = "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
    SELECT l.change_id, l.unit_id, l.subject, l.occurred_day, l.event, CAST($2 AS BIGINT), l.n_all - l.n_known
    FROM (
      SELECT k.change_id AS change_id, k.unit_id AS unit_id, k.subject AS subject, k.occurred_day AS occurred_day,
        k.event AS event, k.n_all AS n_all,
        (SELECT CAST(COALESCE(SUM(u.n_events), 0) AS BIGINT) FROM use_day u WHERE u.change_id = k.change_id
           AND u.unit_id = k.unit_id AND u.subject = k.subject AND u.occurred_day = k.occurred_day
           AND u.event = k.event AND u.day < CAST($2 AS BIGINT)) AS n_known
      FROM (
        SELECT CAST($1 AS TEXT) AS change_id, t.unit_id AS unit_id, e.subject AS subject,
          t.occurred_day AS occurred_day, e.event AS event, COUNT(*) AS n_all
        FROM (
          SELECT DISTINCT a.unit_id AS unit_id, a.occurred_at / 86400000 AS occurred_day FROM usage_event a
          WHERE a.change_id || '' = $1 AND a.received_at >= $3 AND a.occurred_at + 0 >= $4 AND a.occurred_at + 0 < $5
            AND a.unit_id IS NOT NULL AND a.subject IS NOT NULL
        ) t CROSS JOIN usage_event e WHERE e.change_id = $1 AND e.unit_id = t.unit_id
          AND e.occurred_at >= t.occurred_day * 86400000 AND e.occurred_at < (t.occurred_day + 1) * 86400000
          AND e.subject IS NOT NULL
        GROUP BY t.unit_id, e.subject, t.occurred_day, e.event HAVING MAX(e.received_at) >= $3
      ) k
    ) l WHERE l.n_all > l.n_known
    ON CONFLICT (change_id, unit_id, subject, occurred_day, event, day) DO UPDATE SET n_events = excluded.n_events";

/// Rolls up what happened from one moment until another, both the beginning of a day, and is not rolled up yet, of people and
/// days of which something arrived since `received`: it counts on the day `counts_on`.
pub async fn roll_up_late(
    sql: &Sql,
    change: ChangeId,
    counts_on: i64,
    (since, until): (Moment, Moment),
    received: Moment,
) -> Result<u64, Broken> {
    sql.run(ROLL_UP_LATE, bind![change, counts_on, received, since, until]).await
}

/// Takes away what was rolled up as late: it is about to be rolled up where it belongs.
pub async fn forget_late(sql: &Sql, change: ChangeId) -> Result<(), Broken> {
    sql.run("DELETE FROM use_day WHERE change_id = $1 AND day <> occurred_day", bind![change]).await?;
    Ok(())
}
