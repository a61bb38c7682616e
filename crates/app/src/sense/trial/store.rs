//! Queries on trials of remedies.

use traction_domain::id::{CaseId, HoldId, PersonId, RemedyOutcomeId, TrialId};
use traction_domain::sense::diagnosis::Outcome;
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
    /// Who began it, and is asked.
    pub begun_by: Option<PersonId>,
    /// When.
    pub begun_at: Moment,
    /// When it is asked what became of it.
    pub due_at: Moment,
    /// What became of it, and when that was said.
    pub ended: Option<(Outcome, Moment)>,
}

const SELECT: &str = "SELECT t.id AS id, t.playbook AS playbook, t.remedy AS remedy, t.friction AS friction,
    t.case_id AS case_id, t.hold_id AS hold_id, t.begun_by AS begun_by, t.begun_at AS begun_at, t.due_at AS due_at,
    o.outcome AS outcome, e.ended_at AS ended_at
  FROM remedy_trial t LEFT JOIN remedy_trial_end e ON e.trial_id = t.id LEFT JOIN remedy_outcome o ON o.id = e.outcome_id";

fn trial(row: &Row) -> Result<Trial, Broken> {
    let ended: Option<Outcome> = row.maybe_parsed("outcome")?;
    Ok(Trial {
        id: row.parsed("id")?,
        playbook: row.text("playbook")?,
        remedy: row.text("remedy")?,
        friction: row.text("friction")?,
        case: row.maybe_parsed("case_id")?,
        hold: row.maybe_parsed("hold_id")?,
        begun_by: row.maybe_parsed("begun_by")?,
        begun_at: row.moment("begun_at")?,
        due_at: row.moment("due_at")?,
        ended: ended.zip(row.maybe_moment("ended_at")?),
    })
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
