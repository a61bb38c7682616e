//! Queries across the stages, for the pages that look at all of them.

use traction_domain::time::Moment;

use crate::bind;
use crate::overview::figures::Stage;
use crate::store::Sql;
use crate::trouble::Broken;

/// What each stage counts: a query of one number, and the word after it. In the loop's order.
const COUNTED: &[(Stage, &str, &str)] = &[
    (
        Stage::Sense,
        "SELECT COUNT(*) FROM friction f WHERE NOT EXISTS
       (SELECT 1 FROM friction_answer a WHERE a.friction_id = f.id AND a.state IN ('gone', 'kept'))",
        "open",
    ),
    (
        Stage::Contend,
        "SELECT COUNT(*) FROM application a
         WHERE NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id)
         AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.wave_id = a.wave_id)",
        "contending",
    ),
    (
        Stage::Grant,
        "SELECT COUNT(*) FROM slot s WHERE NOT EXISTS
       (SELECT 1 FROM slot_event e WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended'))",
        "held",
    ),
    (
        Stage::Cycle,
        "SELECT COUNT(*) FROM cycle c WHERE NOT EXISTS (SELECT 1 FROM cycle_end e WHERE e.cycle_id = c.id)",
        "running",
    ),
    (Stage::Sustain, "SELECT COUNT(*) FROM hand_over_answer h WHERE h.state = 'accepted'", "watched"),
    (
        Stage::Publish,
        "SELECT COUNT(*) FROM showcase s WHERE NOT EXISTS
       (SELECT 1 FROM showcase_end e WHERE e.showcase_id = s.id)",
        "published",
    ),
    (Stage::Measure, "SELECT COUNT(DISTINCT o.unit_id) FROM outcome o", "measured"),
    (Stage::Prove, "SELECT COUNT(DISTINCT e.change_id) FROM evidence e", "asked"),
];

/// The live figure of each stage, in one query.
pub async fn figures(sql: &Sql) -> Result<Vec<(Stage, i64, &'static str)>, Broken> {
    let columns: Vec<String> =
        COUNTED.iter().map(|(stage, count, _)| format!("({count}) AS {}_figure", stage.word())).collect();
    let Some(row) = sql.one(&format!("SELECT {}", columns.join(", ")), vec![]).await? else {
        return Ok(vec![]);
    };
    COUNTED
        .iter()
        .map(|(stage, _, word)| Ok((*stage, row.whole(&format!("{}_figure", stage.word()))?, *word)))
        .collect()
}

/// A journal entry as the page shows it.
pub struct Told {
    /// Its place.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// The person's name, or what acted.
    pub who: String,
    /// The fact's name.
    pub kind: String,
    /// The ids it is about.
    pub about: String,
}

/// Up to `limit` journal entries before the place `seq`, newest first.
pub async fn entries_before(sql: &Sql, seq: i64, limit: u32) -> Result<Vec<Told>, Broken> {
    sql.all(
        "SELECT j.seq AS seq, j.at AS at, COALESCE(p.name, j.actor) AS who, j.kind AS kind, j.fact AS fact
         FROM journal j LEFT JOIN person p ON p.id = j.actor_id WHERE j.seq < $1 ORDER BY j.seq DESC LIMIT $2",
        bind![seq, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let fact = row.text("fact")?;
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&fact).map_err(|error| row.impossible("fact", error))?;
        let about: Vec<String> = fields
            .iter()
            .filter(|(name, value)| name.as_str() != "fact" && !value.is_null())
            .map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or_default()))
            .collect();
        Ok(Told {
            seq: row.whole("seq")?,
            at: row.moment("at")?,
            who: row.text("who")?,
            kind: row.text("kind")?,
            about: about.join(", "),
        })
    })
    .collect()
}
