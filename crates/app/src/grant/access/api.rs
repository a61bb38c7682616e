//! The door of the real system: an OpenFeature Remote Evaluation (OFREP) server.
//!
//! It answers from memory alone, and every answer, whatever went wrong, is JSON of the protocol: clients trip over
//! anything else. Streams of changes are not offered yet; clients ask again with the tag they have.

mod edge;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use serde_json::json;
use sha2::{Digest, Sha256};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use traction_domain::time::Moment;

use crate::grant::access::asked::{self, Asked};
use crate::grant::access::board::{Barred, Face, UnderWay};
use crate::org::token::store::Scope;
use crate::web::Path;
use crate::web::token::carried;
use crate::world::World;

use edge::{JSON, Wrong};

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(10);

/// The door, under its own address and under the one that a slash too many in a client's settings makes.
pub fn doors(world: World) -> Router {
    let mut router = Router::new();
    for before in ["/ofrep", "//ofrep"] {
        router = router
            .route(&format!("{before}/v1/evaluate/flags"), post(all).options(edge::preflight))
            .route(&format!("{before}/v1/evaluate/flags/{{key}}"), post(one).options(edge::preflight))
            .route(&format!("{before}/{{*elsewhere}}"), any(edge::elsewhere));
    }
    // On the routes alone: what is not under these addresses is told it in its own way.
    router
        .route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .route_layer(CatchPanicLayer::new())
        .route_layer(middleware::from_fn(edge::in_the_protocol))
        .with_state(world)
}

/// `POST /ofrep/v1/evaluate/flags/{key}`
async fn one(
    State(world): State<World>,
    key: Result<Path<String>, Response>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Ok(Path(key)) = key else {
        return Wrong::body("PARSE_ERROR", "the key in the address is not UTF-8").answer(None);
    };
    evaluated(&world, &key, query, &headers, body).await.unwrap_or_else(|wrong| wrong.answer(Some(&key)))
}

async fn evaluated(
    world: &World,
    key: &str,
    query: Option<String>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Wrong> {
    let face = world.access().face();
    let _under_way = admit(&face, headers, &query)?;
    let body = edge::read(body).await?;
    let (asked, at) = wish(world, &query, &body)?;
    let answer = face.snapshot.evaluate(key, &asked.context(), at).ok_or_else(|| Wrong {
        status: StatusCode::NOT_FOUND,
        code: "FLAG_NOT_FOUND",
        says: format!("no change has the flag `{key}`; its page shows the right key"),
    })?;
    Ok(([(CONTENT_TYPE, JSON)], face.written.one(&answer)).into_response())
}

/// `POST /ofrep/v1/evaluate/flags`
async fn all(
    State(world): State<World>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    evaluated_all(&world, query, &headers, body).await.unwrap_or_else(|wrong| wrong.answer(None))
}

async fn evaluated_all(
    world: &World,
    query: Option<String>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Wrong> {
    let face = world.access().face();
    let under_way = admit(&face, headers, &query)?;
    let body = edge::read(body).await?;
    let (asked, at) = wish(world, &query, &body)?;
    let tag = tag(&face, under_way.credential(), &asked, at);
    let fresh = [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if headers.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, fresh).into_response());
    }
    let context = asked.context();
    let answers = face.snapshot.evaluate_all(&context, at);
    Ok((fresh, [(CONTENT_TYPE, JSON)], face.written.all(answers)).into_response())
}

/// Lets a request in, or says why not. Only who may write may look at another moment.
fn admit(face: &Face, headers: &HeaderMap, query: &Option<String>) -> Result<UnderWay, Wrong> {
    let scopes: &[Scope] = match previewed(query) {
        Some(_) => &[Scope::Write],
        None => &[Scope::Access, Scope::Write],
    };
    face.admit(carried(headers).as_deref(), scopes).map_err(|barred| {
        let (status, says) = match barred {
            Barred::Unknown => (
                StatusCode::UNAUTHORIZED,
                "send a live API token in Authorization: Bearer or X-API-Key; an administrator makes one with `traction token add`",
            ),
            Barred::WrongScope => (
                StatusCode::FORBIDDEN,
                "this token is for something else; make one with the scope `access` (to look at another moment: `write`)",
            ),
            Barred::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "this token has too many requests under way; come back in a second",
            ),
        };
        Wrong { status, code: "GENERAL", says: says.into() }
    })
}

/// Who is asked about, and at which moment.
fn wish<'a>(world: &World, query: &Option<String>, body: &'a [u8]) -> Result<(Asked<'a>, Moment), Wrong> {
    let asked = asked::read(body).map_err(|bad| Wrong::body(bad.code(), bad.says()))?;
    let at = match previewed(query) {
        None => world.now(),
        Some(at) => at.parse().map_err(|refused| Wrong::body("GENERAL", format!("at: {refused}")))?,
    };
    Ok((asked, at))
}

/// The moment that is to be looked at instead of now, as written. Other parameters, also those that clients send
/// along from the event stream, change nothing.
fn previewed(query: &Option<String>) -> Option<String> {
    let query = query.as_deref()?.as_bytes();
    form_urlencoded::parse(query).find(|(name, _)| name == "at").map(|(_, value)| value.into_owned())
}

/// The tag of a bulk answer: until any of what it is made from changes, the answer cannot.
fn tag(face: &Face, credential: &str, asked: &Asked<'_>, at: Moment) -> String {
    let context = asked.context();
    let next = face.snapshot.subject(&context).next_boundary(at).map(Moment::milliseconds);
    let made_from = json!([face.snapshot.version(), credential, context.targeting_key, context.unit, next]);
    let digest = hex::encode(Sha256::digest(made_from.to_string()));
    format!("\"{}\"", &digest[..32])
}

/// Whether `If-None-Match` names the tag: one of a list, weak or not, or any.
fn names(tags: &HeaderValue, tag: &str) -> bool {
    let Ok(tags) = tags.to_str() else { return false };
    tags.split(',').map(str::trim).any(|named| named == "*" || named.trim_start_matches("W/") == tag)
}
