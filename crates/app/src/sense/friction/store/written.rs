//! What is written about frictions. Each thing is a row of its own; none is changed.

use traction_domain::id::{FrictionId, MetricId, PersonId, UnitId};
use traction_domain::sense::friction::intake::{Audience, Intake, Shown};
use traction_domain::sense::friction::{Burden, FrictionReport, FrictionState, Verdict};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// How a report came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// From somebody who signed in, a program, or a file.
    ByAccount,
    /// By a unit's link, without an account.
    ByKiosk,
}

impl Came {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Came::ByAccount => "account",
            Came::ByKiosk => "kiosk",
        }
    }
}

/// A report that is to be kept.
pub struct Reported<'a> {
    /// The unit it happens in.
    pub unit: UnitId,
    /// What it says.
    pub report: &'a FrictionReport,
    /// Who sees it.
    pub audience: Audience,
    /// Whether it is shown at once.
    pub shown: Shown,
    /// How it came.
    pub came: Came,
    /// Who reported it.
    pub by: Option<PersonId>,
    /// When.
    pub at: Moment,
}

/// Keeps a report.
pub async fn add(sql: &Sql, id: FrictionId, reported: &Reported<'_>) -> Result<(), Broken> {
    let Reported { unit, report, audience, shown, came, by, at } = reported;
    let Burden { times_per_week, minutes, n_people } = report.burden;
    sql.run(
        "INSERT INTO friction (id, unit_id, title, times_per_week, minutes, n_people, audience, first_shown, came_by,
           reported_by, reported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        bind![
            id,
            unit,
            report.title,
            times_per_week,
            minutes,
            n_people,
            audience.word(),
            shown.word(),
            came.word(),
            by,
            at
        ],
    )
    .await?;
    Ok(())
}

/// The same report of a unit by the same person (`None`: by the unit's link), if there is one since a moment.
pub async fn same(
    sql: &Sql,
    unit: UnitId,
    report: &FrictionReport,
    by: Option<PersonId>,
    since: Moment,
) -> Result<Option<FrictionId>, Broken> {
    let Burden { times_per_week, minutes, n_people } = report.burden;
    let row = sql
        .one(
            "SELECT f.id AS id FROM friction f WHERE f.unit_id = $1 AND f.reported_at >= $2
               AND (f.reported_by = $3 OR (CAST($3 AS TEXT) IS NULL AND f.came_by = 'kiosk'))
               AND f.title = $4 AND f.times_per_week = $5 AND f.minutes = $6 AND f.n_people = $7
             ORDER BY f.reported_at, f.id LIMIT 1",
            bind![unit, since, by, report.title, times_per_week, minutes, n_people],
        )
        .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Keeps a "me too"; false when this person has said so before.
pub async fn share(
    sql: &Sql,
    id: FrictionId,
    person: PersonId,
    burden: Burden,
    at: Moment,
) -> Result<bool, Broken> {
    let n_added = sql
        .run(
            "INSERT INTO friction_share (friction_id, person_id, times_per_week, minutes, shared_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            bind![id, person, burden.times_per_week, burden.minutes, at],
        )
        .await?;
    Ok(n_added == 1)
}

/// Keeps an answer.
pub async fn answer(
    sql: &Sql,
    id: FrictionId,
    state: FrictionState,
    words: &str,
    owner: Option<PersonId>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_answer (friction_id, n, state, words, owner_id, answered_by, answered_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, $5, CAST($6 AS BIGINT) FROM friction_answer WHERE friction_id = $1",
        bind![id, state.word(), words, owner, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps what whoever reported a friction (`via`: that one, or one merged into it) says of an answer; not who.
pub async fn judge(
    sql: &Sql,
    id: FrictionId,
    answer_n: usize,
    via: FrictionId,
    verdict: Verdict,
    words: &str,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_said (friction_id, answer_n, via_id, verdict, words, said_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, answer_n, via, verdict.word(), words, at],
    )
    .await?;
    Ok(())
}

/// Keeps what somebody said who looked at a report.
pub async fn add_look(
    sql: &Sql,
    id: FrictionId,
    shown: Shown,
    words: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_look (friction_id, n, shown, words, looked_by, looked_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, CAST($5 AS BIGINT) FROM friction_look WHERE friction_id = $1",
        bind![id, shown.word(), words, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that a friction was merged into another one, or (`None`) taken out again.
pub async fn add_merge(
    sql: &Sql,
    id: FrictionId,
    into: Option<FrictionId>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_merge (friction_id, n, into_id, merged_by, merged_at)
         SELECT $1, COUNT(*) + 1, $2, $3, CAST($4 AS BIGINT) FROM friction_merge WHERE friction_id = $1",
        bind![id, into, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps which metric shows a friction's course; `None`: none any more.
pub async fn point(
    sql: &Sql,
    id: FrictionId,
    metric: Option<MetricId>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_metric (friction_id, n, metric_id, pointed_by, pointed_at)
         SELECT $1, COUNT(*) + 1, $2, $3, CAST($4 AS BIGINT) FROM friction_metric WHERE friction_id = $1",
        bind![id, metric, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps how a unit takes reports in from now on.
pub async fn set_intake(
    sql: &Sql,
    unit: UnitId,
    intake: Intake,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO friction_intake (unit_id, n, audience, look, set_by, set_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, CAST($5 AS BIGINT) FROM friction_intake WHERE unit_id = $1",
        bind![unit, intake.audience.word(), intake.look.word(), by, at],
    )
    .await?;
    Ok(())
}
