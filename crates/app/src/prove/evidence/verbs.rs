//! Asking the data what a change did.

use std::collections::{BTreeMap, HashSet};

use serde_json::json;
use sha2::{Digest, Sha256};
use traction_domain::contend::draw::Record;
use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, EvidenceId, MetricId};
use traction_domain::measure::panel::{self as panels, NoPanel, Observed};
use traction_domain::offer::metric::Better;
use traction_domain::org::who::Who;
use traction_domain::prove::{
    self as rules, Blocked, Came, DrawnWave, Further, Good, N_PERIODS_MOST, OfDraw, Question, Wish,
};
use traction_domain::time::Moment;
use traction_domain::words::{counted_first, listed};
use traction_stats::panel::{Period, Unbalanced};

use super::arguments::{Made, draw_file};
use super::choices::baseline_word;
use super::guarded::{self, Guarded};
use super::panel_csv::{self, Beside, Headings};
use super::record::{BlocksJson, CameJson, DrawJson, EvidenceJson, LeftOutJson, SettingsJson, UnitOrder};
use super::store::{self, Evidence};
use super::used::Used;
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

/// What the data are asked with, beside the panel.
struct Asking {
    question: Question,
    draws: Vec<DrawOf>,
    shown: Vec<Moment>,
    further: Vec<Guarded>,
}

