//! The door for usage: Segment's HTTP API, as its clients and RudderStack's speak it.
//!
//! A batch that is JSON is answered 200 once it is on the disk; what cannot be counted of it is set aside. Clients
//! send again after 429 and 5xx, which costs nothing: every event counts once.

use std::io::Read;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use crate::measure::usage::segment::{self, Letter, NoLetter};
use crate::measure::usage::verbs;
use crate::org::token::store::{Scope, Token};
use crate::trouble::Broken;
use crate::web::{failure, token};
use crate::world::World;

/// The largest batch, as sent and as unpacked.
const N_BYTES_BATCH: usize = 500 * 1024;

/// How many batches are worked on at once; whoever comes then is asked to come again.
const N_AT_ONCE: usize = 64;

/// Seconds after which to come again.
const RETRY_SECONDS: &str = "1";

/// The places of the batches that are worked on, shared by all doors of a server.
#[derive(Clone)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Places {
        Places(Arc::new(Semaphore::new(N_AT_ONCE)))
    }
}

/// Why a request was not taken.
enum Refused {
    NoKey,
    WrongScope,
    Busy,
    TooLarge,
    NotUnpacked,
    NoLetter(NoLetter),
    Broken(Broken),
}

impl From<Broken> for Refused {
    fn from(broken: Broken) -> Refused {
        Refused::Broken(broken)
    }
}

impl From<NoLetter> for Refused {
    fn from(refused: NoLetter) -> Refused {
        Refused::NoLetter(refused)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, says) = match &self {
            Refused::NoKey => (
                StatusCode::UNAUTHORIZED,
                "send the write key as user name of Basic authorization, or as Bearer; `traction token add NAME --scope usage` makes one".to_owned(),
            ),
            Refused::WrongScope => {
                (StatusCode::FORBIDDEN, "this token is for something else; make one with the scope `usage`".to_owned())
            }
            Refused::Busy => (StatusCode::TOO_MANY_REQUESTS, "too many batches at once; send it again".to_owned()),
            Refused::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the batch is larger than {N_BYTES_BATCH} bytes; send smaller ones"),
            ),
            Refused::NotUnpacked => {
                (StatusCode::BAD_REQUEST, "the body cannot be unpacked; send it plain, or packed by gzip".to_owned())
            }
            Refused::NoLetter(refused) => (StatusCode::BAD_REQUEST, refused.to_string()),
            Refused::Broken(broken) => (StatusCode::INTERNAL_SERVER_ERROR, failure::logged(broken)),
        };
        let mut response = (status, Json(json!({ "success": false, "message": says }))).into_response();
        let headers = response.headers_mut();
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(RETRY_AFTER, RETRY_SECONDS.parse().expect("digits are a header's value"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, "Basic".parse().expect("letters are a header's value"));
            }
            _ => {}
        }
        response
    }
}

/// `POST /v1/batch`
pub async fn batch(State(world): State<World>, request: Request) -> Response {
    take(&world, request, |body, world| segment::batch(body, world.now())).await
}

/// `POST /v1/track`
pub async fn track(State(world): State<World>, request: Request) -> Response {
    take(&world, request, |body, world| Ok(segment::track(body, world.now()))).await
}

/// `POST /v1/identify`, `/v1/page` and the like: taken and passed over, since they say nothing about use.
pub async fn passed_over(State(world): State<World>, request: Request) -> Response {
    take(&world, request, |_, _| Ok(Letter::default())).await
}

async fn take(
    world: &World,
    request: Request,
    read: impl FnOnce(Map<String, Value>, &World) -> Result<Letter, NoLetter>,
) -> Response {
    match taken(world, request, read).await {
        Ok(()) => Json(json!({ "success": true })).into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn taken(
    world: &World,
    request: Request,
    read: impl FnOnce(Map<String, Value>, &World) -> Result<Letter, NoLetter>,
) -> Result<(), Refused> {
    let (mut parts, body) = request.into_parts();
    let places = parts.extensions.remove::<Places>().unwrap_or_default();
    let _place = places.0.try_acquire().map_err(|_| Refused::Busy)?;
    let body = segment::object(&unpacked(&parts.headers, body).await?);
    let key = carried(&parts.headers)
        .or_else(|| body.as_ref().ok().and_then(|body| body.get("writeKey")?.as_str().map(str::to_owned)));
    let token = live(world, key).await?;
    let letter = read(body?, world)?;
    verbs::take_in(world, &token.name, letter, world.now()).await?;
    Ok(())
}

/// The live token of a write key, when it is for usage.
async fn live(world: &World, key: Option<String>) -> Result<Token, Refused> {
    let key = key.ok_or(Refused::NoKey)?;
    let found = token::of_secret(world, &key).await?;
    let token = found.ok_or(Refused::NoKey)?;
    if token.scopes.contains(&Scope::Usage) { Ok(token) } else { Err(Refused::WrongScope) }
}

/// The write key: the user name of Basic authorization, or what other doors take.
fn carried(headers: &HeaderMap) -> Option<String> {
    let basic = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, packed) = value.split_once(' ')?;
        let plain =
            BASE64_STANDARD.decode(packed.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let plain = String::from_utf8(plain).ok()?;
        Some(plain.split_once(':').map_or(plain.clone(), |(name, _)| name.to_owned()))
    });
    basic.or_else(|| token::carried(headers))
}

/// The body, unpacked where it came packed; never more than a batch may be, however far it would unpack.
async fn unpacked(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let raw = axum::body::to_bytes(body, N_BYTES_BATCH).await.map_err(|_| Refused::TooLarge)?;
    let is_packed = headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("gzip"));
    if !is_packed {
        return Ok(raw.to_vec());
    }
    let most = u64::try_from(N_BYTES_BATCH).unwrap_or(u64::MAX);
    let mut plain = Vec::new();
    MultiGzDecoder::new(&*raw).take(most + 1).read_to_end(&mut plain).map_err(|_| Refused::NotUnpacked)?;
    if plain.len() > N_BYTES_BATCH { Err(Refused::TooLarge) } else { Ok(plain) }
}
