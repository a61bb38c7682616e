//! Queries on consents.

use traction_domain::id::{EvidenceId, PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::publish::consent::Consent;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// The last word on the consent of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct LastWord {
    /// The evidence record it is about.
    pub evidence: EvidenceId,
    /// The change that record is about.
    pub change_name: String,
    /// The unit.
    pub unit: UnitId,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
    /// What was said.
    pub consent: Consent,
    /// In which words.
    pub words: String,
    /// By whom.
    pub by: Option<String>,
    /// When.
    pub at: Moment,
}

const SELECT: &str = "SELECT k.evidence_id AS evidence_id, c.name AS change_name, k.unit_id AS unit_id,
   u.slug AS unit_slug, u.name AS unit_name, k.state AS state, k.words AS words, p.name AS by_name, k.said_at AS said_at
 FROM consent k JOIN evidence e ON e.id = k.evidence_id JOIN change c ON c.id = e.change_id
   JOIN unit u ON u.id = k.unit_id LEFT JOIN person p ON p.id = k.said_by
 WHERE k.n = (SELECT MAX(l.n) FROM consent l WHERE l.evidence_id = k.evidence_id AND l.unit_id = k.unit_id)";

fn last_word(row: &Row) -> Result<LastWord, Broken> {
    Ok(LastWord {
        evidence: row.parsed("evidence_id")?,
        change_name: row.text("change_name")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        consent: row.parsed("state")?,
        words: row.text("words")?,
        by: row.maybe_text("by_name")?,
        at: row.moment("said_at")?,
    })
}

/// The last word of one unit on one evidence record.
pub async fn one(sql: &Sql, evidence: EvidenceId, unit: UnitId) -> Result<Option<LastWord>, Broken> {
    let text = format!("{SELECT} AND k.evidence_id = $1 AND k.unit_id = $2");
    sql.one(&text, bind![evidence, unit]).await?.as_ref().map(last_word).transpose()
}

/// The last words on one evidence record, by unit.
pub async fn of_evidence(sql: &Sql, evidence: EvidenceId) -> Result<Vec<LastWord>, Broken> {
    let text = format!("{SELECT} AND k.evidence_id = $1 ORDER BY u.name, u.id");
    sql.all(&text, bind![evidence]).await?.iter().map(last_word).collect()
}

/// Everything units are asked and have not answered, oldest first.
pub async fn unanswered(sql: &Sql) -> Result<Vec<LastWord>, Broken> {
    let text = format!("{SELECT} AND k.state = 'asked' ORDER BY k.said_at, k.unit_id");
    sql.all(&text, vec![]).await?.iter().map(last_word).collect()
}

/// Keeps a word on a consent.
pub async fn add(
    sql: &Sql,
    evidence: EvidenceId,
    unit: UnitId,
    consent: Consent,
    words: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO consent (evidence_id, unit_id, n, state, words, said_by, said_at)
         SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, CAST($6 AS BIGINT) FROM consent
         WHERE evidence_id = $1 AND unit_id = $2",
        bind![evidence, unit, consent.word(), words, by, at],
    )
    .await?;
    Ok(())
}
