//! Evidence records for programs: the record as it was written.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use traction_domain::id::EvidenceId;

use crate::offer::change;
use crate::prove::evidence::{store, verbs};
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// `POST /api/v1/changes/{change}/evidence`
pub async fn prove(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let change = change::verbs::find(world.store().read(), &slug).await?;
    let id = verbs::prove(&world, &program.who, &change).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}

/// `GET /api/v1/evidence/{evidence}`: the record's own bytes.
pub async fn one(
    State(world): State<World>,
    _program: Program,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    let found = store::one(world.store().read(), id).await?;
    let found = found.ok_or(Trouble::NotFound { what: "evidence record" })?;
    Ok(([(CONTENT_TYPE, "application/json")], found.record).into_response())
}
