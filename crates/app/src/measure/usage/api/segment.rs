//! The door for usage: Segment's HTTP API, as its clients and RudderStack's speak it.
//!
//! A batch that is JSON is answered 200 once it is on the disk; what cannot be counted of it is set aside. Clients
//! send again after 429 and 5xx, which costs nothing: every event counts once.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::measure::usage::api::door::{self, Bounds, Places, Refused};
use crate::measure::usage::letter::Letter;
use crate::measure::usage::segment::{self, NoLetter};
use crate::measure::usage::verbs;
use crate::world::World;

/// A batch as Segment bounds it.
const BOUNDS: Bounds = Bounds { n_bytes: 500 * 1024, n_places: 1 };

impl From<NoLetter> for Refused {
    fn from(refused: NoLetter) -> Refused {
        Refused::NotRead(refused.to_string())
    }
}

/// `POST /v1/batch`
pub async fn batch(State(world): State<World>, request: Request) -> Response {
    take(&world, request, |body, world| segment::batch(body, world.now())).await
}

/// `POST /v1/track`
pub async fn track(State(world): State<World>, request: Request) -> Response {
    take(&world, request, |body, world| Ok(segment::call("track", body, world.now()))).await
}

/// `POST /v1/identify`, `/v1/group`, `/v1/page`, `/v1/screen`, `/v1/alias`: taken and passed over, since they say nothing
/// about use; the answer says so.
pub async fn passed_over(State(world): State<World>, request: Request) -> Response {
    let path = request.uri().path();
    let call = segment::PASSED_OVER.iter().find(|(call, _)| path.ends_with(&format!("/{call}")));
    let (call, says) = call.copied().unwrap_or(("page", ""));
    let taken = taken(&world, request, |body, world| Ok(segment::call(call, body, world.now()))).await;
    match taken {
        Ok(()) => Json(json!({ "success": true, "message": says })).into_response(),
        Err(refused) => told(&refused),
    }
}

async fn take(
    world: &World,
    request: Request,
    read: impl FnOnce(Map<String, Value>, &World) -> Result<Letter, NoLetter>,
) -> Response {
    match taken(world, request, read).await {
        Ok(()) => Json(json!({ "success": true })).into_response(),
        Err(refused) => told(&refused),
    }
}

fn told(refused: &Refused) -> Response {
    refused.answer(refusal)
}

/// A refusal as Segment's clients know it.
pub fn refusal(status: StatusCode, says: &str) -> Response {
    (status, Json(json!({ "success": false, "message": says }))).into_response()
}

async fn taken(
    world: &World,
    request: Request,
    read: impl FnOnce(Map<String, Value>, &World) -> Result<Letter, NoLetter>,
) -> Result<(), Refused> {
    let (mut parts, body) = request.into_parts();
    let places = Places::of(&mut parts)?;
    let (token, body, _places) = if door::carried(&parts.headers).is_some() {
        let (token, held) = door::let_in(world, &places, &parts.headers, BOUNDS).await?;
        (token, door::unpacked(&parts.headers, body, BOUNDS).await?, held)
    } else {
        // Some clients say in the body alone who they are.
        let stranger = places.stranger()?;
        let body = door::unpacked(&parts.headers, body, BOUNDS).await?;
        let token = door::admitted(world, segment::write_key(&body)).await?;
        drop(stranger);
        let held = [places.any(BOUNDS)?, places.of_token(&token, BOUNDS)?];
        (token, body, held)
    };
    let body = segment::object(&body);
    let letter = read(body?, world)?;
    verbs::take_in(world, &token.name, letter, world.now()).await?;
    Ok(())
}
