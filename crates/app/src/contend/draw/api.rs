//! The draw for programs: run it, and read its record as draw.json.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::contend::draw::run as drawing;
use crate::contend::draw::store;
use crate::offer::wave;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// `GET /api/v1/changes/{change}/waves/{n}/draw`
pub async fn record(
    State(world): State<World>,
    _program: Program,
    Path((change, n)): Path<(String, usize)>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let (_, wave) = wave::verbs::find(sql, &change, n).await?;
    let drawn = store::drawn(sql, wave.id).await?.ok_or(Trouble::NotFound { what: "draw yet" })?;
    Ok(([(CONTENT_TYPE, "application/json")], drawn.record.to_json()).into_response())
}

/// `POST /api/v1/changes/{change}/waves/{n}/draw`
pub async fn run(
    State(world): State<World>,
    program: Program,
    Path((change, n)): Path<(String, usize)>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let (change, wave) = wave::verbs::find(sql, &change, n).await?;
    let record = drawing::run(&world, &program.who, &change, &wave).await?;
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], record.to_json()).into_response())
}
