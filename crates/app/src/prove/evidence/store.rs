//! Queries on evidence records. A record is written once and never changed; of a change's records the last one counts.

use std::collections::BTreeMap;

use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, EvidenceId, MetricId, PersonId};
use traction_domain::measure::suppression;
use traction_domain::prove::{Choice, Doubted, Kind};
use traction_domain::time::Moment;

use super::record::{doubted_of, kind_of, kind_word};
use crate::bind;
use crate::measure::uptake;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An evidence record.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The change it is about.
    pub change: ChangeId,
    /// The metric it was judged by.
    pub metric: MetricId,
    /// The kind of its verdict.
    pub verdict_kind: Kind,
    /// How firmly it stands.
    pub doubted: Doubted,
    /// The verdict in one sentence.
    pub verdict_says: String,
    /// The effect over all; `None` where the data could not carry one.
    pub estimate: Option<f64>,
    /// The interval's lower end.
    pub low: Option<f64>,
    /// The interval's upper end.
    pub high: Option<f64>,
    /// SHA-256 of the panel's bytes, in hex.
    pub data_sha256: String,
    /// What it was made with, as JSON: whoever has the panel can make it again.
    pub settings: String,
    /// The record as JSON, `traction.evidence/1`; [`super::record::EvidenceJson`] reads it.
    pub record: String,
    /// The version that made it.
    pub version: String,
    /// Who made it; `None` for a program.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Moment,
}

const SELECT: &str = "SELECT e.id AS id, e.change_id AS change_id, e.metric_id AS metric_id,
  e.verdict_kind AS verdict_kind, e.doubted AS doubted, e.verdict_says AS verdict_says, e.estimate AS estimate, e.low AS low, e.high AS high,
  e.data_sha256 AS data_sha256, e.settings AS settings, e.record AS record, e.version AS version,
  e.made_by AS made_by, e.made_at AS made_at FROM evidence e";

fn evidence(row: &Row) -> Result<Evidence, Broken> {
    let word = row.text("verdict_kind")?;
    Ok(Evidence {
        id: row.parsed("id")?,
        change: row.parsed("change_id")?,
        metric: row.parsed("metric_id")?,
        verdict_kind: kind_of(&word).ok_or_else(|| row.impossible("verdict_kind", &word))?,
        doubted: doubted_of(row)?,
        verdict_says: row.text("verdict_says")?,
        estimate: row.maybe_number("estimate")?,
        low: row.maybe_number("low")?,
        high: row.maybe_number("high")?,
        data_sha256: row.text("data_sha256")?,
        settings: row.text("settings")?,
        record: row.text("record")?,
        version: row.text("version")?,
        made_by: row.maybe_parsed("made_by")?,
        made_at: row.moment("made_at")?,
    })
}

/// One record.
pub async fn one(sql: &Sql, id: EvidenceId) -> Result<Option<Evidence>, Broken> {
    sql.one(&format!("{SELECT} WHERE e.id = $1"), bind![id]).await?.as_ref().map(evidence).transpose()
}

/// The records of a change, the current one first.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Evidence>, Broken> {
    let text = format!("{SELECT} WHERE e.change_id = $1 ORDER BY e.made_at DESC, e.id DESC");
    sql.all(&text, bind![change]).await?.iter().map(evidence).collect()
}

/// The current record of a change.
pub async fn latest(sql: &Sql, change: ChangeId) -> Result<Option<Evidence>, Broken> {
    let text = format!("{SELECT} WHERE e.change_id = $1 ORDER BY e.made_at DESC, e.id DESC LIMIT 1");
    sql.one(&text, bind![change]).await?.as_ref().map(evidence).transpose()
}

/// The current record of every change that has one, the newest first.
pub async fn current(sql: &Sql) -> Result<Vec<Evidence>, Broken> {
    let text = format!(
        "{SELECT} WHERE NOT EXISTS (SELECT 1 FROM evidence l WHERE l.change_id = e.change_id
           AND (l.made_at > e.made_at OR (l.made_at = e.made_at AND l.id > e.id)))
         ORDER BY e.made_at DESC, e.id DESC"
    );
    sql.all(&text, vec![]).await?.iter().map(evidence).collect()
}

/// The panel a record rests on, as CSV.
pub async fn panel_csv(sql: &Sql, id: EvidenceId) -> Result<Option<String>, Broken> {
    let row = sql.one("SELECT id, panel_csv FROM evidence WHERE id = $1", bind![id]).await?;
    row.map(|row| row.text("panel_csv")).transpose()
}

/// The records of the draws that a record rests on, as they stood then, by their wave's number.
pub async fn draws(sql: &Sql, id: EvidenceId) -> Result<Vec<(usize, String)>, Broken> {
    sql.all(
        "SELECT d.wave_n AS wave_n, d.record AS record FROM evidence_draw d WHERE d.evidence_id = $1 ORDER BY d.wave_n",
        bind![id],
    )
    .await?
    .iter()
    .map(|row| Ok((row.count("wave_n")?, row.text("record")?)))
    .collect()
}

