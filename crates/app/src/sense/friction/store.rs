//! Queries on frictions, shares and answers.

use traction_domain::id::{FrictionId, PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sense::friction::{Burden, FrictionReport, FrictionState};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A friction as the backlog shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Friction {
    /// Its id.
    pub id: FrictionId,
    /// The unit it happens in.
    pub unit: UnitId,
    /// That unit's short name.
    pub unit_slug: Slug,
    /// That unit's name.
    pub unit_name: String,
    /// What gets in the way.
    pub title: String,
    /// What the first report says.
    pub burden: Burden,
    /// Who reported it; `None` when it came from a file or without an account.
    pub reported_by: Option<PersonId>,
    /// When.
    pub reported_at: Moment,
    /// How many others have it too.
    pub n_shares: usize,
    /// What it costs everybody who has it.
    pub hours_per_week: f64,
    /// Where it stands.
    pub state: FrictionState,
    /// When the first answer came.
    pub first_answer_at: Option<Moment>,
}

const SELECT: &str = "SELECT f.id AS id, f.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, f.title AS title,
   f.times_per_week AS times_per_week, f.minutes AS minutes, f.n_people AS n_people,
   f.reported_by AS reported_by, f.reported_at AS reported_at,
   (SELECT COUNT(*) FROM friction_share s WHERE s.friction_id = f.id) AS n_shares,
   f.times_per_week * f.minutes / 60.0 * f.n_people
     + COALESCE((SELECT SUM(s.times_per_week * s.minutes / 60.0) FROM friction_share s WHERE s.friction_id = f.id), 0.0)
     AS hours_per_week,
   COALESCE((SELECT a.state FROM friction_answer a WHERE a.friction_id = f.id ORDER BY a.n DESC LIMIT 1), 'new') AS state,
   (SELECT MIN(a.answered_at) FROM friction_answer a WHERE a.friction_id = f.id) AS first_answer_at
 FROM friction f JOIN unit u ON u.id = f.unit_id";

fn friction(row: &Row) -> Result<Friction, Broken> {
    Ok(Friction {
        id: row.parsed("id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        title: row.text("title")?,
        burden: Burden {
            times_per_week: row.number("times_per_week")?,
            minutes: row.number("minutes")?,
            n_people: row.number("n_people")?,
        },
        reported_by: row.maybe_parsed("reported_by")?,
        reported_at: row.moment("reported_at")?,
        n_shares: row.count("n_shares")?,
        hours_per_week: row.number("hours_per_week")?,
        state: row.parsed("state")?,
        first_answer_at: row.maybe_moment("first_answer_at")?,
    })
}

/// The backlog, dearest first: of one unit, or of all.
pub async fn backlog(sql: &Sql, unit: Option<UnitId>) -> Result<Vec<Friction>, Broken> {
    let order = "ORDER BY hours_per_week DESC, reported_at, id";
    let rows = match unit {
        Some(unit) => sql.all(&format!("{SELECT} WHERE f.unit_id = $1 {order}"), bind![unit]).await?,
        None => sql.all(&format!("{SELECT} {order}"), vec![]).await?,
    };
    rows.iter().map(friction).collect()
}

/// One friction.
pub async fn one(sql: &Sql, id: FrictionId) -> Result<Option<Friction>, Broken> {
    sql.one(&format!("{SELECT} WHERE f.id = $1"), bind![id]).await?.as_ref().map(friction).transpose()
}

/// Keeps a report.
pub async fn add(
    sql: &Sql,
    id: FrictionId,
    unit: UnitId,
    report: &FrictionReport,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let Burden { times_per_week, minutes, n_people } = report.burden;
    sql.run(
        "INSERT INTO friction (id, unit_id, title, times_per_week, minutes, n_people, reported_by, reported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        bind![id, unit, report.title, times_per_week, minutes, n_people, by, at],
    )
    .await?;
    Ok(())
}

/// The same report of a unit by the same person, if there is one since a moment.
pub async fn same(
    sql: &Sql,
    unit: UnitId,
    report: &FrictionReport,
    by: PersonId,
    since: Moment,
) -> Result<Option<FrictionId>, Broken> {
    let Burden { times_per_week, minutes, n_people } = report.burden;
    let row = sql
        .one(
            "SELECT f.id AS id FROM friction f WHERE f.unit_id = $1 AND f.reported_by = $2 AND f.reported_at >= $3
               AND f.title = $4 AND f.times_per_week = $5 AND f.minutes = $6 AND f.n_people = $7
             ORDER BY f.reported_at, f.id LIMIT 1",
            bind![unit, by, since, report.title, times_per_week, minutes, n_people],
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

/// An answer to a friction.
#[derive(Clone, Debug, PartialEq)]
pub struct FrictionAnswer {
    /// The state it brought.
    pub state: FrictionState,
    /// Its words.
    pub words: String,
    /// Name of who gave it.
    pub by: Option<String>,
    /// Name of who takes care.
    pub owner: Option<String>,
    /// When.
    pub at: Moment,
}

/// The answers to a friction, oldest first.
pub async fn answers(sql: &Sql, id: FrictionId) -> Result<Vec<FrictionAnswer>, Broken> {
    sql.all(
        "SELECT a.state AS state, a.words AS words, b.name AS by_name, o.name AS owner_name, a.answered_at AS answered_at
         FROM friction_answer a LEFT JOIN person b ON b.id = a.answered_by LEFT JOIN person o ON o.id = a.owner_id
         WHERE a.friction_id = $1 ORDER BY a.n",
        bind![id],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(FrictionAnswer {
            state: row.parsed("state")?,
            words: row.text("words")?,
            by: row.maybe_text("by_name")?,
            owner: row.maybe_text("owner_name")?,
            at: row.moment("answered_at")?,
        })
    })
    .collect()
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

/// What became of the frictions that a person reported or shared.
pub async fn of_person(sql: &Sql, person: PersonId) -> Result<Vec<Friction>, Broken> {
    let text = format!(
        "{SELECT} WHERE f.reported_by = $1
           OR EXISTS (SELECT 1 FROM friction_share s WHERE s.friction_id = f.id AND s.person_id = $1)
         ORDER BY f.reported_at DESC, f.id"
    );
    sql.all(&text, bind![person]).await?.iter().map(friction).collect()
}
