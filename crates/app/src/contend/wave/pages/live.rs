//! The stream by which a page of a wave hears of news: it only says so, and the page asks for itself, as its reader may see it.

use std::convert::Infallible;
use std::future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use traction_domain::time::Moment;

use crate::contend::draw::store as draws;
use crate::contend::wave::live::{Course, Version, passing};
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::web::{Failure, Hears, Path, Query};
use crate::world::World;

/// How often a stream says that it is still there: less than what lies between may take for silence.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What may stand in the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    seen: Option<String>,
}

/// How a page of the wave hears of news: the stream's address, and its own, which ends with `page`.
pub fn hears(course: &Course, wave: &Wave, now: Moment, href: &str, page: &str) -> Hears {
    let seen = course.version(wave, now);
    Hears { stream: format!("{href}/live?seen={seen}"), page: format!("{href}{page}") }
}

/// `GET /changes/{change}/waves/{n}/live`: for anybody, as the pages are. What is over has no more news: 204, after which a
/// browser does not ask again.
pub async fn open(
    State(world): State<World>,
    Path((change, n)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let courses = world.live().courses();
    let sql = world.store().read();
    let (_, wave) = wave::verbs::find(sql, &change, n).await?;
    let now = courses.borrow().version(&wave, world.now());
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let seen = last.or(asked.seen).and_then(|seen| seen.parse().ok()).unwrap_or(now);
    let is_over = wave.cancelled.is_some() || draws::drawn(sql, wave.id).await?.is_some();
    if is_over && !now.is_news_to(seen) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let Some(place) = world.live().place() else {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response());
    };
    let listener = Listener { world, wave, seen, courses, _place: place };
    let events = stream::unfold(listener, |listener| async move {
        let (event, listener) = listener.next().await?;
        Some((Ok::<Event, Infallible>(event), listener))
    });
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([unbuffered], events).into_response())
}

/// A page that listens.
struct Listener {
    world: World,
    wave: Wave,
    seen: Version,
    courses: watch::Receiver<Arc<Course>>,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    /// The next event, when there is one; `None` when the server stops.
    async fn next(mut self) -> Option<(Event, Listener)> {
        loop {
            let now = self.world.now();
            let version = self.courses.borrow_and_update().version(&self.wave, now);
            if version.is_news_to(self.seen) {
                self.seen = version;
                let event =
                    Event::default().event("changed").id(version.to_string()).data(version.to_string());
                return Some((event, self));
            }
            let next = passing(&self.wave).into_iter().find(|at| *at > now);
            let passes = async {
                match next {
                    Some(at) => self.world.until(at).await,
                    None => future::pending().await,
                }
            };
            tokio::select! {
                _ = self.courses.changed() => {}
                () = passes => {}
                () = self.world.ended() => return None,
            }
        }
    }
}