/// Keeps a record with its panel and the records of its draws, each with its wave's number.
pub async fn add(
    sql: &Sql,
    made: &Evidence,
    panel_csv: &str,
    draws: &[(usize, String)],
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO evidence (id, change_id, metric_id, verdict_kind, verdict_says, estimate, low, high,
           data_sha256, panel_csv, settings, record, version, made_by, made_at, doubted)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        bind![
            made.id,
            made.change,
            made.metric,
            kind_word(made.verdict_kind),
            made.verdict_says,
            made.estimate,
            made.low,
            made.high,
            made.data_sha256,
            panel_csv,
            made.settings,
            made.record,
            made.version,
            made.made_by,
            made.made_at,
            made.doubted.word()
        ],
    )
    .await?;
    for (n, record) in draws {
        sql.run(
            "INSERT INTO evidence_draw (evidence_id, wave_n, record) VALUES ($1, $2, $3)",
            bind![made.id, n, record],
        )
        .await?;
    }
    Ok(())
}

/// Since when units have a change, by their short name: their first slot that was not given back, lapsed or ended
/// before it began.
pub async fn begins(sql: &Sql, change: ChangeId) -> Result<BTreeMap<String, Moment>, Broken> {
    sql.all(
        "SELECT u.slug AS slug, MIN(s.not_before) AS begins FROM slot s JOIN unit u ON u.id = s.unit_id
         WHERE s.change_id = $1 AND NOT EXISTS (SELECT 1 FROM slot_event v WHERE v.slot_id = s.id
           AND v.what IN ('given-back', 'lapsed', 'ended') AND v.at <= s.not_before)
         GROUP BY u.slug",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("slug")?, row.moment("begins")?)))
    .collect()
}

/// How many people must have used it before a unit is said to have; of fewer nothing is told.
const N_PEOPLE_LEAST: i64 = suppression::N_FEWEST as i64;

/// The statement of [`used`]: days that were rolled up, events that came since, and for each unit one look whether an
/// event names nobody. Of a unit no more is read than until so many different people are found.
pub const USED: &str = "SELECT u.slug AS slug FROM unit u WHERE
      (SELECT COUNT(*) FROM (SELECT DISTINCT COALESCE(a.own, k.subject) AS subject FROM (
         SELECT d.subject AS subject FROM use_day d
           WHERE d.change_id = $1 AND d.unit_id = u.id AND d.occurred_day >= $2 AND d.occurred_day < $3
         UNION ALL SELECT e.subject AS subject FROM usage_event e
           WHERE e.change_id = $1 AND e.unit_id = u.id AND e.occurred_at >= $5 AND e.occurred_at < $6) k
         LEFT JOIN subject_alias a ON a.subject = k.subject
         WHERE k.subject IS NOT NULL LIMIT CAST($7 AS BIGINT)) p) >= CAST($7 AS BIGINT)
      OR (SELECT 1 FROM usage_event e WHERE e.subject IS NULL AND e.change_id = $1 AND e.unit_id = u.id
        AND e.occurred_at >= $4 AND e.occurred_at < $6 LIMIT 1) = 1
    ORDER BY u.slug";

/// The units, by their short name, whose people used a change's solution from one moment until before another, both the
/// beginning of a day (UTC): five of them or more, or events that name nobody.
pub async fn used(
    sql: &Sql,
    change: ChangeId,
    (from, until): (Moment, Moment),
) -> Result<Vec<String>, Broken> {
    // Of closed weeks no event is read: who used it on which day is rolled up.
    let since = uptake::store::closed_until(sql, change).await?.map_or(from, |closed| closed.max(from));
    let day = |at: Moment| at.milliseconds().div_euclid(86_400_000);
    sql.all(USED, bind![change, day(from), day(until), from, since, until, N_PEOPLE_LEAST])
        .await?
        .iter()
        .map(|row| row.text("slug"))
        .collect()
}

/// When showcases of a change were published, by the journal.
pub async fn shown(sql: &Sql, change: ChangeId) -> Result<Vec<Moment>, Broken> {
    let rows = sql.all("SELECT at, fact FROM journal WHERE kind = 'published' ORDER BY seq", vec![]).await?;
    let mut shown = Vec::new();
    for row in &rows {
        let text = row.text("fact")?;
        let fact = serde_json::from_str(&text).map_err(|error| row.impossible("fact", error))?;
        if matches!(fact, Fact::Published { change: of, .. } if of == change) {
            shown.push(row.moment("at")?);
        }
    }
    Ok(shown)
}

/// The true effect of a change in the metric's unit, where a simulation wrote it down.
pub async fn truth(sql: &Sql, change: &str) -> Result<Option<f64>, Broken> {
    let Some(value) = sql.setting(&format!("truth:{change}")).await? else { return Ok(None) };
    value.parse().map(Some).map_err(|error| Broken::accident("reading the truth of a simulation", error))
}

/// Writes down the true effect of a simulated change.
pub async fn settle_truth(sql: &Sql, change: &str, effect: f64) -> Result<(), Broken> {
    sql.settle(&format!("truth:{change}"), &format!("{effect:.2}")).await
}
