//! What was said to frictions, and how units take them in.

use std::collections::BTreeMap;

use traction_domain::id::{FrictionId, UnitId};
use traction_domain::sense::friction::intake::Intake;
use traction_domain::sense::friction::{FrictionState, Verdict};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// An answer to a friction, or a word of whoever reported it.
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
    /// What those who reported it said of it, oldest first.
    pub said: Vec<Said>,
}

/// What somebody who reported a friction said of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// By way of which friction: the one that was answered, or one merged into it.
    pub via: FrictionId,
    /// Whether it is gone.
    pub verdict: Verdict,
    /// Its words. Who reads them is for `verbs::answers` to say.
    pub words: String,
    /// When.
    pub at: Moment,
}

/// The answers to a friction, oldest first, with all that was said of them.
pub async fn answers(sql: &Sql, id: FrictionId) -> Result<Vec<FrictionAnswer>, Broken> {
    let text = "SELECT s.answer_n AS answer_n, s.verdict AS verdict, s.words AS words, s.said_at AS said_at,
                  s.via_id AS via_id
                FROM friction_said s WHERE s.friction_id = $1 ORDER BY s.said_at, s.via_id";
    let mut said: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for row in &sql.all(text, bind![id]).await? {
        let one = Said {
            via: row.parsed("via_id")?,
            verdict: row.parsed("verdict")?,
            words: row.text("words")?,
            at: row.moment("said_at")?,
        };
        said.entry(row.count("answer_n")?).or_default().push(one);
    }
    sql.all(
        "SELECT a.n AS n, a.state AS state, a.words AS words, b.name AS by_name, o.name AS owner_name,
           a.answered_at AS answered_at
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
            said: said.remove(&row.count("n")?).unwrap_or_default(),
        })
    })
    .collect()
}

/// What was said last by whoever looked at a report.
pub async fn look_words(sql: &Sql, id: FrictionId) -> Result<Option<String>, Broken> {
    let text =
        "SELECT l.words AS words FROM friction_look l WHERE l.friction_id = $1 ORDER BY l.n DESC LIMIT 1";
    sql.one(text, bind![id]).await?.map(|row| row.text("words")).transpose()
}

/// How a unit takes reports in.
pub async fn intake(sql: &Sql, unit: UnitId) -> Result<Intake, Broken> {
    let row = sql
        .one(
            "SELECT i.audience AS audience, i.look AS look FROM friction_intake i WHERE i.unit_id = $1
             ORDER BY i.n DESC LIMIT 1",
            bind![unit],
        )
        .await?;
    row.map_or(Ok(Intake::default()), |row| {
        Ok(Intake { audience: row.parsed("audience")?, look: row.parsed("look")? })
    })
}
