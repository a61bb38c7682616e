//! Usage events: which are kept, when they happened by our clock, and by what a person's subject is found again.
//!
//! It reads no protocol (doors do), and it does not decide which change an event belongs to.

mod kind;
pub mod retention;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use kind::Kind;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::org::person::address;
use crate::refusal::Refusal;
use crate::time::Moment;

/// The longest id or event name that is kept, in characters.
pub const N_CHARACTERS_MOST: usize = 200;

/// How long before its arrival an event may have happened, in days. What is older was most likely stamped by a clock that
/// is wrong; a file of old events says so by being a file.
pub const N_DAYS_LATE: i64 = 180;

/// An event as a client sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent<'a> {
    /// Its id, under which it counts once.
    pub id: &'a str,
    /// What was done, say "rounds opened".
    pub event: &'a str,
    /// Who did it, as the real system knows him.
    pub person: Option<&'a str>,
    /// The unit it was done in, where the client says so.
    pub unit: Option<&'a str>,
    /// A number that goes with it.
    pub value: Option<f64>,
}

/// Why an event is set aside instead of counted. Each sentence says what to correct at the sender; how that is written,
/// his language knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventRefused {
    /// Nothing tells it apart.
    #[error("the event has no id; give it one that stays the same when it is sent again")]
    NoId,
    /// Nothing says what was done.
    #[error("the event has no name; say what was done")]
    NoName,
    /// Neither a person nor a unit.
    #[error("the event names nobody; say who did it, or in which unit")]
    Nobody,
    /// Longer than is kept.
    #[error("{what} is {n_characters} characters long; shorten it to {N_CHARACTERS_MOST} at most")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// How long it is.
        n_characters: usize,
    },
    /// A character that no database keeps.
    #[error("{what} holds a NUL character; remove it")]
    Unkeepable {
        /// Which part.
        what: &'static str,
    },
    /// Not a time.
    #[error("`{written}` is not a time; write it like 2026-11-22T09:30:00Z")]
    NotATime {
        /// What was written.
        written: String,
    },
    /// Larger than one event may be.
    #[error("the event is {n_bytes} bytes long; at most {most} are taken")]
    TooLarge {
        /// How large it is.
        n_bytes: usize,
        /// How large it may be.
        most: usize,
    },
    /// Not written as its language has it.
    #[error("{what}; see {rules}")]
    Malformed {
        /// What is wrong.
        what: Cow<'static, str>,
        /// Where it stands how such an event is written.
        rules: &'static str,
    },
    /// By the sender's clock it happened long ago.
    #[error(
        "it happened {n_days} days before it arrived, by the sender's clock; put that clock right, or take old events in from a file"
    )]
    LongAgo {
        /// How long ago.
        n_days: i64,
    },
    /// It may have been counted before it was dropped.
    #[error(
        "by the sender's clock it happened before {before}; what is older was counted and dropped here, so that it would count a second time; put that clock right, or leave it"
    )]
    Dropped {
        /// Before which moment events are dropped.
        before: Moment,
    },
    /// No unit has that short name.
    #[error("there is no unit `{named}` here; add it, or correct the name, and have the event tried again")]
    NoSuchUnit {
        /// What was written.
        named: String,
    },
    /// No change has that short name or flag.
    #[error(
        "there is no change with the short name or the flag `{named}` here; open it, or correct the name, and have the event tried again"
    )]
    NoSuchChange {
        /// What was written.
        named: String,
    },
}

impl EventRefused {
    /// A unit that is not there; of what was written, the beginning.
    pub fn no_such_unit(named: &str) -> EventRefused {
        EventRefused::NoSuchUnit { named: beginning(named) }
    }

    /// A change that is not there; of what was written, the beginning.
    pub fn no_such_change(named: &str) -> EventRefused {
        EventRefused::NoSuchChange { named: beginning(named) }
    }

    /// Something that is no time; of what was written, the beginning.
    pub fn not_a_time(written: &str) -> EventRefused {
        EventRefused::NotATime { written: beginning(written) }
    }
}

impl Refusal for EventRefused {
    fn field(&self) -> Option<&'static str> {
        Some("body")
    }
}

/// As much of what was written as a sentence has room for.
fn beginning(written: &str) -> String {
    written.chars().take(60).collect()
}

/// Whether the event can be counted as it is.
pub fn check(sent: &Sent<'_>) -> Result<(), EventRefused> {
    if sent.id.trim().is_empty() {
        return Err(EventRefused::NoId);
    }
    if sent.event.trim().is_empty() {
        return Err(EventRefused::NoName);
    }
    if sent.person.is_none() && sent.unit.is_none() {
        return Err(EventRefused::Nobody);
    }
    let parts = [("the id", Some(sent.id)), ("the name", Some(sent.event)), ("the person", sent.person)];
    for (what, text) in parts.into_iter().filter_map(|(what, text)| Some((what, text?))) {
        let n_characters = text.chars().count();
        if n_characters > N_CHARACTERS_MOST {
            return Err(EventRefused::TooLong { what, n_characters });
        }
        if text.contains('\0') {
            return Err(EventRefused::Unkeepable { what });
        }
    }
    Ok(())
}

/// When an event happened, by our clock.
///
/// The client's clock may be wrong, but the time that passed on it between the event and the sending is right; so
/// the event lies that long before the receiving. Nothing happened after it was received.
///
/// - `received`: by our clock.
/// - `sent`, `stamped`: by the client's clock, when it sent the batch and when the event happened.
///
/// Misleads where a client queues events while its clock is set anew, or lacks `sent`: then `stamped` is believed.
pub fn occurred(received: Moment, sent: Option<Moment>, stamped: Option<Moment>) -> Moment {
    let occurred = match (sent, stamped) {
        (Some(sent), Some(stamped)) => received.after(-sent.since(stamped)),
        (None, Some(stamped)) => stamped,
        (_, None) => received,
    };
    occurred.min(received)
}

/// As [`occurred`], for what a client sends; an event that its clock puts long ago is refused.
pub fn happened(
    received: Moment,
    sent: Option<Moment>,
    stamped: Option<Moment>,
) -> Result<Moment, EventRefused> {
    let occurred = occurred(received, sent, stamped);
    let n_days = received.since(occurred).as_hours() / 24;
    if n_days > N_DAYS_LATE { Err(EventRefused::LongAgo { n_days }) } else { Ok(occurred) }
}

/// Before the name of somebody of whom a client knows only that it is the same one: such a name is no address, whatever
/// it looks like.
pub const ANONYMOUS: &str = "anonymous:";

/// A name in the one writing under which it is kept: an address is the same one in whatever letters it is sent. Of any
/// other name each letter counts.
pub fn one_writing(name: &str) -> Cow<'_, str> {
    if !name.contains('@') || name.starts_with(ANONYMOUS) {
        return Cow::Borrowed(name);
    }
    match address(name) {
        Ok(address) if address != name => Cow::Owned(address),
        _ => Cow::Borrowed(name),
    }
}

/// A key under which people's names are hashed; whoever lacks it cannot try names.
#[derive(Clone)]
pub struct SubjectKey([u8; 32]);

impl SubjectKey {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> SubjectKey {
        SubjectKey(bytes)
    }

    /// Under which the link from a person to his subject is found: HMAC-SHA-256 of his name as it is written
    /// here, in hex.
    pub fn hash(&self, person: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(person.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}
