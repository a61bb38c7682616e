//! How far waves have come, for whoever looks at one meanwhile: only that something which everybody may see of it is another
//! by now, and nothing about anybody.
//!
//! It does not look at the journal: whoever keeps access up to date does, for all servers of a database, and tells it.
//! That a wave opens or closes by the clock is written nowhere; whoever listens waits for these moments by himself.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, WaveId};
use traction_domain::time::Moment;

use crate::offer::wave::store::Wave;

/// How many of these streams a server keeps open. Whoever is past it has the page as it was when it was read.
pub const N_STREAMS: usize = 2_000;

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

    /// Hears of what comes.
    pub fn courses(&self) -> watch::Receiver<Arc<Course>> {
        self.course.subscribe()
    }

    /// A place among those who listen; `None` where all are taken. It is free again once it is dropped.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
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

/// The moments at which a wave is another by the clock alone.
pub fn passing(wave: &Wave) -> [Moment; 2] {
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
