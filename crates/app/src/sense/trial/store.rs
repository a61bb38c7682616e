//! Queries on trials of remedies.

use traction_domain::id::{CaseId, FrictionId, HoldId, MetricId, PersonId, RemedyOutcomeId, TrialId};
use traction_domain::sense::diagnosis::trial::Known;
use traction_domain::sense::diagnosis::{Level, Outcome, Reading, Says};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A remedy that is being tried, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its id.
    pub id: TrialId,
    /// The name of the playbook.
    pub playbook: String,
    /// What is tried, by its name there.
    pub remedy: String,
    /// Against what, by its name there.
    pub friction: String,
    /// The case it came from.
    pub case: Option<CaseId>,
    /// What an account is stuck on that it is to remove.
    pub hold: Option<HoldId>,
    /// The friction of a unit on which it is tried.
    pub on: Option<FrictionId>,
    /// Who began it, and is asked.
    pub begun_by: Option<PersonId>,
    /// When.
    pub begun_at: Moment,
    /// When it is asked what became of it.
    pub due_at: Moment,
    /// What became of it, and when that was said.
    pub ended: Option<(Outcome, Moment)>,
    /// What the friction's metric said when it was read.
    pub read: Option<Read>,
    /// How it is known what became of it.
    pub known: Known,
}

/// What a friction's metric said of a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// The metric.
    pub metric: MetricId,
    /// What it said.
    pub reading: Reading,
}

impl Trial {
    /// How and since when it is known what became of the friction.
    pub fn known(&self) -> Option<(Known, Moment)> {
        self.ended.map(|(_, at)| (self.known, at))
    }
}

const SELECT: &str = "SELECT t.id AS id, t.playbook AS playbook, t.remedy AS remedy, t.friction AS friction,
    t.case_id AS case_id, t.hold_id AS hold_id, t.begun_by AS begun_by, t.begun_at AS begun_at, t.due_at AS due_at,
    o.outcome AS outcome, COALESCE(i.said_at, e.ended_at) AS ended_at, i.by_id AS instead, n.friction_id AS on_id,
    r.metric_id AS metric_id, r.n_before AS n_before, r.mean_before AS mean_before, r.n_after AS n_after,
    r.mean_after AS mean_after, r.outcome AS read_outcome
  FROM remedy_trial t LEFT JOIN remedy_trial_end e ON e.trial_id = t.id
    LEFT JOIN remedy_outcome_instead i ON i.outcome_id = e.outcome_id
    LEFT JOIN remedy_outcome o ON o.id = COALESCE(i.by_id, e.outcome_id)
    LEFT JOIN remedy_trial_on n ON n.trial_id = t.id LEFT JOIN remedy_trial_reading r ON r.trial_id = t.id";

fn trial(row: &Row) -> Result<Trial, Broken> {
    let ended: Option<Outcome> = row.maybe_parsed("outcome")?;
    let read = read(row)?;
    let was_read = read.is_some_and(|read| matches!(read.reading.says, Says::Became(_)));
    let is_said = !was_read || row.maybe_text("instead")?.is_some();
    Ok(Trial {
        id: row.parsed("id")?,
        playbook: row.text("playbook")?,
        remedy: row.text("remedy")?,
        friction: row.text("friction")?,
        case: row.maybe_parsed("case_id")?,
        hold: row.maybe_parsed("hold_id")?,
        on: row.maybe_parsed("on_id")?,
        begun_by: row.maybe_parsed("begun_by")?,
        begun_at: row.moment("begun_at")?,
        due_at: row.moment("due_at")?,
        ended: ended.zip(row.maybe_moment("ended_at")?),
        read,
        known: if is_said { Known::Said } else { Known::Read },
    })
}

fn read(row: &Row) -> Result<Option<Read>, Broken> {
    let Some(metric) = row.maybe_parsed("metric_id")? else { return Ok(None) };
    let says: Option<Outcome> = row.maybe_parsed("read_outcome")?;
    let level = |n_values, mean| {
        Ok::<_, Broken>(Level { n_values: row.count(n_values)?, mean: row.maybe_number(mean)? })
    };
    let reading = Reading {
        before: level("n_before", "mean_before")?,
        after: level("n_after", "mean_after")?,
        says: says.map_or(Says::CannotTell, Says::Became),
    };
    Ok(Some(Read { metric, reading }))
}

/// One trial.
pub async fn one(sql: &Sql, id: TrialId) -> Result<Option<Trial>, Broken> {
    sql.one(&format!("{SELECT} WHERE t.id = $1"), bind![id]).await?.as_ref().map(trial).transpose()
}

/// What was tried on a case, the latest first.
pub async fn of_case(sql: &Sql, case: CaseId) -> Result<Vec<Trial>, Broken> {
    let text = format!("{SELECT} WHERE t.case_id = $1 ORDER BY t.begun_at DESC, t.id DESC");
    sql.all(&text, bind![case]).await?.iter().map(trial).collect()
}

