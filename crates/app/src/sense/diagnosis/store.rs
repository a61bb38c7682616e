//! Queries on what remedies did here.

use traction_domain::id::{PersonId, RemedyOutcomeId};
use traction_domain::sense::diagnosis::{Closed, Learnt, Suspect, Tried, tried};
use traction_domain::sense::playbook::Playbook;
use traction_domain::time::Moment;

use crate::bind;
use crate::sense::diagnosis::trail;
use crate::store::Sql;
use crate::trouble::Broken;

/// Keeps what became of a friction after a remedy.
pub async fn add(
    sql: &Sql,
    id: RemedyOutcomeId,
    playbook: &Playbook,
    tried: Tried,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let (remedy, friction) = (&playbook.remedy(tried.remedy).key, &playbook.friction(tried.friction).key);
    sql.run(
        "INSERT INTO remedy_outcome (id, playbook, remedy, friction, outcome, recorded_by, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, playbook.edition.id, remedy, friction, tried.outcome.word(), by, at],
    )
    .await?;
    Ok(())
}

/// All that remedies of the playbook did, counted, and what was answered where a friction went: then it was what held the
/// case up. What its present version no longer links is left out.
pub async fn learnt(sql: &Sql, playbook: &Playbook) -> Result<Learnt, Broken> {
    let rows = sql
        .all(
            "SELECT o.remedy AS remedy, o.friction AS friction, o.outcome AS outcome, COUNT(*) AS n
             FROM remedy_outcome o WHERE o.playbook = $1
               AND NOT EXISTS (SELECT 1 FROM remedy_outcome_instead i WHERE i.outcome_id = o.id)
             GROUP BY o.remedy, o.friction, o.outcome",
            bind![playbook.edition.id],
        )
        .await?;
    let mut learnt = Learnt::default();
    for row in &rows {
        let outcome = row.parsed("outcome")?;
        if let Ok(tried) = tried(playbook, &row.text("remedy")?, &row.text("friction")?, outcome) {
            (0..row.count("n")?).for_each(|_| learnt.take_tried(tried));
        }
    }
    closed(sql, playbook).await?.iter().for_each(|closed| learnt.take(playbook, closed));
    Ok(learnt)
}

/// What may be told to everybody of how cases answered: see [`Learnt::told`].
pub async fn told(sql: &Sql, playbook: &Playbook) -> Result<Learnt, Broken> {
    Ok(Learnt::told(playbook, &closed(sql, playbook).await?))
}

/// What was answered before the trials after which the friction was gone, and which it was, in the order in which that
/// was known. The remedies are counted by themselves.
async fn closed(sql: &Sql, playbook: &Playbook) -> Result<Vec<Closed>, Broken> {
    let rows = sql.all(
        "SELECT t.friction AS friction, a.answers AS answers
         FROM remedy_trial t JOIN remedy_trial_answers a ON a.trial_id = t.id JOIN remedy_trial_end e ON e.trial_id = t.id
           LEFT JOIN remedy_outcome_instead i ON i.outcome_id = e.outcome_id
           JOIN remedy_outcome o ON o.id = COALESCE(i.by_id, e.outcome_id)
         WHERE t.playbook = $1 AND o.outcome = 'gone' ORDER BY COALESCE(i.said_at, e.ended_at), t.id",
        bind![playbook.edition.id],
    )
    .await?;
    let mut closed = Vec::new();
    for row in &rows {
        let found = playbook.friction_named(&row.text("friction")?).map(Suspect::Friction);
        if let (Some(found), Some(answers)) = (found, trail::read(playbook, &row.text("answers")?)) {
            closed.push(Closed { found: Some(found), answers, tried: vec![] });
        }
    }
    Ok(closed)
}
