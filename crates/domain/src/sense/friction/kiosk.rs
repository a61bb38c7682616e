//! The kiosk: a unit's link, on paper as a QR code, by which anybody reports without an account.
//!
//! Nobody is known there, so it is the link that is slowed down and not who comes by it, and everything waits for a look.

use jiff::SignedDuration;

use crate::refusal::{Refusal, RefusalKind};

/// How long the shorter of the two spans is, in minutes.
pub const N_MINUTES: i64 = 10;

/// How many reports come in by one unit's link within [`N_MINUTES`]: a shift that talks about it, and no program.
pub const N_LATELY: usize = 10;

/// How many reports come in by one unit's link within a day.
pub const N_A_DAY: usize = 100;

/// How many of them wait for a look at most.
pub const N_WAITING: usize = 200;

/// How many bytes a form may have there: three answers, written in any script.
pub const N_BYTES: usize = 8 << 10;

/// What came in by a unit's link so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CameIn {
    /// In the last [`N_MINUTES`].
    pub n_lately: usize,
    /// In the last day.
    pub n_a_day: usize,
    /// And still waits for a look.
    pub n_waiting: usize,
}

/// Why a report was not taken at the kiosk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KioskRefused {
    /// Too many at once.
    #[error("many reports came in just now; keep what you wrote, and send it again in {minutes} minutes")]
    TooOften {
        /// How long to wait.
        minutes: i64,
    },
    /// Nobody looks at them.
    #[error("many reports wait for a look here; tell the unit's lead, who can take new ones in after that")]
    Full,
    /// A program's text, or an advertisement.
    #[error(
        "this has a link, an address, markup or hidden letters in it; say it in plain words, as you would tell a colleague"
    )]
    NotPlain,
    /// The unit has a link.
    #[error("this unit has a link already; renew it, or close it")]
    OpenAlready,
    /// The unit has none.
    #[error("this unit has no link; open one first")]
    NotOpen,
}

impl Refusal for KioskRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            KioskRefused::NotPlain => Some("title"),
            _ => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            KioskRefused::TooOften { .. } | KioskRefused::Full => RefusalKind::TooOften,
            _ => RefusalKind::Wish,
        }
    }

    fn seconds_to_wait(&self) -> Option<u64> {
        match self {
            KioskRefused::TooOften { minutes } => Some(minutes.unsigned_abs() * 60),
            // Somebody has to look first.
            _ => None,
        }
    }
}

/// The span over which "lately" is counted.
pub fn lately() -> SignedDuration {
    SignedDuration::from_mins(N_MINUTES)
}

/// Lets one more report come in.
pub fn one_more(before: CameIn) -> Result<(), KioskRefused> {
    if before.n_lately >= N_LATELY {
        return Err(KioskRefused::TooOften { minutes: N_MINUTES });
    }
    if before.n_a_day >= N_A_DAY {
        return Err(KioskRefused::TooOften { minutes: 24 * 60 });
    }
    if before.n_waiting >= N_WAITING {
        return Err(KioskRefused::Full);
    }
    Ok(())
}

/// Refuses what is no plain sentence: markup, addresses that somebody would have others follow or write to, and letters
/// that nobody sees, by which a line reads otherwise than it is written. A "<" before a number or a blank is a sign that
/// people write.
pub fn plain(title: &str) -> Result<(), KioskRefused> {
    let small = title.to_lowercase().replace('＜', "<");
    let opens = |(at, _): (usize, &str)| {
        small[at + 1..].starts_with(|next: char| next.is_alphabetic() || matches!(next, '/' | '!' | '?'))
    };
    let is_markup = small.match_indices('<').any(opens) || small.contains("&#");
    let is_link =
        ["://", "www.", "javascript:", "data:text", "mailto:"].iter().any(|mark| small.contains(mark));
    let is_address = small.split_whitespace().any(is_address);
    let is_hidden = title.chars().any(is_hidden);
    if is_markup || is_link || is_address || is_hidden { Err(KioskRefused::NotPlain) } else { Ok(()) }
}

/// `somebody@place.example`, or `place.example/there`; not `3/4`, `and/or` or `e.g. this`.
fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let has_place = |text: &str| {
        text.split_once('.').is_some_and(|(before, after)| {
            before.ends_with(char::is_alphanumeric)
                && after.starts_with(char::is_alphabetic)
                && after.len() > 1
        })
    };
    match (word.split_once('@'), word.split_once('/')) {
        (Some((_, place)), _) => has_place(place),
        (None, Some((place, _))) => has_place(place),
        (None, None) => false,
    }
}

/// Letters without a width, and those that turn the direction of what follows. The joiners that some scripts need are none.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
