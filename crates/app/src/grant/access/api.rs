//! The door of the real system: an OpenFeature Remote Evaluation (OFREP) server.
//!
//! It answers from memory alone, and every answer, whatever went wrong, is JSON of the protocol: clients trip over
//! anything else. Whoever keeps all flags is told where a stream says when to ask again.

mod answer;
mod edge;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::IF_NONE_MATCH;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use axum::routing::any;
use traction_domain::time::Moment;

use crate::grant::access::asked::{self, Asked};
use crate::grant::access::board::Face;
use crate::grant::access::holder::{Barred, UnderWay};
use crate::grant::access::tag::{self, Tag};
use crate::org::token::store::Scope;
use crate::web::token::carried_in;
use crate::world::World;

use edge::Wrong;

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

/// The door, under its own address and under the one that a slash too many in a client's settings makes. It takes requests
/// as they come, with no table of addresses and nothing around it: what each of these costs, it costs a thousand times a
/// second.
#[derive(Clone)]
pub struct Door {
    world: World,
    pace: Pace,
    /// Where streams are, up to the ticket: the beginning of what a bulk answer says after its flags.
    streams: Arc<str>,
}

/// What is asked for, by its address.
enum Place<'a> {
    /// All flags.
    All,
    /// The flag whose key stands there as the address has it.
    One(&'a str),
    /// A stream.
    Streams,
    /// Nothing that is here.
    Elsewhere,
}

/// The door as a part of a table of addresses.
pub fn doors(world: World, pace: Pace) -> Router {
    let door = Door::new(world, pace);
    let answer = any(async |State(door): State<Door>, request: Request<Body>| door.answer(request).await);
    let router = Router::new().route("/ofrep/{*anything}", answer.clone());
    router.route("//ofrep/{*anything}", answer).with_state(door)
}

impl Door {
    /// The door of a world.
    pub fn new(world: World, pace: Pace) -> Door {
        let streams = stream::addresses(&world.settings().public_url).into();
        Door { world, pace, streams }
    }

    /// Whether an address is of this door.
    pub fn has(path: &str) -> bool {
        inside(path).is_some_and(|inside| !inside.is_empty())
    }

    /// Answers a request.
    pub async fn answer<B: HttpBody<Data = Bytes>>(&self, request: Request<B>) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        match (place(path), &parts.method) {
            (Place::One(key), &Method::POST) => match edge::readable_key(key) {
                Some(key) => edge::in_the_protocol(Some(&key), self.one(&key, &parts, body)).await,
                None => {
                    let wrong = Wrong::body("PARSE_ERROR", "the key in the address is not UTF-8");
                    edge::readable(wrong.answer(None))
                }
            },
            (Place::All, &Method::POST) => edge::in_the_protocol(None, self.all(&parts, body)).await,
            (Place::One(_) | Place::All, &Method::OPTIONS) => edge::preflight(),
            (Place::Streams, &Method::GET) => stream::open(self, parts.uri.query(), &parts.headers),
            (Place::One(key), _) => edge::wrong_method("POST,OPTIONS", edge::readable_key(key).as_deref()),
            (Place::All, _) => edge::wrong_method("POST,OPTIONS", None),
            (Place::Streams, _) => edge::wrong_method("GET", None),
            (Place::Elsewhere, _) => edge::elsewhere(),
        }
    }

    /// `POST /ofrep/v1/evaluate/flags/{key}`
    async fn one<B: HttpBody<Data = Bytes>>(
        &self,
        key: &str,
        parts: &Parts,
        body: B,
    ) -> Result<Response, Wrong> {
        let (face, now) = (self.world.access().face(), self.world.now());
        let previewed = previewed(parts.uri.query());
        let _under_way = admit(&face, &parts.headers, previewed.is_some(), now)?;
        let body = edge::read(body, self.pace.patience).await?;
        let (asked, at) = wish(now, previewed, &body)?;
        let answer = face.snapshot.evaluate(key, &asked.context(), at).ok_or_else(|| Wrong {
            status: StatusCode::NOT_FOUND,
            code: "FLAG_NOT_FOUND",
            says: format!("no change has the flag `{key}`; its page shows the right key"),
        })?;
        Ok(answer::one(face.written.one(&answer)))
    }

    /// `POST /ofrep/v1/evaluate/flags`
    async fn all<B: HttpBody<Data = Bytes>>(&self, parts: &Parts, body: B) -> Result<Response, Wrong> {
        let (face, now) = (self.world.access().face(), self.world.now());
        let previewed = previewed(parts.uri.query());
        let under_way = admit(&face, &parts.headers, previewed.is_some(), now)?;
        // Another moment has no news, and past the last place there is no stream: then the client asks now and then.
        let has_stream = previewed.is_none() && under_way.may_listen();
        let body = edge::read(body, self.pace.patience).await?;
        let (asked, at) = wish(now, previewed, &body)?;
        let context = asked.context();
        let subject = face.snapshot.subject(&context);
        let in_force = subject.digest(&face.in_force, at);
        let state = tag::state(&face, in_force, &context, &under_way.credential());
        let tag = Tag { state, expires: has_stream.then(|| tag::expiry(&context, now)) };
        let takes_packed = face.written.is_worth_packing() && edge::takes_gzip(&parts.headers);
        let written_tag = tag.written(takes_packed);
        let is_known = parts.headers.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, &written_tag));
        if is_known {
            return Ok(answer::unchanged(&written_tag));
        }
        let then = tag.expires.and_then(|expires| stream::offered(self, &context, expires, &tag, &under_way));
        let (then, grants) = (then.unwrap_or_default(), subject.in_force(at));
        let packed = takes_packed.then(|| face.written.all_packed(in_force, grants.clone(), &then));
        Ok(match packed.flatten() {
            Some(packed) => answer::all_packed(packed, &written_tag),
            None => answer::all(face.written.all(grants, &then), &written_tag),
        })
    }
}

/// What comes after the door's own word in an address, without the slash before it.
fn inside(path: &str) -> Option<&str> {
    let path = path.strip_prefix('/')?;
    path.strip_prefix('/').unwrap_or(path).strip_prefix("ofrep/")
}

fn place(path: &str) -> Place<'_> {
    match inside(path).and_then(|inside| inside.strip_prefix("v1/")) {
        Some("evaluate/flags") => Place::All,
        Some("streams") => Place::Streams,
        Some(other) => match other.strip_prefix("evaluate/flags/") {
            Some(key) if !key.is_empty() && !key.contains('/') => Place::One(key),
            _ => Place::Elsewhere,
        },
        None => Place::Elsewhere,
    }
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
    let strong = |tag| str::trim_start_matches(tag, tag::WEAK);
    tags.split(',').map(str::trim).any(|named| named == "*" || strong(named) == strong(tag))
}
