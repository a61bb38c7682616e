//! The stream of a context's changes: it says only that the answer is another one now, and the client asks again.
//!
//! Each stream waits by itself: for a new face of the board, and for the next moment at which its own answer changes by
//! the clock, so that nothing has to be written for it. A ticket that opens nothing (any more) is answered by one word to
//! ask again, and the end: the answer then brings a new address. A 401 would make the web client loop for ever.

use std::convert::Infallible;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::watch;
use traction_domain::grant::access::{Context, Ticket};
use traction_domain::time::Moment;

use super::{Door, edge, entry};
use crate::grant::access::holder::{Listening, UnderWay};
use crate::grant::access::tag::{self, Tag};
use crate::world::World;

/// What comes after the ticket in a bulk answer: after how many seconds in the background a client may close the stream;
/// it opens it again when somebody looks.
const AFTER_TICKET: &str = r#"","inactivityDelaySec":120}]"#;

/// After how long a client comes back whose stream was ended with a ticket that opens nothing.
const COME_BACK: std::time::Duration = std::time::Duration::from_secs(30);

/// The address of every stream, up to the ticket, as a bulk answer has it after its flags.
pub(super) fn addresses(public_url: &str) -> String {
    let url = json!(format!("{public_url}/ofrep/v1/streams?ticket=")).to_string();
    format!(r#","eventStreams":[{{"type":"sse","url":{}"#, url.trim_end_matches('"'))
}

/// What a bulk answer says about the stream, after its flags; nothing where there is none.
pub(super) fn offered(
    door: &Door,
    context: &Context<'_>,
    expires: Moment,
    tag: &Tag,
    under_way: &UnderWay,
) -> Option<String> {
    let ticket = Ticket {
        expires,
        seen: tag.state,
        credential: under_way.credential(),
        targeting_key: context.targeting_key.into(),
        unit: context.unit.map(Into::into),
    };
    let sealed = door.world.access().sealed(&ticket)?;
    // Nothing of a ticket has to be written otherwise in JSON.
    Some([&*door.streams, &sealed, AFTER_TICKET].concat())
}

/// `GET /ofrep/v1/streams?ticket=…`
pub(super) fn open(Door { world, pace, .. }: &Door, query: Option<&str>, headers: &HeaderMap) -> Response {
    let ticket = entry(query, "ticket").and_then(|text| world.access().opened(&text));
    let face = world.access().face();
    let place = ticket.as_ref().and_then(|ticket| face.listen(&ticket.credential));
    let state = match (ticket, place) {
        (Some(ticket), Some(place)) if world.now() < ticket.expires => {
            let seen = last_seen(headers).unwrap_or(ticket.seen);
            let faces = world.access().faces();
            let world = world.clone();
            Course::Listens(Box::new(Listener { world, ticket, seen, faces, _place: place }))
        }
        _ => Course::AsksAgain,
    };
    let events = stream::unfold(state, |state| async move {
        let (event, next) = state.next().await?;
        Some((Ok::<Event, Infallible>(event), next))
    });
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(pace.keep_alive));
    edge::readable(([unbuffered], events).into_response())
}

/// The state that a client saw last, if it says so.
fn last_seen(headers: &HeaderMap) -> Option<[u8; 16]> {
    let mut seen = [0; 16];
    hex::decode_to_slice(headers.get("last-event-id")?.to_str().ok()?, &mut seen).ok()?;
    Some(seen)
}

/// What a stream does.
enum Course {
    Listens(Box<Listener>),
    AsksAgain,
    IsOver,
}

/// A client that listens.
struct Listener {
    world: World,
    ticket: Ticket<'static>,
    seen: [u8; 16],
    faces: watch::Receiver<u64>,
    _place: Listening,
}

impl Course {
    /// The next event, when there is one, and what comes after it; `None` at the end.
    async fn next(self) -> Option<(Event, Course)> {
        match self {
            Course::Listens(listener) => listener.next().await,
            Course::AsksAgain => Some((refetch(None).retry(COME_BACK), Course::IsOver)),
            Course::IsOver => None,
        }
    }
}

impl Listener {
    async fn next(mut self: Box<Self>) -> Option<(Event, Course)> {
        loop {
            self.faces.borrow_and_update();
            let until = {
                let (face, now) = (self.world.access().face(), self.world.now());
                let (context, credential) = (self.ticket.context(), &self.ticket.credential);
                if now >= self.ticket.expires || !face.knows(credential) {
                    return Some((refetch(None), Course::IsOver));
                }
                let subject = face.snapshot.subject(&context);
                let in_force = subject.digest(&face.in_force, now);
                let state = tag::state(&face, in_force, &context, credential);
                if state != self.seen {
                    let tag = Tag { state, expires: Some(tag::expiry(&context, now)) };
                    self.seen = state;
                    return Some((refetch(Some(&tag)), Course::Listens(self)));
                }
                let expires = self.ticket.expires;
                subject.next_change(now).map_or(expires, |change| change.min(expires))
            };
            tokio::select! {
                _ = self.faces.changed() => {}
                () = self.world.until(until) => {}
                () = self.world.ended() => return None,
            }
        }
    }
}

/// The one thing that is said: ask again, and the tag that the answer will have, as far as it is known.
fn refetch(tag: Option<&Tag>) -> Event {
    let mut says = json!({ "type": "refetchEvaluation" });
    let mut event = Event::default().event("message");
    if let Some(tag) = tag {
        says["etag"] = json!(tag.written(false));
        event = event.id(hex::encode(tag.state));
    }
    event.data(says.to_string())
}
