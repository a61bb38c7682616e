//! What a page of a wave hears while it is looked at: only that something which everybody may see of the wave is another
//! by now. The page then asks for itself, as the reader may see it; nothing about anybody is in the stream.
//!
//! It does not look at the journal: whoever keeps access up to date does, for all servers of a database, and tells it.
//! That a wave opens or closes by the clock is written nowhere; each stream waits for these moments by itself.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::future;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, WaveId};
use traction_domain::time::Moment;

use crate::contend::draw::store as draws;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::web::{Failure, Hears, Path, Query};
use crate::world::World;

/// How many of these streams a server keeps open. Whoever is past it has the page as it was when it was read.
pub const N_STREAMS: usize = 2_000;

/// How often a stream says that it is still there: less than what lies between may take for silence.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Who listens, and what there is to be heard; it hangs in the world.
pub struct Live {
    course: watch::Sender<Arc<Course>>,
    places: Arc<Semaphore>,
}

/// The place in the journal of the last fact that moved what everybody may see, for each wave and each change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Nothing is known of what was before.
    from: i64,
    waves: BTreeMap<WaveId, i64>,
    changes: BTreeMap<ChangeId, i64>,
}

/// How far a wave has come, as one look at it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    place: i64,
    /// How many of opening and closing have passed.
    n_passed: usize,
}

/// What may stand in the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    seen: Option<String>,
}

impl Default for Live {
    fn default() -> Live {
        Live { course: watch::Sender::default(), places: Arc::new(Semaphore::new(N_STREAMS)) }
    }
}

impl Live {
    /// What is known by now. A page takes it before it reads anything else, so that it misses nothing.
    pub fn course(&self) -> Arc<Course> {
        self.course.borrow().clone()
    }

    /// Takes over what the journal told, and wakes whoever listens if it is news.
    pub fn tell(&self, told: &Course) {
        self.course.send_if_modified(|course| {
            let mut next = Course::clone(course);
            next.take_over(told);
            let is_news = next != **course;
            *course = Arc::new(next);
            is_news
        });
    }
}

impl Course {
    /// Anything may be another, up to this place.
    pub fn all(place: i64) -> Course {
        Course { from: place, ..Course::default() }
    }

    /// Notes a fact at its place.
    pub fn note(&mut self, place: i64, fact: &Fact) {
        match fact {
            Fact::WaveCancelled { wave, .. }
            | Fact::Applied { wave, .. }
            | Fact::ApplicationWithdrawn { wave, .. }
            | Fact::PolicySet { wave }
            | Fact::PlaceProtected { wave, .. }
            | Fact::PlaceOpened { wave, .. }
            | Fact::DrawCommitted { wave, .. }
            | Fact::SourceNamed { wave }
            | Fact::SourceValueEntered { wave }
            | Fact::SourceValueCorrected { wave }
            | Fact::SourceFailed { wave }
            | Fact::SourceFailureDeclined { wave }
            | Fact::SourceGivenUp { wave }
            | Fact::ListFrozen { wave, .. }
            | Fact::Drawn { wave } => _ = self.waves.insert(*wave, place),
            // Whoever has it by now contends no longer; and what is paused is said on the call.
            Fact::SlotGranted { change, .. }
            | Fact::ChangePaused { change }
            | Fact::ChangeResumed { change } => _ = self.changes.insert(*change, place),
            // What one unit keeps for itself, and who wants to be reminded, is nobody else's.
            _ => {}
        }
    }

    fn take_over(&mut self, told: &Course) {
        self.from = self.from.max(told.from);
        self.waves.extend(&told.waves);
        self.changes.extend(&told.changes);
    }

    /// How far `wave` has come at `now`.
    pub fn version(&self, wave: &Wave, now: Moment) -> Version {
        let told = [self.waves.get(&wave.id), self.changes.get(&wave.change)];
        let place = told.into_iter().flatten().copied().fold(self.from, i64::max);
        Version { place, n_passed: passing(wave).into_iter().filter(|at| *at <= now).count() }
    }
}

/// How a page of the wave hears of news: the stream's address, and its own, which ends with `page`.
pub fn hears(course: &Course, wave: &Wave, now: Moment, href: &str, page: &str) -> Hears {
    let seen = course.version(wave, now);
    Hears { stream: format!("{href}/live?seen={seen}"), page: format!("{href}{page}") }
}

/// The moments at which a wave is another by the clock alone.
fn passing(wave: &Wave) -> [Moment; 2] {
    [wave.opens_at, wave.closes_at]
}

impl Version {
    /// Whether somebody who has seen `seen` would see something new. Two servers may know of different places that mean the
    /// same; only a later one counts, so that nobody goes from one to the other for ever.
    pub fn is_news_to(self, seen: Version) -> bool {
        self.place > seen.place || self.n_passed > seen.n_passed
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.place, self.n_passed)
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Version, ()> {
        let (place, n_passed) = text.split_once('-').ok_or(())?;
        Ok(Version { place: place.parse().map_err(drop)?, n_passed: n_passed.parse().map_err(drop)? })
    }
}

/// `GET /changes/{change}/waves/{n}/live`: for anybody, as the pages are. What is over has no more news: 204, after which a
/// browser does not ask again.
pub async fn open(
    State(world): State<World>,
    Path((change, n)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let courses = world.live().course.subscribe();
    let sql = world.store().read();
    let (_, wave) = wave::verbs::find(sql, &change, n).await?;
    let now = courses.borrow().version(&wave, world.now());
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let seen = last.or(asked.seen).and_then(|seen| seen.parse().ok()).unwrap_or(now);
    let is_over = wave.cancelled.is_some() || draws::drawn(sql, wave.id).await?.is_some();
    if is_over && !now.is_news_to(seen) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let Ok(place) = world.live().places.clone().try_acquire_owned() else {
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
