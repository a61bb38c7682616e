//! Applications for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use traction_domain::contend::application as rules;

use crate::contend::application::verbs;
use crate::grant::slot;
use crate::offer::wave;
use crate::org::unit;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// An application as programs send it.
#[derive(Debug, Deserialize)]
pub struct ApplicationWish {
    unit: String,
    pain: String,
    aim: String,
    owner: String,
    pledge: String,
}

/// `POST /api/v1/changes/{change}/waves/{n}/applications`
pub async fn apply(
    State(world): State<World>,
    program: Program,
    Path((change, n)): Path<(String, usize)>,
    Body(wish): Body<ApplicationWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let (change, wave) = wave::verbs::find(sql, &change, n).await?;
    let unit = unit::verbs::find(sql, &wish.unit).await?.id;
    let slot = slot::store::held(sql, change.id, unit, world.now()).await?.map(|slot| slot.id);
    let written = rules::Application::written(&wish.pain, &wish.aim, &wish.owner, &wish.pledge)?;
    let id = verbs::apply(&world, &program.who, &wave, unit, slot, &written).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))).into_response())
}