/// The draw of a wave.
struct DrawOf {
    n: usize,
    /// From when its slots count.
    starts: Moment,
    record: Record,
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
    let asking = Asking {
        question: question(change, &metric),
        draws: draws(sql, change.id).await?,
        shown: store::shown(sql, change.id).await?,
        further: guarded::of_change(sql, change).await?,
    };
    let settings = settings(&asking);
    // Thousands of units take their time, and nobody else should wait for it.
    let laid = tokio::task::spawn_blocking(move || laid(&outcomes, begins))
        .await
        .map_err(|why| Broken::accident("laying out the data", why))??;
    let used = match asking.draws[..] {
        [] => None,
        _ => Used::of(sql, change.id, laid.blocked.panel.periods()).await?,
    };
    let drawn: Vec<(usize, String)> =
        asking.draws.iter().map(|draw| (draw.n, draw.record.to_json())).collect();
    let asked = tokio::task::spawn_blocking(move || ask(&laid, used.as_ref(), &asking))
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
    store::add(&tx, &made, &asked.panel_csv, &drawn).await?;
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

/// The draws of a change.
async fn draws(sql: &Sql, change: ChangeId) -> Result<Vec<DrawOf>, Broken> {
    let mut draws = Vec::new();
    for wave in wave::store::of_change(sql, change).await? {
        let drawn = draw::store::drawn(sql, wave.id).await?;
        draws.extend(drawn.map(|drawn| DrawOf { n: wave.n, starts: wave.starts_at, record: drawn.record }));
    }
    Ok(draws)
}

/// What is asked of any change: whatever can be found, and how far it may be trusted.
fn wish() -> Wish {
    Wish { sensitivity: Further::WherePossible, ..Wish::default() }
}

/// What a record is made with, beside its panel.
fn settings(asking: &Asking) -> String {
    let (wish, question) = (wish(), &asking.question);
    let further: Vec<&str> = asking.further.iter().map(|guarded| guarded.name.as_str()).collect();
    let draws: Vec<_> = asking
        .draws
        .iter()
        .map(|draw| json!({"starts": draw.starts.to_string(), "seed": draw.record.seed.to_string()}))
        .collect();
    json!({
        "method": "auto", "sensitivity": true, "n_draws": wish.n_draws, "seed": wish.seed, "draws": draws,
        "compare": "auto", "base": "varying", "anticipation": wish.anticipation, "level": wish.level.share(),
        "baseline": baseline_word(wish.baseline),
        "unbalanced": "keep", "periods_at_most": N_PERIODS_MOST, "outcome": question.outcome,
        "further": further,
        "measure": question.measure, "worth": question.worth,
        "direction": if question.good == Good::Up { "up" } else { "down" },
    })
    .to_string()
}

/// The panel, the periods it had before they were taken together, and since when units have it.
struct Laid {
    blocked: Blocked,
    periods: Vec<Period>,
    begins: BTreeMap<String, Moment>,
}

impl Laid {
    fn begins(&self) -> BTreeMap<&str, Moment> {
        self.begins.iter().map(|(unit, begins)| (unit.as_str(), *begins)).collect()
    }
}

fn laid(outcomes: &[Outcome], begins: BTreeMap<String, Moment>) -> Result<Laid, NoPanel> {
    let observed: Vec<Observed<'_>> = outcomes
        .iter()
        .map(|outcome| Observed { unit: outcome.slug.as_str(), period: outcome.period, value: outcome.value })
        .collect();
    let of_unit = begins.iter().map(|(unit, begins)| (unit.as_str(), *begins)).collect();
    let panel = panels::panel(&observed, &of_unit, Unbalanced::Keep)?;
    let periods = panel.periods().to_vec();
    let mut blocked = rules::blocked(panel)?;
    blocked.panel = blocked.panel.in_order_of_content();
    Ok(Laid { blocked, periods, begins })
}

fn ask(laid: &Laid, used: Option<&Used>, asking: &Asking) -> Result<Asked, Trouble> {
    let Laid { blocked, periods, .. } = laid;
    let (panel, question) = (&blocked.panel, &asking.question);
    let at = |moment: Moment| blocked.start(panels::start(periods, moment));
    let is_seen = |period: &Period| panel.periods().contains(period);
    let shown: Vec<Period> = asking.shown.iter().map(|shown| at(*shown)).filter(is_seen).collect();
    // In the panel's own words, so that the same can be asked of its file.
    let (seen, unseen): (Vec<(Period, &DrawOf)>, Vec<_>) = asking
        .draws
        .iter()
        .map(|draw| (at(draw.starts), draw))
        .partition(|(start, _)| blocked.tells_of(*start) != OfDraw::Nothing);
    let draws: Vec<DrawnWave<'_>> =
        seen.iter().map(|(at, draw)| DrawnWave { at: *at, record: &draw.record }).collect();
    let used = used.map(|used| used.panel(panel)).transpose().map_err(NoPanel::from)?.flatten();
    let used = used.as_ref();
    let wish = wish();
    let beside = Beside { used, also: &[], labels: &[], seen: wish.seen };
    let panel_csv = panel_csv::text(panel, &beside);
    let sha256 = hex::encode(Sha256::digest(panel_csv.as_bytes()));
    let mut evidence = rules::prove_blocked(blocked, (&draws, &shown, used), &sha256, &wish, question);
    let drawn: Vec<(Moment, &Record)> = asking.draws.iter().map(|draw| (draw.starts, &draw.record)).collect();
    guarded::explore(&mut evidence, &asking.further, (&laid.begins(), &drawn), question);
    let mut record = EvidenceJson::of(&evidence, question);
    let left_out = without_starts(unseen.iter().map(|(start, _)| *start));
    record.data.left_out.extend(left_out.clone());
    let starts = starts_within(laid);
    starts.iter().for_each(|starts| record.add_why(starts));
    let files: Vec<(Period, String)> = seen.iter().map(|(at, draw)| (*at, draw_file(draw.n))).collect();
    let headings = Headings::of(panel, &beside);
    let made = Made { headings: &headings, wish: &wish, question, draws: &files, shown: Some(&shown) };
    record.settings = Some(SettingsJson {
        arguments: made.arguments(),
        panel_sha256: Some(sha256),
        draws: seen
            .iter()
            .map(|(_, draw)| DrawJson::of(&draw_file(draw.n), &draw.record.to_json()))
            .collect(),
        came: CameJson::of(Came::of(panel)),
        starts,
        left_out,
        blocks: blocked.why.as_ref().map(|why| BlocksJson {
            why: why.clone(),
            left_out: blocked.left_out.iter().map(LeftOutJson::of).collect(),
        }),
        order: UnitOrder::Content,
    });
    let json = serde_json::to_string_pretty(&record)
        .map_err(|why| Broken::accident("writing an evidence record as JSON", why))?;
    Ok(Asked { record, json, panel_csv })
}

/// Draws of which no winner is seen to start: whoever makes the record again has none of them.
fn without_starts(starts: impl Iterator<Item = Period>) -> Vec<LeftOutJson> {
    let starts: Vec<String> = starts.map(|start| start.to_string()).collect();
    let what = if starts.len() == 1 { "draw" } else { "draws" };
    let left_out = LeftOutJson {
        what: what.to_owned(),
        count: starts.len(),
        why: format!("none of its winners is seen to start with its slots ({})", listed(&starts)),
    };
    if starts.is_empty() { Vec::new() } else { vec![left_out] }
}

/// How starts in the midst of a period count, where units of the panel have such.
fn starts_within(laid: &Laid) -> Option<String> {
    let units: HashSet<&str> = laid.blocked.panel.units().iter().collect();
    let of_panel = laid.begins.iter().filter(|(unit, _)| units.contains(unit.as_str()));
    let n = panels::n_begun_within(&laid.periods, of_panel.map(|(_, begins)| *begins));
    (n > 0).then(|| {
        format!(
            "{} in the midst of a period, which counts as the first with it.",
            counted_first(n, "unit started", "units started")
        )
    })
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
        doubted: asked.record.verdict.doubted(),
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
