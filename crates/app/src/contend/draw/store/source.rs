//! Queries on public sources: named, their values entered and put right, or given up by two people.

use std::collections::BTreeMap;

use traction_domain::contend::draw::PublicSource;
use traction_domain::id::{PersonId, WaveId};
use traction_domain::time::Moment;

use super::Answer;
use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A value as it was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Entered {
    /// The value.
    pub value: String,
    /// The name of who entered it; `None` where no person did.
    pub by: Option<String>,
    /// When.
    pub at: Moment,
}

/// A value that was put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The value from then on, by whom, and when.
    pub entered: Entered,
    /// Why.
    pub why: String,
}

/// A source that was said to have failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Its number among those of this source.
    pub k: usize,
    /// The reason given.
    pub why: String,
    /// Who said so.
    pub asked_by: PersonId,
    /// His name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: Moment,
    /// What a second person said, and his name; `None` while it waits.
    pub answer: Option<(Answer, String)>,
}

/// A public source with all that is known of its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// As it enters the seed: with the value that counts, or an empty one where it was given up.
    pub source: PublicSource,
    /// Where its value is published.
    pub link: Option<String>,
    /// The value as it was entered first.
    pub entered: Option<Entered>,
    /// What was put right since, oldest first.
    pub corrections: Vec<Correction>,
    /// When it was said to have failed, oldest first.
    pub failures: Vec<Failure>,
}

impl Named {
    /// The failure that two people confirmed.
    pub fn given_up(&self) -> Option<&Failure> {
        self.failures.iter().find(|one| matches!(one.answer, Some((Answer::Confirmed, _))))
    }

    /// The failure that waits for a second person.
    pub fn waiting(&self) -> Option<&Failure> {
        self.failures.iter().find(|one| one.answer.is_none())
    }
}

/// The public sources of a wave, in the order in which they were named.
pub async fn sources(sql: &Sql, wave: WaveId) -> Result<Vec<PublicSource>, Broken> {
    Ok(named(sql, wave).await?.into_iter().map(|named| named.source).collect())
}

/// The public sources of a wave with all that is known of their values, in the order in which they were named.
pub async fn named(sql: &Sql, wave: WaveId) -> Result<Vec<Named>, Broken> {
    let rows = sql
        .all(
            "SELECT s.n AS n, s.name AS name, s.due AS due, s.link AS link, v.value AS value, p.name AS entered_by,
               v.entered_at AS entered_at
             FROM public_source s LEFT JOIN public_value v ON v.wave_id = s.wave_id AND v.n = s.n
             LEFT JOIN person p ON p.id = v.entered_by
             WHERE s.wave_id = $1 ORDER BY s.n",
            bind![wave],
        )
        .await?;
    let mut corrections = corrections(sql, wave).await?;
    let mut failures = failures(sql, wave).await?;
    rows.iter()
        .map(|row| {
            let n = row.count("n")?;
            let entered = match (row.maybe_text("value")?, row.maybe_moment("entered_at")?) {
                (Some(value), Some(at)) => Some(Entered { value, by: row.maybe_text("entered_by")?, at }),
                _ => None,
            };
            let corrections = corrections.remove(&n).unwrap_or_default();
            let last = corrections.last().map(|correction| &correction.entered).or(entered.as_ref());
            let value = last.map(|entered| entered.value.clone());
            let source = PublicSource::new(row.text("name")?, row.maybe_text("due")?, value)
                .map_err(|refused| row.impossible("name", refused))?;
            let failures = failures.remove(&n).unwrap_or_default();
            let mut named = Named { source, link: row.maybe_text("link")?, entered, corrections, failures };
            if named.given_up().is_some() {
                named.source = named.source.failed();
            }
            Ok(named)
        })
        .collect()
}

/// A public source by which a wave is drawn, as calendars show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Its number among those of the wave, from 1.
    pub n: usize,
    /// What it is.
    pub name: String,
    /// When its value comes to be; `None` where that is told in words.
    pub at: Option<Moment>,
}

/// The public sources of all waves, in the order in which they were named.
pub async fn due(sql: &Sql) -> Result<BTreeMap<WaveId, Vec<Due>>, Broken> {
    let text = "SELECT s.wave_id AS wave_id, s.n AS n, s.name AS name, s.due AS due FROM public_source s ORDER BY s.n";
    let mut all: BTreeMap<WaveId, Vec<Due>> = BTreeMap::new();
    for row in &sql.all(text, vec![]).await? {
        let at = row.maybe_text("due")?.and_then(|due| due.parse().ok());
        let due = Due { n: row.count("n")?, name: row.text("name")?, at };
        all.entry(row.parsed("wave_id")?).or_default().push(due);
    }
    Ok(all)
}

