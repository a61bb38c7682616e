//! The door of the real system: an OpenFeature Remote Evaluation (OFREP) server.
//!
//! It answers from memory alone, and every answer, whatever went wrong, is JSON of the protocol: clients trip over
//! anything else. Whoever keeps all flags is told where a stream says when to ask again.

mod edge;
mod stream;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use traction_domain::time::Moment;

use crate::grant::access::asked::{self, Asked};
use crate::grant::access::board::Face;
use crate::grant::access::holder::{Barred, UnderWay};
use crate::grant::access::tag::{self, Tag};
use crate::org::token::store::Scope;
use crate::web::token::carried_in;
use crate::world::World;

use edge::{JSON, Wrong};

/// How long things may take at this door.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The body of a request, until it is there.
    pub patience: Duration,
    /// Between two signs of life on a stream: whatever stands in between must not take it for dead.
    pub keep_alive: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { patience: Duration::from_secs(10), keep_alive: Duration::from_secs(15) }
    }
}

/// What the handlers know.
#[derive(Clone)]
struct Door {
    world: World,
    pace: Pace,
}

/// The door, under its own address and under the one that a slash too many in a client's settings makes. No layer lies
/// around it, and its handlers take requests as they come: what each of these costs, it costs a thousand times a second.
pub fn doors(world: World, pace: Pace) -> Router {
    let mut router = Router::new();
    for before in ["/ofrep", "//ofrep"] {
        let asked = || post(all).options(edge::preflight).fallback(edge::wrong_method);
        let asked_one = || post(one).options(edge::preflight).fallback(edge::wrong_method);
        router = router
            .route(&format!("{before}/v1/evaluate/flags"), asked())
            .route(&format!("{before}/v1/evaluate/flags/{{key}}"), asked_one())
            .route(&format!("{before}/v1/streams"), get(stream::open).fallback(edge::wrong_method))
            .route(&format!("{before}/{{*elsewhere}}"), any(edge::elsewhere));
    }
    router.with_state(Door { world, pace })
}

/// `POST /ofrep/v1/evaluate/flags/{key}`
async fn one(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match edge::key_in(parts.uri.path()) {
        Some(key) => edge::in_the_protocol(Some(&key), evaluated(&door, &key, &parts, body)).await,
        None => {
            edge::readable(Wrong::body("PARSE_ERROR", "the key in the address is not UTF-8").answer(None))
        }
    }
}

async fn evaluated(door: &Door, key: &str, parts: &Parts, body: Body) -> Result<Response, Wrong> {
    let Door { world, pace } = door;
    let (face, now) = (world.access().face(), world.now());
    let previewed = previewed(parts.uri.query());
    let _under_way = admit(&face, &parts.headers, previewed.is_some(), now)?;
    let body = edge::read(body, pace.patience).await?;
    let (asked, at) = wish(now, previewed, &body)?;
    let answer = face.snapshot.evaluate(key, &asked.context(), at).ok_or_else(|| Wrong {
        status: StatusCode::NOT_FOUND,
        code: "FLAG_NOT_FOUND",
        says: format!("no change has the flag `{key}`; its page shows the right key"),
    })?;
    Ok(([(CONTENT_TYPE, JSON)], face.written.one(&answer)).into_response())
}

/// `POST /ofrep/v1/evaluate/flags`
async fn all(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    edge::in_the_protocol(None, evaluated_all(&door, &parts, body)).await
}

async fn evaluated_all(door: &Door, parts: &Parts, body: Body) -> Result<Response, Wrong> {
    let Door { world, pace } = door;
    let (face, now) = (world.access().face(), world.now());
    let previewed = previewed(parts.uri.query());
    let under_way = admit(&face, &parts.headers, previewed.is_some(), now)?;
    // Another moment has no news, and past the last place there is no stream: then the client asks now and then.
    let has_stream = previewed.is_none() && under_way.may_listen();
    let body = edge::read(body, pace.patience).await?;
    let (asked, at) = wish(now, previewed, &body)?;
    let context = asked.context();
    let subject = face.snapshot.subject(&context);
    let state = tag::state(&face.written, &subject, &context, &under_way.credential(), at);
    let tag = Tag { state, expires: has_stream.then(|| tag::expiry(&context, now)) };
    let written_tag = tag.to_string();
    let is_known = parts.headers.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, &written_tag));
    let then = match tag.expires {
        Some(expires) if !is_known => stream::offered(world, &context, expires, &tag, &under_way),
        _ => String::new(),
    };
    let fresh = [
        (ETAG, HeaderValue::from_str(&written_tag).unwrap_or(HeaderValue::from_static("\"\""))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, fresh).into_response());
    }
    let answers = face.written.all(subject.in_force(at), &then);
    Ok((fresh, [(CONTENT_TYPE, JSON)], answers).into_response())
}

/// Lets a request in, or says why not. Only who may write may look at another moment.
fn admit(face: &Face, headers: &HeaderMap, is_preview: bool, now: Moment) -> Result<UnderWay, Wrong> {
    let scopes: &[Scope] = if is_preview { &[Scope::Write] } else { &[Scope::Access, Scope::Write] };
    face.admit(carried_in(headers), scopes, now).map_err(|barred| {
        let (status, says) = match barred {
            Barred::Unknown => (
                StatusCode::UNAUTHORIZED,
                "send a live API token in Authorization: Bearer or X-API-Key; an administrator makes one on the page /tokens or with `traction token add`",
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
fn wish<'a>(now: Moment, previewed: Option<String>, body: &'a [u8]) -> Result<(Asked<'a>, Moment), Wrong> {
    let asked = asked::read(body).map_err(|bad| Wrong::body(bad.code(), bad.says()))?;
    let at = match previewed {
        None => now,
        Some(at) => at.parse().map_err(|refused| Wrong::body("GENERAL", format!("at: {refused}")))?,
    };
    Ok((asked, at))
}

/// The moment that is to be looked at instead of now, as written. Other parameters, also those that clients send
/// along from the event stream, change nothing.
fn previewed(query: Option<&str>) -> Option<String> {
    entry(query, "at")
}

/// An entry of what stands after an address's question mark.
fn entry(query: Option<&str>, sought: &str) -> Option<String> {
    form_urlencoded::parse(query?.as_bytes())
        .find(|(name, _)| name == sought)
        .map(|(_, value)| value.into_owned())
}

/// Whether `If-None-Match` names the tag: one of a list, weak or not, or any.
fn names(tags: &HeaderValue, tag: &str) -> bool {
    let Ok(tags) = tags.to_str() else { return false };
    tags.split(',').map(str::trim).any(|named| named == "*" || named.trim_start_matches("W/") == tag)
}
