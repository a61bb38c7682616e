//! Frictions for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::sense::friction as rules;

use crate::org::unit;
use crate::sense::friction::store::{self, Friction};
use crate::sense::friction::verbs;
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// A friction as programs read it.
#[derive(Debug, Serialize)]
pub struct FrictionShown {
    id: String,
    unit: String,
    title: String,
    hours_per_week: f64,
    state: &'static str,
    reported_at: String,
    first_answer_at: Option<String>,
}

fn shown(friction: &Friction) -> FrictionShown {
    FrictionShown {
        id: friction.id.to_string(),
        unit: friction.unit_slug.to_string(),
        title: friction.title.clone(),
        hours_per_week: friction.hours_per_week,
        state: friction.state.word(),
        reported_at: friction.reported_at.to_string(),
        first_answer_at: friction.first_answer_at.map(|at| at.to_string()),
    }
}

/// A friction as programs report it.
#[derive(Debug, Deserialize)]
pub struct FrictionWish {
    unit: String,
    title: String,
    times_per_week: f64,
    minutes: f64,
    people: Option<f64>,
}

/// `GET /api/v1/frictions`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let backlog = store::backlog(world.store().read(), None).await?;
    let items: Vec<FrictionShown> = backlog.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

/// `POST /api/v1/frictions`
pub async fn report(
    State(world): State<World>,
    program: Program,
    crate::web::token::Body(wish): crate::web::token::Body<FrictionWish>,
) -> Result<Response, Problem> {
    let unit = unit::verbs::find(world.store().read(), &wish.unit).await?;
    let burden = rules::burden(wish.times_per_week, wish.minutes, wish.people.unwrap_or(1.0))?;
    let id = verbs::report(&world, &program.who, unit.id, rules::report(&wish.title, burden)?).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}
