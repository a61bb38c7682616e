//! Cases for programs: each sees those that it opened.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::id::CaseId;
use traction_domain::sense::diagnosis::Model;

use crate::sense::case::store::{self, Case};
use crate::sense::case::verbs;
use crate::sense::diagnosis::{self, together};
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::repeat::ToldOnce;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A case as programs open it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseWish {
    playbook: String,
    title: String,
}

fn shown(case: &Case) -> Value {
    json!({
        "id": case.id.to_string(), "playbook": case.playbook, "title": case.title,
        "opened_at": case.opened_at.to_string(), "closed_at": case.closed_at.map(|at| at.to_string()),
        "links": case.n_links, "answered": case.n_used,
    })
}

/// `GET /api/v1/cases`
pub async fn list(State(world): State<World>, program: Program) -> Result<Json<Value>, Problem> {
    let cases = store::of_token(world.store().read(), program.token.id).await?;
    Ok(Json(json!({ "items": cases.iter().map(shown).collect::<Vec<_>>(), "next": null })))
}

/// `POST /api/v1/cases`
pub async fn open(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<CaseWish>,
) -> Result<Response, Problem> {
    let id = verbs::open(&world, &program.who, &wish.playbook, &wish.title).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))).into_response())
}

/// `GET /api/v1/cases/{case}`: with what its voices say together, once it is closed.
pub async fn one(
    State(world): State<World>,
    program: Program,
    Path(id): Path<CaseId>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let case = verbs::own(sql, &program.who, id).await?;
    let playbook = verbs::playbook(sql, &case).await?;
    let heard = verbs::result(sql, &case, &playbook).await?;
    let learnt = diagnosis::store::learnt(sql, &playbook).await?;
    let mut value = shown(&case);
    value["result"] =
        heard.map_or(Value::Null, |heard| together::json(&Model::new(&playbook, &learnt), &heard));
    Ok(Json(value))
}

/// `POST /api/v1/cases/{case}/links`: the link of one more person; it is told this once.
pub async fn make_link(
    State(world): State<World>,
    program: Program,
    Path(id): Path<CaseId>,
) -> Result<Response, Problem> {
    let secret = verbs::make_link(&world, &program.who, id).await?;
    let link = format!("{}/voices/{secret}", world.settings().public_url);
    Ok((StatusCode::CREATED, Extension(ToldOnce), Json(json!({ "link": link }))).into_response())
}

/// `POST /api/v1/cases/{case}/end`
pub async fn close(
    State(world): State<World>,
    program: Program,
    Path(id): Path<CaseId>,
) -> Result<Json<Value>, Problem> {
    verbs::close(&world, &program.who, id).await?;
    Ok(Json(json!({ "id": id.to_string() })))
}
