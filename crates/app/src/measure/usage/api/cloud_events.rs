//! The door for usage as CloudEvents 1.0.2 over HTTP: structured, batched, and binary.
//!
//! A batch is answered 200 once it is on the disk, and says how much of it was set aside; a single event that cannot be
//! counted is set aside too, and its sender told why.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::measure::usage::api::door::{self, Bounds, Places, Refused};
use crate::measure::usage::cloud_event::{self, NoEvents};
use crate::measure::usage::letter::Letter;
use crate::measure::usage::told;
use crate::measure::usage::verbs::{self, TakenIn};
use crate::web::failure;
use crate::world::World;

const BOUNDS: Bounds = Bounds { n_bytes: 1024 * 1024, n_places: 2 };

const LANGUAGE: &str = "this is no CloudEvent in JSON or in headers; send application/cloudevents+json, application/cloudevents-batch+json, or the headers ce-id, ce-source, ce-type and ce-specversion";

impl From<NoEvents> for Refused {
    fn from(refused: NoEvents) -> Refused {
        Refused::NotRead(refused.to_string())
    }
}

/// In which mode a request came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Structured,
    Batched,
    Binary,
}

/// `POST /events`
pub async fn take(State(world): State<World>, request: Request) -> Response {
    match taken(&world, request).await {
        Ok((Mode::Structured | Mode::Binary, taken)) if taken.n_set_aside > 0 => {
            failure::problem(StatusCode::BAD_REQUEST, &told::sentences(&taken.reasons).join("; "), None)
        }
        Ok((_, taken)) => {
            let answer = json!({
                "new": taken.n_new + taken.n_shown, "set_aside": taken.n_set_aside, "reasons": told::sentences(&taken.reasons),
            });
            Json(answer).into_response()
        }
        Err(refused) => refused.answer(|status, says| failure::problem(status, says, None)),
    }
}

/// `OPTIONS /events`: some senders ask first whether they may send (CloudEvents' web hooks, section 4).
pub async fn may_send(headers: HeaderMap) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    if let Some(origin) = headers.get("webhook-request-origin") {
        let named = HeaderName::from_static;
        answer.headers_mut().insert(named("webhook-allowed-origin"), origin.clone());
        answer.headers_mut().insert(named("webhook-allowed-rate"), HeaderValue::from_static("*"));
    }
    answer.headers_mut().insert("allow", HeaderValue::from_static("POST, OPTIONS"));
    answer
}

async fn taken(world: &World, request: Request) -> Result<(Mode, TakenIn), Refused> {
    let (mut parts, body) = request.into_parts();
    let places = Places::of(&mut parts)?;
    let (token, _places) = door::let_in(world, &places, &parts.headers, BOUNDS).await?;
    let mode = mode(&parts.headers)?;
    let bytes = door::unpacked(&parts.headers, body, BOUNDS).await?;
    let received = world.now();
    let letter = read(mode, &parts.headers, &bytes, received)?;
    let taken = verbs::take_in(world, &token.name, letter, received).await?;
    Ok((mode, taken))
}

fn mode(headers: &HeaderMap) -> Result<Mode, Refused> {
    let kind = door::media_type(headers).unwrap_or_default();
    match kind.as_str() {
        "application/cloudevents+json" => Ok(Mode::Structured),
        "application/cloudevents-batch+json" => Ok(Mode::Batched),
        kind if kind.starts_with("application/cloudevents") => Err(Refused::Language(LANGUAGE)),
        _ if headers.keys().any(|name| name.as_str().starts_with("ce-")) => Ok(Mode::Binary),
        _ => Err(Refused::Language(LANGUAGE)),
    }
}

fn read(
    mode: Mode,
    headers: &HeaderMap,
    bytes: &[u8],
    received: traction_domain::time::Moment,
) -> Result<Letter, NoEvents> {
    match mode {
        Mode::Structured => cloud_event::structured(bytes, received),
        Mode::Batched => cloud_event::batched(bytes, received),
        Mode::Binary => {
            let attributes = headers.iter().filter_map(|(name, value)| {
                let name = name.as_str().strip_prefix("ce-")?;
                Some((name.to_owned(), decoded(value)))
            });
            let content_type = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            cloud_event::binary(attributes.collect(), content_type, bytes, received)
        }
    }
}

/// A header's value: percent-encoded where it is more than ASCII, and perhaps in quotes.
fn decoded(value: &HeaderValue) -> String {
    // Some clients write a header in Latin-1, as HTTP once had it.
    let written = std::str::from_utf8(value.as_bytes())
        .map_or_else(|_| value.as_bytes().iter().copied().map(char::from).collect(), str::to_owned);
    let inner = written.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let plain = inner
        .map_or_else(|| written.trim().to_owned(), |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"));
    percent_decode_str(&plain).decode_utf8_lossy().into_owned()
}
