//! Playbooks for programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sense::playbook::commands::as_json;
use crate::sense::playbook::{store, verbs};
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A playbook as programs bring it in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaybookWish {
    text: String,
}

/// `GET /api/v1/playbooks`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<Value>, Problem> {
    let all = store::all(world.store().read()).await?;
    let items = all.iter().map(|kept| {
        let playbook = &kept.playbook;
        json!({ "id": playbook.edition.id, "version": playbook.edition.version, "name": playbook.name, "about": playbook.about })
    });
    Ok(Json(json!({ "items": items.collect::<Vec<_>>(), "next": null })))
}

/// `GET /api/v1/playbooks/{playbook}`
pub async fn one(
    State(world): State<World>,
    _program: Program,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(as_json(&verbs::find(world.store().read(), &name).await?.playbook)))
}

/// `POST /api/v1/playbooks`
pub async fn bring(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<PlaybookWish>,
) -> Result<Response, Problem> {
    let edition = verbs::bring(&world, &program.who, &wish.text).await?;
    let made = json!({ "id": edition.id, "version": edition.version });
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
