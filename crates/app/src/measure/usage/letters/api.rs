//! Dead letters for the system that sent them: a program with the scope `usage` sees, mends and tries again those of its
//! own source, and no other.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::org::who::{Actor, Who};

use crate::measure::usage::api::door::{self, Bounds, Places, Refused};
use crate::measure::usage::letters::store::DeadLetter;
use crate::measure::usage::letters::verbs;
use crate::org::token::store::Scope;
use crate::web::failure::{Problem, problem};
use crate::web::{Path, Query, token};
use crate::world::World;

/// How many are listed at most.
const N_LISTED: u32 = 500;

/// How many are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    limit: Option<u32>,
}

/// The sending system; it holds no role.
async fn sender(world: &World, headers: &HeaderMap) -> Result<Who, Response> {
    let found = token::token(world, headers).await;
    let found = found.map_err(|broken| Problem(broken.into()).into_response())?;
    let Some(token) = found else {
        return Err(problem(StatusCode::UNAUTHORIZED, "send the write key in Authorization: Bearer", None));
    };
    if !token.scopes.contains(&Scope::Usage) {
        let says = "this token is for something else; dead letters are for the system that sent them, with its write key";
        return Err(problem(StatusCode::FORBIDDEN, says, None));
    }
    Ok(Who { actor: Actor::Token(token.id), name: token.name, roles: vec![] })
}

/// `GET /api/v1/dead-letters?limit=…`
pub async fn list(
    State(world): State<World>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    let who = sender(&world, &headers).await?;
    let limit = asked.limit.unwrap_or(100).min(N_LISTED);
    let found = verbs::open(&world, &who, Some(&who.name), limit).await;
    let found = found.map_err(|trouble| Problem(trouble).into_response())?;
    let items: Vec<Value> = found.iter().map(shown).collect();
    Ok(Json(json!({ "items": items })))
}

/// What trying one again takes of the places that all doors of usage share, and how large it may be mended.
const ONE_AGAIN: Bounds = Bounds { n_bytes: 64 * 1024, n_places: 1 };

/// What trying all again takes of them.
const ALL_AGAIN: Bounds = Bounds { n_bytes: 0, n_places: 16 };

fn refused(refused: &Refused) -> Response {
    refused.answer(|status, says| problem(status, says, None))
}

/// `POST /api/v1/dead-letters/{letter}/again`: the event mended as body, or nothing to have it tried as it is.
pub async fn again(
    State(world): State<World>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Value>, Response> {
    let (mut parts, body) = request.into_parts();
    let who = sender(&world, &parts.headers).await?;
    let place = Places::of(&mut parts).and_then(|places| places.any(ONE_AGAIN));
    let _place = place.map_err(|why| refused(&why))?;
    let body = door::unpacked(&parts.headers, body, ONE_AGAIN).await.map_err(|why| refused(&why))?;
    let mended = String::from_utf8_lossy(&body);
    let mended = Some(&*mended).filter(|body| !body.trim().is_empty());
    let tried = verbs::try_again(&world, &who, &who.name, &id, mended).await;
    tried.map_err(|trouble| Problem(trouble).into_response())?;
    Ok(Json(json!({ "counted": 1 })))
}

/// `POST /api/v1/dead-letters/again`: all of them as they are.
pub async fn all_again(State(world): State<World>, request: Request) -> Result<Json<Value>, Response> {
    let (mut parts, _) = request.into_parts();
    let who = sender(&world, &parts.headers).await?;
    let place = Places::of(&mut parts).and_then(|places| places.any(ALL_AGAIN));
    let _place = place.map_err(|why| refused(&why))?;
    let done = verbs::try_all_again(&world, &who, Some(&who.name)).await;
    let done = done.map_err(|trouble| Problem(trouble).into_response())?;
    Ok(Json(json!({ "counted": done.n_counted, "refused": done.n_refused })))
}

fn shown(letter: &DeadLetter) -> Value {
    json!({
        "id": letter.id,
        "received_at": letter.received_at.to_string(),
        "kind": letter.kind.word(),
        "why": letter.why,
        "form": letter.form.to_string(),
        "body": serde_json::from_str::<Value>(&letter.body).unwrap_or_else(|_| letter.body.as_str().into()),
    })
}
