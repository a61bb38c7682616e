//! Asking the data what a change did.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};
use traction_domain::contend::draw::Record;
use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, EvidenceId, MetricId};
use traction_domain::measure::panel::{self as panels, NoPanel, Observed};
use traction_domain::offer::metric::Better;
use traction_domain::org::who::Who;
use traction_domain::prove::{self as rules, DrawnWave, Further, Good, N_PERIODS_MOST, Question, Wish};
use traction_domain::time::Moment;
use traction_stats::panel::Unbalanced;

use super::files;
use super::guarded::{self, Guarded};
use super::record::EvidenceJson;
use super::store::{self, Evidence};
use crate::contend::draw;
use crate::measure::outcome;
use crate::measure::outcome::store::Outcome;
use crate::offer::change::store::Change;
use crate::offer::change::verbs::must_run;
use crate::offer::{metric, wave};
use crate::store::Sql;
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
    let draws = draws(sql, change.id).await?;
    let shown = store::shown(sql, change.id).await?;
    let further = guarded::of_change(sql, change).await?;
    let settings = settings(&question, &draws, &further);
    // Thousands of units take their time, and nobody else should wait for it.
    let asked =
        tokio::task::spawn_blocking(move || ask((&outcomes, &further), &begins, &draws, &shown, &question))
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

/// The draws of a change, each with the moment from which its slots count.
async fn draws(sql: &Sql, change: ChangeId) -> Result<Vec<(Moment, Record)>, Broken> {
    let mut draws = Vec::new();
    for wave in wave::store::of_change(sql, change).await? {
        draws.extend(draw::store::drawn(sql, wave.id).await?.map(|drawn| (wave.starts_at, drawn.record)));
    }
    Ok(draws)
}

/// What is asked of any change: whatever can be found, and how far it may be trusted.
fn wish() -> Wish {
    Wish { sensitivity: Further::Asked, ..Wish::default() }
}

/// What a record is made with, beside its panel.
fn settings(question: &Question, draws: &[(Moment, Record)], further: &[Guarded]) -> String {
    let wish = wish();
    let further: Vec<&str> = further.iter().map(|guarded| guarded.name.as_str()).collect();
    let draws: Vec<_> = draws
        .iter()
        .map(|(starts, record)| json!({"starts": starts.to_string(), "seed": record.seed.to_string()}))
        .collect();
    json!({
        "method": "auto", "sensitivity": true, "n_draws": wish.n_draws, "seed": wish.seed, "draws": draws,
        "compare": "auto", "base": "varying", "anticipation": wish.anticipation, "level": wish.level.share(),
        "unbalanced": "keep", "periods_at_most": N_PERIODS_MOST, "outcome": question.outcome,
        "further": further,
        "measure": question.measure, "worth": question.worth,
        "direction": if question.good == Good::Up { "up" } else { "down" },
    })
    .to_string()
}

fn ask(
    (outcomes, further): (&[Outcome], &[Guarded]),
    begins: &BTreeMap<String, Moment>,
    draws: &[(Moment, Record)],
    shown: &[Moment],
    question: &Question,
) -> Result<Asked, Trouble> {
    let observed: Vec<Observed<'_>> = outcomes
        .iter()
        .map(|outcome| Observed { unit: outcome.slug.as_str(), period: outcome.period, value: outcome.value })
        .collect();
    let begins = begins.iter().map(|(unit, begins)| (unit.as_str(), *begins)).collect();
    let panel = panels::panel(&observed, &begins, Unbalanced::Keep)?;
    let periods = panel.periods().to_vec();
    let shown: Vec<_> = shown.iter().map(|at| panels::start(&periods, *at)).collect();
    let blocked = rules::blocked(panel).map_err(NoPanel::from)?;
    let at = |starts: Moment| blocked.first_with(panels::start(&periods, starts));
    let waves: Vec<DrawnWave<'_>> =
        draws.iter().map(|(starts, record)| DrawnWave { at: at(*starts), record }).collect();
    let panel_csv = files::panel_csv(&blocked.panel);
    let sha256 = hex::encode(Sha256::digest(panel_csv.as_bytes()));
    let mut evidence = rules::prove_blocked(&blocked, &waves, &shown, &sha256, &wish(), question);
    guarded::explore(&mut evidence, further, (&begins, draws), question);
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
