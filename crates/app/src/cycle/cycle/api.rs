//! Cycles for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::cycle::cycle as rules;
use traction_domain::id::IdRefused;

use crate::cycle::cycle::pages::state;
use crate::cycle::cycle::store::{self, Cycle, Origin};
use crate::cycle::cycle::verbs::{self, CycleWish};
use crate::offer::change;
use crate::org::unit;
use crate::trouble::Trouble;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A cycle as programs read it.
#[derive(Debug, Serialize)]
pub struct CycleShown {
    id: String,
    unit: String,
    change: Option<String>,
    previous: Option<String>,
    aim: String,
    prediction: Option<String>,
    plan: Option<String>,
    hash: Option<String>,
    locked_at: Option<String>,
    state: &'static str,
    learnt: Option<String>,
    started_at: String,
    closed_at: Option<String>,
}

fn shown(cycle: &Cycle) -> CycleShown {
    let locked = cycle.locked.as_ref();
    let ended = cycle.ended.as_ref();
    CycleShown {
        id: cycle.id.to_string(),
        unit: cycle.unit_slug.to_string(),
        change: cycle.change.as_ref().map(|(slug, _)| slug.to_string()),
        previous: cycle.origin.previous.map(|previous| previous.to_string()),
        aim: cycle.aim.clone(),
        prediction: locked.map(|locked| locked.predicted.prediction.clone()),
        plan: locked.map(|locked| locked.predicted.plan.clone()),
        hash: locked.map(|locked| locked.hash.clone()),
        locked_at: locked.map(|locked| locked.at.to_string()),
        state: state(cycle),
        learnt: ended.map(|ended| ended.acted.learnt.clone()),
        started_at: cycle.started_at.to_string(),
        closed_at: ended.map(|ended| ended.at.to_string()),
    }
}

/// A cycle as programs start it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleStart {
    unit: String,
    aim: String,
    prediction: String,
    plan: String,
    change: Option<String>,
    friction: Option<String>,
    idea: Option<String>,
    previous: Option<String>,
}

/// `GET /api/v1/cycles`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let cycles = store::all(world.store().read(), None).await?;
    let items: Vec<CycleShown> = cycles.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

/// `POST /api/v1/cycles`
pub async fn start(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<CycleStart>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let unit = unit::verbs::find(sql, &wish.unit).await?.id;
    let change = match &wish.change {
        Some(slug) => Some(change::verbs::find(sql, slug).await?.id),
        None => None,
    };
    let origin = Origin {
        previous: known(wish.previous.as_deref(), "cycle")?,
        change,
        friction: known(wish.friction.as_deref(), "friction")?,
        idea: known(wish.idea.as_deref(), "idea")?,
        alarm: None,
    };
    let aim = rules::aim(&wish.aim)?;
    let predicted = rules::predict(&wish.prediction, &wish.plan)?;
    let id = verbs::start(&world, &program.who, CycleWish { unit, aim, predicted, origin }).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}

fn known<T: std::str::FromStr<Err = IdRefused>>(
    id: Option<&str>,
    what: &'static str,
) -> Result<Option<T>, Trouble> {
    id.map(|id| id.parse().map_err(|_| Trouble::NotFound { what })).transpose()
}
