//! Queries on what remedies did here.

use traction_domain::id::{PersonId, RemedyOutcomeId};
use traction_domain::sense::diagnosis::{Learnt, Tried, tried};
use traction_domain::sense::playbook::Playbook;
use traction_domain::time::Moment;

use crate::bind;
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

/// All that remedies of the playbook did, counted. What its present version no longer links is left out.
pub async fn learnt(sql: &Sql, playbook: &Playbook) -> Result<Learnt, Broken> {
    let rows = sql
        .all(
            "SELECT o.remedy AS remedy, o.friction AS friction, o.outcome AS outcome, COUNT(*) AS n
             FROM remedy_outcome o WHERE o.playbook = $1 GROUP BY o.remedy, o.friction, o.outcome",
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
    Ok(learnt)
}
