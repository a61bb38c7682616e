//! Kinds of reasons for which events are set aside: what is done with one is decided by its kind, and never by the
//! sentence that people read.

use super::EventRefused;

/// Why an event was set aside, in a word that stays when sentences change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It has no id.
    NoId,
    /// It has no name.
    NoName,
    /// It names neither a person nor a unit.
    Nobody,
    /// A part of it has too many characters.
    TooLong,
    /// A part of it holds what no database keeps.
    Unkeepable,
    /// A time of it is none.
    NotATime,
    /// It was larger than an event may be: what is kept of it is a part.
    TooLarge,
    /// It is not written as its language has it.
    Malformed,
    /// By the sender's clock it happened long ago.
    LongAgo,
    /// It may have been counted and dropped before.
    Dropped,
    /// It names a unit that is not there.
    NoSuchUnit,
    /// It names a change that is not there.
    NoSuchChange,
    /// Set aside by a version that kept no kinds, for a reason that was not told apart since.
    Other,
}

impl Kind {
    /// Each of them.
    pub const ALL: [Kind; 13] = [
        Kind::NoId,
        Kind::NoName,
        Kind::Nobody,
        Kind::TooLong,
        Kind::Unkeepable,
        Kind::NotATime,
        Kind::TooLarge,
        Kind::Malformed,
        Kind::LongAgo,
        Kind::Dropped,
        Kind::NoSuchUnit,
        Kind::NoSuchChange,
        Kind::Other,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::NoId => "no-id",
            Kind::NoName => "no-name",
            Kind::Nobody => "nobody",
            Kind::TooLong => "too-long",
            Kind::Unkeepable => "unkeepable",
            Kind::NotATime => "not-a-time",
            Kind::TooLarge => "too-large",
            Kind::Malformed => "malformed",
            Kind::LongAgo => "long-ago",
            Kind::Dropped => "dropped",
            Kind::NoSuchUnit => "no-such-unit",
            Kind::NoSuchChange => "no-such-change",
            Kind::Other => "other",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl EventRefused {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            EventRefused::NoId => Kind::NoId,
            EventRefused::NoName => Kind::NoName,
            EventRefused::Nobody => Kind::Nobody,
            EventRefused::TooLong { .. } => Kind::TooLong,
            EventRefused::Unkeepable { .. } => Kind::Unkeepable,
            EventRefused::NotATime { .. } => Kind::NotATime,
            EventRefused::TooLarge { .. } => Kind::TooLarge,
            EventRefused::Malformed { .. } => Kind::Malformed,
            EventRefused::LongAgo { .. } => Kind::LongAgo,
            EventRefused::Dropped { .. } => Kind::Dropped,
            EventRefused::NoSuchUnit { .. } => Kind::NoSuchUnit,
            EventRefused::NoSuchChange { .. } => Kind::NoSuchChange,
        }
    }
}