/// What was tried on a friction of a unit, the latest first.
pub async fn on_friction(sql: &Sql, friction: FrictionId) -> Result<Vec<Trial>, Broken> {
    let text = format!("{SELECT} WHERE n.friction_id = $1 ORDER BY t.begun_at DESC, t.id DESC");
    sql.all(&text, bind![friction]).await?.iter().map(trial).collect()
}

/// The trials on frictions that are due, of which nobody said anything yet and no metric was read.
pub async fn to_read(sql: &Sql, now: Moment) -> Result<Vec<Trial>, Broken> {
    let text = format!(
        "{SELECT} WHERE t.due_at <= $1 AND n.friction_id IS NOT NULL AND e.trial_id IS NULL AND r.trial_id IS NULL
         ORDER BY t.due_at, t.id"
    );
    sql.all(&text, bind![now]).await?.iter().map(trial).collect()
}

/// What was tried on all that accounts are stuck on, the latest first.
pub async fn of_holds(sql: &Sql) -> Result<Vec<Trial>, Broken> {
    let text = format!("{SELECT} WHERE t.hold_id IS NOT NULL ORDER BY t.begun_at DESC, t.id DESC");
    sql.all(&text, bind![]).await?.iter().map(trial).collect()
}

/// The trials a person began, of which it is time to say what became.
pub async fn due_for(sql: &Sql, person: PersonId, now: Moment) -> Result<Vec<Trial>, Broken> {
    let text = format!(
        "{SELECT} WHERE t.begun_by = $1 AND t.due_at <= $2 AND e.trial_id IS NULL ORDER BY t.due_at, t.id"
    );
    sql.all(&text, bind![person, now]).await?.iter().map(trial).collect()
}

/// The trials that are due and of which that was not yet noticed.
pub async fn to_ask(sql: &Sql, now: Moment) -> Result<Vec<TrialId>, Broken> {
    sql.all(
        "SELECT t.id AS id FROM remedy_trial t WHERE t.due_at <= $1
           AND NOT EXISTS (SELECT 1 FROM remedy_trial_asked a WHERE a.trial_id = t.id)
           AND NOT EXISTS (SELECT 1 FROM remedy_trial_end e WHERE e.trial_id = t.id)
         ORDER BY t.due_at, t.id",
        bind![now],
    )
    .await?
    .iter()
    .map(|row| row.parsed("id"))
    .collect()
}

/// Keeps that it is time to say what became of a trial; false when that is kept already.
pub async fn ask(sql: &Sql, id: TrialId, at: Moment) -> Result<bool, Broken> {
    let n_added = sql
        .run(
            "INSERT INTO remedy_trial_asked (trial_id, asked_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            bind![id, at],
        )
        .await?;
    Ok(n_added == 1)
}

/// Keeps a trial.
pub async fn add(sql: &Sql, trial: &Trial) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO remedy_trial (id, playbook, remedy, friction, case_id, hold_id, begun_by, begun_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        bind![
            trial.id,
            trial.playbook,
            trial.remedy,
            trial.friction,
            trial.case,
            trial.hold,
            trial.begun_by,
            trial.begun_at,
            trial.due_at
        ],
    )
    .await?;
    if let Some(friction) = trial.on {
        let text = "INSERT INTO remedy_trial_on (trial_id, friction_id) VALUES ($1, $2)";
        sql.run(text, bind![trial.id, friction]).await?;
    }
    Ok(())
}

/// Keeps what was answered before a trial was begun.
pub async fn add_answers(sql: &Sql, id: TrialId, answers: &str) -> Result<(), Broken> {
    let text = "INSERT INTO remedy_trial_answers (trial_id, answers) VALUES ($1, $2)";
    sql.run(text, bind![id, answers]).await?;
    Ok(())
}

/// Keeps what the friction's metric said; false when that is kept already.
pub async fn add_reading(sql: &Sql, id: TrialId, read: &Read, at: Moment) -> Result<bool, Broken> {
    let Reading { before, after, says } = read.reading;
    let outcome = if let Says::Became(outcome) = says { Some(outcome.word()) } else { None };
    let n_added = sql
        .run(
            "INSERT INTO remedy_trial_reading
               (trial_id, metric_id, n_before, mean_before, n_after, mean_after, outcome, read_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            bind![id, read.metric, before.n_values, before.mean, after.n_values, after.mean, outcome, at],
        )
        .await?;
    Ok(n_added == 1)
}

/// Keeps what somebody says otherwise than the metric did.
pub async fn end_otherwise(sql: &Sql, id: TrialId, by: RemedyOutcomeId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO remedy_outcome_instead (outcome_id, by_id, said_at)
         SELECT e.outcome_id, $2, CAST($3 AS BIGINT) FROM remedy_trial_end e WHERE e.trial_id = $1",
        bind![id, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps what became of a trial.
pub async fn end(sql: &Sql, id: TrialId, outcome: RemedyOutcomeId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO remedy_trial_end (trial_id, outcome_id, ended_at) VALUES ($1, $2, $3)",
        bind![id, outcome, at],
    )
    .await?;
    Ok(())
}
