//! Diagnosis for programs: answers in, what holds it up and what to ask next out. Nothing of it is kept.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use traction_domain::sense::diagnosis::{Model, read};

use super::{json, store};
use crate::sense::playbook;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// Answers, by the names of the playbook; `unknown` says that nobody knew.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswersSent {
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

/// `GET /api/v1/diagnosis/{playbook}`: before any answer.
pub async fn begin(
    State(world): State<World>,
    _program: Program,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    diagnosed(&world, &name, &AnswersSent::default()).await
}

/// `POST /api/v1/diagnosis/{playbook}`
pub async fn ask(
    State(world): State<World>,
    _program: Program,
    Path(name): Path<String>,
    Body(sent): Body<AnswersSent>,
) -> Result<Json<Value>, Problem> {
    diagnosed(&world, &name, &sent).await
}

async fn diagnosed(world: &World, name: &str, sent: &AnswersSent) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let kept = playbook::verbs::find(sql, name).await?.playbook;
    let learnt = store::learnt(sql, &kept).await?;
    let written = serde_json::json!({ "answers": sent.answers }).to_string();
    let answers = read(&kept, &written)?;
    Ok(Json(json::of(&Model::new(&kept, &learnt), &answers)))
}
