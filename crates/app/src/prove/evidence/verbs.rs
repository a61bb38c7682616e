//! Asking the data what a change did.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
use traction_domain::id::{EvidenceId, MetricId};
use traction_domain::measure::panel::{self as panels, NoPanel, Observed};
use traction_domain::offer::metric::Better;
use traction_domain::org::who::Who;
use traction_domain::prove::{self as rules, Good, N_PERIODS_MOST, Question, Wish};
use traction_domain::time::Moment;
use traction_stats::panel::Unbalanced;

use super::files;
use super::record::EvidenceJson;
use super::store::{self, Evidence};
use crate::measure::outcome;
use crate::measure::outcome::store::Outcome;
use crate::offer::change::store::Change;
use crate::offer::change::verbs::must_run;
use crate::offer::metric;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What was asked, and what the data answered.
struct Asked {
    record: EvidenceJson,
    json: String,
    panel_csv: String,
}

/// Writes the evidence record of a change: the outcomes of its metric in all units that have any, and since when
/// each has it. The same data again give the same record, and nothing is written then.
///
/// Whether the data can carry a claim is the record's to say; refused is only what leaves no panel to look at.
pub async fn prove(world: &World, who: &Who, change: &Change) -> Result<EvidenceId, Trouble> {
    must_run(who, change, "ask the data what it did")?;
    let sql = world.store().read();
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let outcomes = outcome::store::panel(sql, metric.id, None).await?;
    let begins = store::begins(sql, change.id).await?;
    let question = question(change, &metric);
    let settings = settings(&question);
    // Thousands of units take their time, and nobody else should wait for it.
    let asked = tokio::task::spawn_blocking(move || ask(&outcomes, &begins, &question))
        .await
        .map_err(|why| Broken::accident("asking the data", why))??;
    let mut tx = world.store().begin().await?;
    if let Some(last) = store::latest(&tx, change.id).await?
        && (&last.record, &last.settings, last.metric) == (&asked.json, &settings, metric.id)
    {
        return Ok(last.id);
    }
    let now = world.now();
    let made = made(world.id(), change, metric.id, &asked, settings, who, now);
    store::add(&tx, &made, &asked.panel_csv).await?;
    tx.journal(now, who, Fact::Proven { evidence: made.id, change: change.id }).await?;
    world.commit(tx).await?;
    Ok(made.id)
}

fn question(change: &Change, metric: &metric::store::Metric) -> Question {
    let measure = Some(&metric.unit_of_measure).filter(|measure| !measure.is_empty());
    Question {
        outcome: metric.name.clone(),
        measure: measure.filter(|measure| **measure != metric.name).cloned(),
        good: match metric.better {
            Better::Up => Good::Up,
            Better::Down => Good::Down,
        },
        worth: change.worth,
    }
}

/// What a record is made with, beside its panel.
fn settings(question: &Question) -> String {
    let wish = Wish::default();
    json!({
        "compare": "auto", "base": "varying", "anticipation": wish.anticipation, "level": wish.level.share(),
        "unbalanced": "keep", "periods_at_most": N_PERIODS_MOST, "outcome": question.outcome,
        "measure": question.measure, "worth": question.worth,
        "direction": if question.good == Good::Up { "up" } else { "down" },
    })
    .to_string()
}

fn ask(
    outcomes: &[Outcome],
    begins: &BTreeMap<String, Moment>,
    question: &Question,
) -> Result<Asked, Trouble> {
    let observed: Vec<Observed<'_>> = outcomes
        .iter()
        .map(|outcome| Observed { unit: outcome.slug.as_str(), period: outcome.period, value: outcome.value })
        .collect();
    let begins = begins.iter().map(|(unit, begins)| (unit.as_str(), *begins)).collect();
    let panel = panels::panel(&observed, &begins, Unbalanced::Keep)?;
    let blocked = rules::blocked(panel).map_err(NoPanel::from)?;
    let panel_csv = files::panel_csv(&blocked.panel);
    let sha256 = hex::encode(Sha256::digest(panel_csv.as_bytes()));
    let evidence = rules::prove_blocked(&blocked, &sha256, &Wish::default(), question);
    let record = EvidenceJson::of(&evidence, question);
    let json = serde_json::to_string_pretty(&record)
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why))?;
    Ok(Asked { record, json, panel_csv })
}

fn made(
    id: EvidenceId,
    change: &Change,
    metric: MetricId,
    asked: &Asked,
    settings: String,
    who: &Who,
    at: Moment,
) -> Evidence {
    let overall = asked.record.overall.as_ref();
    Evidence {
        id,
        change: change.id,
        metric,
        verdict_kind: asked.record.verdict.kind,
        verdict_says: asked.record.verdict.says.clone(),
        estimate: overall.map(|overall| overall.estimate),
        low: overall.and_then(|overall| overall.low),
        high: overall.and_then(|overall| overall.high),
        data_sha256: asked.record.data.sha256.clone(),
        settings,
        record: asked.json.clone(),
        version: asked.record.traction.clone(),
        made_by: who.person(),
        made_at: at,
    }
}

/// The record of an id, and what it says.
pub async fn find(world: &World, id: EvidenceId) -> Result<(Evidence, EvidenceJson), Trouble> {
    let evidence =
        store::one(world.store().read(), id).await?.ok_or(Trouble::NotFound { what: "evidence record" })?;
    let record = read(&evidence)?;
    Ok((evidence, record))
}

/// What a record says.
pub fn read(evidence: &Evidence) -> Result<EvidenceJson, Broken> {
    serde_json::from_str(&evidence.record).map_err(|why| Broken::accident("reading an evidence record", why))
}