async fn corrections(sql: &Sql, wave: WaveId) -> Result<BTreeMap<usize, Vec<Correction>>, Broken> {
    let rows = sql
        .all(
            "SELECT c.n AS n, c.value AS value, c.why AS why, p.name AS corrected_by, c.corrected_at AS corrected_at
             FROM public_value_correction c LEFT JOIN person p ON p.id = c.corrected_by
             WHERE c.wave_id = $1 ORDER BY c.n, c.k",
            bind![wave],
        )
        .await?;
    let mut all: BTreeMap<usize, Vec<Correction>> = BTreeMap::new();
    for row in &rows {
        let (by, at) = (row.maybe_text("corrected_by")?, row.moment("corrected_at")?);
        let correction =
            Correction { entered: Entered { value: row.text("value")?, by, at }, why: row.text("why")? };
        all.entry(row.count("n")?).or_default().push(correction);
    }
    Ok(all)
}

async fn failures(sql: &Sql, wave: WaveId) -> Result<BTreeMap<usize, Vec<Failure>>, Broken> {
    let rows = sql
        .all(
            "SELECT f.n AS n, f.k AS k, f.why AS why, f.asked_by AS asked_by, p.name AS asked_by_name,
               f.asked_at AS asked_at, a.answer AS answer, q.name AS answered_by
             FROM source_failure f JOIN person p ON p.id = f.asked_by
             LEFT JOIN source_failure_answer a ON a.wave_id = f.wave_id AND a.n = f.n AND a.k = f.k
             LEFT JOIN person q ON q.id = a.answered_by
             WHERE f.wave_id = $1 ORDER BY f.n, f.k",
            bind![wave],
        )
        .await?;
    let mut all: BTreeMap<usize, Vec<Failure>> = BTreeMap::new();
    for row in &rows {
        all.entry(row.count("n")?).or_default().push(failure(row)?);
    }
    Ok(all)
}

fn failure(row: &Row) -> Result<Failure, Broken> {
    Ok(Failure {
        k: row.count("k")?,
        why: row.text("why")?,
        asked_by: row.parsed("asked_by")?,
        asked_by_name: row.text("asked_by_name")?,
        asked_at: row.moment("asked_at")?,
        answer: Answer::of(row)?.zip(row.maybe_text("answered_by")?),
    })
}

/// Keeps a public source, last in the order.
pub async fn name_source(
    sql: &Sql,
    wave: WaveId,
    source: &PublicSource,
    link: &str,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO public_source (wave_id, n, name, due, link, named_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, CAST($5 AS BIGINT) FROM public_source WHERE wave_id = $1",
        bind![wave, source.name, source.when, link, at],
    )
    .await?;
    Ok(())
}

/// Keeps the value of the `n`-th public source, from 1.
pub async fn enter_value(
    sql: &Sql,
    wave: WaveId,
    n: usize,
    value: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO public_value (wave_id, n, value, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5)",
        bind![wave, n, value, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps a value that was put right; the one before stays.
pub async fn correct_value(
    sql: &Sql,
    wave: WaveId,
    n: usize,
    value: &str,
    why: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO public_value_correction (wave_id, n, k, value, why, corrected_by, corrected_at)
         SELECT $1, CAST($2 AS BIGINT), COUNT(*) + 1, $3, $4, $5, CAST($6 AS BIGINT)
         FROM public_value_correction WHERE wave_id = $1 AND n = $2",
        bind![wave, n, value, why, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that a source was said to have failed.
pub async fn fail(
    sql: &Sql,
    wave: WaveId,
    n: usize,
    why: &str,
    by: PersonId,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO source_failure (wave_id, n, k, why, asked_by, asked_at)
         SELECT $1, CAST($2 AS BIGINT), COUNT(*) + 1, $3, $4, CAST($5 AS BIGINT)
         FROM source_failure WHERE wave_id = $1 AND n = $2",
        bind![wave, n, why, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps the answer to it.
pub async fn answer_failure(
    sql: &Sql,
    wave: WaveId,
    n: usize,
    failure: &Failure,
    answer: Answer,
    by: PersonId,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO source_failure_answer (wave_id, n, k, answer, answered_by, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        bind![wave, n, failure.k, answer.word(), by, at],
    )
    .await?;
    Ok(())
}
