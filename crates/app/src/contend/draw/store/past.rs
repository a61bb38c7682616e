//! Queries on places given past the draw: asked for by one, confirmed or declined by another.

use traction_domain::contend::draw::Override;
use traction_domain::id::{PersonId, UnitId, WaveId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// The places given past the draw of a wave, oldest first.
pub async fn overrides(sql: &Sql, wave: WaveId) -> Result<Vec<Override>, Broken> {
    sql.all(
        "SELECT u.slug AS slug, o.what AS what, o.who AS who, o.why AS why, o.decided_at AS decided_at
         FROM place_override o JOIN unit u ON u.id = o.unit_id WHERE o.wave_id = $1
         ORDER BY o.decided_at, u.slug",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Override {
            unit: row.text("slug")?,
            what: row.text("what")?,
            who: row.text("who")?,
            why: row.text("why")?,
            when: Some(row.moment("decided_at")?),
        })
    })
    .collect()
}

/// Keeps a place given past the draw.
pub async fn override_place(
    sql: &Sql,
    wave: WaveId,
    unit: UnitId,
    decided: &Override,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO place_override (wave_id, unit_id, what, who, why, decided_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![wave, unit, decided.what, decided.who, decided.why, at],
    )
    .await?;
    Ok(())
}

/// What a second person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes: the place is given.
    Confirmed,
    /// No, or the first took it back.
    Declined,
}

impl Answer {
    /// As it is kept.
    pub(super) fn word(self) -> &'static str {
        match self {
            Answer::Confirmed => "confirmed",
            Answer::Declined => "declined",
        }
    }

    /// That of a row, once there is one.
    pub(super) fn of(row: &Row) -> Result<Option<Answer>, Broken> {
        let Some(word) = row.maybe_text("answer")? else { return Ok(None) };
        let both = [Answer::Confirmed, Answer::Declined];
        let found = both.into_iter().find(|answer| answer.word() == word);
        found.map(Some).ok_or_else(|| row.impossible("answer", word))
    }
}

/// A place past the draw that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The unit it is for.
    pub unit: UnitId,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
    /// Its number among the requests for this unit.
    pub n: usize,
    /// The reason given.
    pub why: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// His name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: Moment,
    /// What came of it; `None` while it waits.
    pub answer: Option<Answer>,
}

const REQUESTS: &str =
    "SELECT q.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, q.n AS n, q.why AS why,
    q.asked_by AS asked_by, p.name AS asked_by_name, q.asked_at AS asked_at, a.answer AS answer
  FROM override_request q JOIN unit u ON u.id = q.unit_id JOIN person p ON p.id = q.asked_by
  LEFT JOIN override_answer a ON a.wave_id = q.wave_id AND a.unit_id = q.unit_id AND a.n = q.n";

fn request(row: &Row) -> Result<Request, Broken> {
    Ok(Request {
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        n: row.count("n")?,
        why: row.text("why")?,
        asked_by: row.parsed("asked_by")?,
        asked_by_name: row.text("asked_by_name")?,
        asked_at: row.moment("asked_at")?,
        answer: Answer::of(row)?,
    })
}

/// All that was asked for past the draw of a wave, oldest first.
pub async fn requests(sql: &Sql, wave: WaveId) -> Result<Vec<Request>, Broken> {
    sql.all(&format!("{REQUESTS} WHERE q.wave_id = $1 ORDER BY q.asked_at, u.slug, q.n"), bind![wave])
        .await?
        .iter()
        .map(request)
        .collect()
}

/// What was asked for a unit and waits for an answer.
pub async fn open_request(sql: &Sql, wave: WaveId, unit: UnitId) -> Result<Option<Request>, Broken> {
    let text = format!("{REQUESTS} WHERE q.wave_id = $1 AND q.unit_id = $2 AND a.answer IS NULL");
    sql.one(&text, bind![wave, unit]).await?.as_ref().map(request).transpose()
}

/// Keeps a request.
pub async fn ask(
    sql: &Sql,
    wave: WaveId,
    unit: UnitId,
    why: &str,
    by: PersonId,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO override_request (wave_id, unit_id, n, why, asked_by, asked_at)
         SELECT $1, $2, COUNT(*) + 1, $3, $4, CAST($5 AS BIGINT)
         FROM override_request WHERE wave_id = $1 AND unit_id = $2",
        bind![wave, unit, why, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps the answer to a request.
pub async fn answer(
    sql: &Sql,
    wave: WaveId,
    request: &Request,
    answer: Answer,
    by: PersonId,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO override_answer (wave_id, unit_id, n, answer, answered_by, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        bind![wave, request.unit, request.n, answer.word(), by, at],
    )
    .await?;
    Ok(())
}
