//! Changes for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::offer::change::{ChangeState, ChangeWords};

use crate::offer::change::store::{self, Change};
use crate::offer::change::verbs::{self, ChangeWish, GoalWish, MetricWish};
use crate::offer::metric;
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

#[derive(Debug, Serialize)]
struct ChangeShown {
    change: String,
    name: String,
    promise: String,
    metric: String,
    worth: f64,
    flag_key: String,
    state: &'static str,
    opened_at: String,
}

async fn shown(sql: &Sql, change: &Change) -> Result<ChangeShown, Trouble> {
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    Ok(ChangeShown {
        change: change.slug.to_string(),
        name: change.name.clone(),
        promise: change.promise.clone(),
        metric: metric.slug.to_string(),
        worth: change.worth,
        flag_key: change.flag_key.clone(),
        state: if change.state == ChangeState::Running { "running" } else { "paused" },
        opened_at: change.opened_at.to_string(),
    })
}

/// A change as programs open it: the goal is set with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSent {
    name: String,
    promise: String,
    metric: String,
    goal: String,
    target: f64,
    worth: Option<f64>,
    flag_key: Option<String>,
    unit: Option<String>,
}

/// `GET /api/v1/changes`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let sql = world.store().read();
    let mut items = Vec::new();
    for change in store::all(sql).await? {
        items.push(shown(sql, &change).await?);
    }
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

/// `GET /api/v1/changes/{change}`
pub async fn one(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<serde_json::Value>, Problem> {
    let sql = world.store().read();
    let change = verbs::find(sql, &slug).await?;
    Ok(Json(serde_json::json!(shown(sql, &change).await?)))
}

/// `POST /api/v1/changes`
pub async fn open(
    State(world): State<World>,
    program: Program,
    Body(sent): Body<ChangeSent>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &sent.metric).await?;
    let unit = match &sent.unit {
        Some(slug) => Some(unit::verbs::find(sql, slug).await?.id),
        None => None,
    };
    let words = ChangeWords {
        name: &sent.name,
        promise: &sent.promise,
        flag_key: sent.flag_key.as_deref().unwrap_or_default(),
    };
    let goal = GoalWish::New { title: &sent.goal, target: sent.target, metric: MetricWish::Known(metric.id) };
    let wish = ChangeWish { words, unit, worth: sent.worth.unwrap_or(0.0), goal };
    let slug = verbs::open(&world, &program.who, wish).await?.to_string();
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "change": slug }))).into_response())
}
