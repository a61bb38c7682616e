//! Ideas for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::sense::idea as rules;

use crate::org::unit;
use crate::sense::idea::store::{self, Idea};
use crate::sense::idea::verbs;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// An idea as programs read it.
#[derive(Debug, Serialize)]
pub struct IdeaShown {
    id: String,
    unit: String,
    friction: Option<String>,
    title: String,
    hope: String,
    state: &'static str,
    copies: usize,
    submitted_at: String,
}

fn shown(idea: &Idea) -> IdeaShown {
    IdeaShown {
        id: idea.id.to_string(),
        unit: idea.unit_slug.to_string(),
        friction: idea.friction.map(|friction| friction.to_string()),
        title: idea.title.clone(),
        hope: idea.hope.clone(),
        state: idea.state.word(),
        copies: idea.n_copies,
        submitted_at: idea.submitted_at.to_string(),
    }
}

/// An idea as programs hand it in.
#[derive(Debug, Deserialize)]
pub struct IdeaWish {
    unit: String,
    friction: Option<String>,
    title: String,
    hope: String,
}

/// `GET /api/v1/ideas`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let ideas = store::all(world.store().read()).await?;
    let items: Vec<IdeaShown> = ideas.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

/// `POST /api/v1/ideas`
pub async fn submit(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<IdeaWish>,
) -> Result<Response, Problem> {
    let unit = unit::verbs::find(world.store().read(), &wish.unit).await?;
    let friction = match &wish.friction {
        Some(id) => Some(id.parse().map_err(|_| crate::trouble::Trouble::NotFound { what: "friction" })?),
        None => None,
    };
    let proposed = rules::propose(&wish.title, &wish.hope)?;
    let id = verbs::submit(&world, &program.who, unit.id, friction, proposed).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}
