//! When a letter in the outbox is tried, tried again, and given up. It knows nothing of what a letter says.

use std::str::FromStr;

use jiff::SignedDuration;

use crate::time::Moment;

#[cfg(test)]
mod tests;

/// How long is waited after each try that failed; after the last of them there is one more try, less than a day after the
/// first.
const WAITS: [SignedDuration; 6] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(12),
];

/// How often a letter is tried.
pub const N_TRIES: usize = WAITS.len() + 1;

/// A try of which nothing was heard for so long was lost with its server. A mail server has much less time to answer.
pub const LOST_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// A mail server has the letter.
    Left,
    /// It did not leave, and is tried again.
    Again,
    /// It did not leave, and is given up.
    Unsent,
    /// Nobody wants it any more.
    Over,
}

impl Became {
    /// Each of them.
    pub const EACH: [Became; 4] = [Became::Left, Became::Again, Became::Unsent, Became::Over];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Became::Left => "left",
            Became::Again => "again",
            Became::Unsent => "unsent",
            Became::Over => "over",
        }
    }
}

/// A word that says of no try what became of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of left, again, unsent, over")]
pub struct NoSuchEnd(String);

impl FromStr for Became {
    type Err = NoSuchEnd;

    fn from_str(word: &str) -> Result<Became, NoSuchEnd> {
        Became::EACH.into_iter().find(|one| one.word() == word).ok_or_else(|| NoSuchEnd(word.to_owned()))
    }
}

/// The last try of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// Its number: 1 for the first.
    pub n: usize,
    /// When it was begun.
    pub begun_at: Moment,
    /// What became of it, and when; `None`: it is under way, or was lost.
    pub ended: Option<(Became, Moment)>,
}

/// Whether a letter may leave at another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hope {
    /// Only the surroundings failed.
    Some,
    /// It would fail again.
    None,
}

/// When a letter that was wished for at `wished_at` is tried next; `None`: no more.
pub fn next_try(wished_at: Moment, last: Option<&Try>) -> Option<Moment> {
    let Some(last) = last else { return Some(wished_at) };
    let failed_at = match last.ended {
        Some((Became::Left | Became::Unsent | Became::Over, _)) => return None,
        Some((Became::Again, at)) => at,
        None => last.begun_at.after(LOST_AFTER),
    };
    let wait = last.n.checked_sub(1).and_then(|n| WAITS.get(n))?;
    Some(failed_at.after(*wait))
}

/// What becomes of the `n`-th try of a letter when it failed.
pub fn failed(n: usize, hope: Hope) -> Became {
    if hope == Hope::Some && n < N_TRIES { Became::Again } else { Became::Unsent }
}
