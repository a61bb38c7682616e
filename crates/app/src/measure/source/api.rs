//! Sources for programs; owns their JSON shape. No address of a connection is ever part of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::measure::source::SourceWritten;
use traction_domain::measure::source::tries::Ended;
use traction_domain::time::Moment;
use traction_domain::words::counted;

use crate::measure::source::fresh::{self, Fresh};
use crate::measure::source::store::runs::{self, Run, RunEnd};
use crate::measure::source::store::{self, Source};
use crate::measure::source::verbs;
use crate::offer::metric;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// So many runs are shown.
const N_RUNS: usize = 50;

/// A source as programs send it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSent {
    name: String,
    metric: String,
    connection: String,
    query: String,
    #[serde(default)]
    schedule: String,
}

/// What a source is to ask from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsksSent {
    connection: String,
    query: String,
    #[serde(default)]
    schedule: String,
}

/// `GET /api/v1/sources`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let mut items = Vec::new();
    for source in store::all(sql).await? {
        let fresh = fresh::of(&world, sql, &source).await?;
        items.push(shown(&source, &fresh, &[], world.now()));
    }
    Ok(Json(json!({ "items": items, "next": null })))
}

/// `POST /api/v1/sources`
pub async fn add(
    State(world): State<World>,
    program: Program,
    Body(sent): Body<SourceSent>,
) -> Result<Response, Problem> {
    let metric = metric::verbs::find(world.store().read(), &sent.metric).await?;
    let SourceSent { name, connection, query, schedule, .. } = &sent;
    let slug =
        verbs::add(&world, &program.who, metric.id, SourceWritten { name, connection, query, schedule })
            .await?;
    Ok((StatusCode::CREATED, Json(json!({ "source": slug.as_str() }))).into_response())
}

/// `GET /api/v1/sources/{source}`
pub async fn one(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let source = verbs::find(sql, &slug).await?;
    let fresh = fresh::of(&world, sql, &source).await?;
    let runs = runs::runs(sql, source.id, N_RUNS).await?;
    Ok(Json(shown(&source, &fresh, &runs, world.now())))
}

/// `POST /api/v1/sources/{source}`: what it asks from now on.
pub async fn change(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(sent): Body<AsksSent>,
) -> Result<Json<Value>, Problem> {
    let AsksSent { connection, query, schedule } = &sent;
    verbs::change(&world, &program.who, &slug, SourceWritten { name: &slug, connection, query, schedule })
        .await?;
    Ok(Json(json!({ "source": slug })))
}

/// `DELETE /api/v1/sources/{source}`
pub async fn remove(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
) -> Result<StatusCode, Problem> {
    verbs::remove(&world, &program.who, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/sources/{source}/runs`: asks it now; what came of it.
pub async fn run(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(ended(&verbs::run(&world, &program.who, &slug).await?)))
}

/// A source with its runs.
pub fn shown(source: &Source, fresh: &Fresh, runs: &[Run], now: Moment) -> Value {
    let runs: Vec<Value> = runs
        .iter()
        .map(|run| {
            let mut shown = run.end.as_ref().map_or_else(|| json!({}), ended);
            shown["state"] = state(run, now).into();
            shown["started_at"] = run.started_at.to_string().into();
            shown["due_at"] = run.due_at.map(|at| at.to_string()).into();
            shown["by"] = run.by.as_str().into();
            shown["query"] = run.query.as_str().into();
            shown["seconds"] = run.end.as_ref().map(|end| end.at.since(run.started_at).as_secs_f64()).into();
            shown
        })
        .collect();
    json!({
        "source": source.slug.as_str(), "name": source.name, "connection": source.asks.connection.as_str(),
        "query": source.asks.query, "schedule": source.asks.schedule.as_ref().map(ToString::to_string),
        "last_period": fresh.last.map(|last| last.to_string()), "new_at": fresh.since.to_string(),
        "state": fresh.state(now), "stale": fresh.is_stale(now), "stale_at": fresh.stale_at.map(|at| at.to_string()),
        "next_run": fresh.next_at.map(|at| at.to_string()), "runs": runs,
    })
}

/// What came of a run.
pub fn ended(end: &RunEnd) -> Value {
    let mut shown = json!({ "state": word(end.how), "ended_at": end.at.to_string() });
    if let Some(why) = &end.why {
        shown["why"] = why.as_str().into();
    }
    if let Some(remark) = &end.remark {
        shown["remark"] = remark.as_str().into();
    }
    if let Some(came) = &end.came {
        shown["rows"] = came.n_rows.into();
        shown["sha256"] = came.sha256.as_str().into();
        if end.how == Ended::Taken {
            shown["new"] = came.n_new.into();
            shown["corrected"] = (came.n_corrected - came.n_taken_back).into();
            shown["taken_back"] = came.n_taken_back.into();
            shown["unchanged"] = came.n_same.into();
            shown["missing"] = came.n_missing.into();
        }
    }
    shown
}

/// What came of a run, in a sentence.
pub fn told(end: &RunEnd) -> String {
    let told = what_came(end);
    end.remark.as_ref().map_or_else(|| told.clone(), |remark| format!("{told} {remark}"))
}

fn what_came(end: &RunEnd) -> String {
    match (&end.why, &end.came) {
        (Some(why), _) => format!("Nothing was taken: {why}."),
        (None, Some(came)) => format!(
            "{}: {} new, {} corrected, {}{} known already, {} without a value.",
            counted(came.n_rows, "row", "rows"),
            came.n_new,
            came.n_corrected - came.n_taken_back,
            if came.n_taken_back == 0 {
                String::new()
            } else {
                format!("{} taken back, ", came.n_taken_back)
            },
            came.n_same,
            came.n_missing
        ),
        (None, None) => "Nothing came.".into(),
    }
}

fn word(how: Ended) -> &'static str {
    match how {
        Ended::Taken => "taken",
        Ended::Refused => "refused",
        Ended::NothingCame => "nothing came",
    }
}

/// How a run stands.
pub fn state(run: &Run, now: Moment) -> &'static str {
    match &run.end {
        Some(end) => word(end.how),
        None if run.is_lost(now) => "lost",
        None => "under way",
    }
}
