//! Ideas for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::id::IdeaId;
use traction_domain::sense::idea::{self as rules, IdeaState};

use crate::org::unit;
use crate::sense::idea::store::{self, Idea};
use crate::sense::idea::verbs;
use crate::web::Path;
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
    copied_from: Option<String>,
    submitted_at: String,
    first_answer_at: Option<String>,
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
        copied_from: idea.copied_from.as_ref().map(|from| from.id.to_string()),
        submitted_at: idea.submitted_at.to_string(),
        first_answer_at: idea.first_answer_at.map(|at| at.to_string()),
    }
}

/// An idea as programs hand it in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// A move of an idea as programs wish it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveWish {
    state: String,
    words: Option<String>,
}

/// `POST /api/v1/ideas/{idea}/moves`
pub async fn move_on(
    State(world): State<World>,
    program: Program,
    Path(id): Path<IdeaId>,
    Body(wish): Body<MoveWish>,
) -> Result<Json<serde_json::Value>, Problem> {
    let next: IdeaState = wish.state.parse()?;
    verbs::move_on(&world, &program.who, id, next, wish.words.as_deref().unwrap_or_default()).await?;
    let idea = verbs::find(world.store().read(), id).await?;
    Ok(Json(serde_json::json!(shown(&idea))))
}

/// A copy of an idea as programs wish it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyWish {
    unit: String,
    words: Option<String>,
}

/// `POST /api/v1/ideas/{idea}/copies`: copies it for another unit.
pub async fn copy(
    State(world): State<World>,
    program: Program,
    Path(id): Path<IdeaId>,
    Body(wish): Body<CopyWish>,
) -> Result<Response, Problem> {
    let unit = unit::verbs::find(world.store().read(), &wish.unit).await?;
    let words = wish.words.as_deref().unwrap_or_default();
    let copy = verbs::copy(&world, &program.who, id, unit.id, words).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": copy.to_string() }))).into_response())
}
