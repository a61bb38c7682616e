//! Frictions: what gets in the way, how often, how long, for how many; ranked by what they cost.
//!
//! It does not keep them, and it does not decide what removes them.

mod likeness;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

pub use likeness::likeness;

/// What one person says about a friction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burden {
    /// How often it happens.
    pub times_per_week: f64,
    /// How long it takes each time.
    pub minutes: f64,
    /// How many people it happens to.
    pub n_people: f64,
}

/// A friction as it is reported: three fields, the third of which is the burden.
#[derive(Clone, Debug, PartialEq)]
pub struct FrictionReport {
    /// What gets in the way, in one line.
    pub title: String,
    /// What it costs.
    pub burden: Burden,
}

/// Minutes within which the same report by the same person, of the same unit, is one that was sent twice.
pub const N_MINUTES_SENT_TWICE: i64 = 10;

/// Why a report was not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FrictionRefused {
    /// The line is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// A number no week can hold.
    #[error("{what} is {}; give a number from {least} to {most}", refusal::figure(*given))]
    OutOfRange {
        /// Which entry.
        field: &'static str,
        /// The entry in the reader's words.
        what: &'static str,
        /// What was given.
        given: f64,
        /// The least that makes sense.
        least: f64,
        /// The most that makes sense.
        most: f64,
    },
    /// Closing in silence.
    #[error("say in a sentence what became of it; the people who reported it will read it")]
    AnswerMissing,
    /// It is closed.
    #[error("this friction is closed ({state}); report it anew if it is back")]
    Closed {
        /// Its state.
        state: FrictionState,
    },
    /// Said twice.
    #[error("you have said that this gets in your way too; once is enough")]
    SharedAlready,
}

impl Refusal for FrictionRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            FrictionRefused::Text(text) => text.field(),
            FrictionRefused::OutOfRange { field, .. } => Some(field),
            FrictionRefused::AnswerMissing => Some("answer"),
            FrictionRefused::Closed { .. } | FrictionRefused::SharedAlready => None,
        }
    }
}

/// Where a friction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrictionState {
    /// Reported; nobody has answered yet.
    New,
    /// Somebody has answered and looks into it.
    Answered,
    /// Somebody works on removing it.
    BeingRemoved,
    /// It no longer gets in the way.
    Gone,
    /// It stays, with the reason given.
    Kept,
}

impl FrictionState {
    /// Every state, in the order in which a friction goes through them.
    pub const ALL: [FrictionState; 5] = [
        FrictionState::New,
        FrictionState::Answered,
        FrictionState::BeingRemoved,
        FrictionState::Gone,
        FrictionState::Kept,
    ];

    /// Whether it still counts in the backlog.
    pub fn is_open(self) -> bool {
        !matches!(self, FrictionState::Gone | FrictionState::Kept)
    }

    /// The word it is kept and imported under.
    pub fn word(self) -> &'static str {
        match self {
            FrictionState::New => "new",
            FrictionState::Answered => "answered",
            FrictionState::BeingRemoved => "being-removed",
            FrictionState::Gone => "gone",
            FrictionState::Kept => "kept",
        }
    }
}

impl fmt::Display for FrictionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FrictionState::BeingRemoved => "being removed",
            other => other.word(),
        })
    }
}

/// A word that is no state of a friction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a state of a friction; it is one of new, answered, being-removed, gone, kept")]
pub struct StateRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for StateRefused {
    fn field(&self) -> Option<&'static str> {
        Some("state")
    }
}

impl FromStr for FrictionState {
    type Err = StateRefused;

    fn from_str(word: &str) -> Result<FrictionState, StateRefused> {
        FrictionState::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| StateRefused { word: word.to_owned() })
    }
}

impl Burden {
    /// What it costs all of them: how often × how long × how many, in hours a week.
    pub fn hours_per_week(self) -> f64 {
        self.times_per_week * self.minutes / 60.0 * self.n_people
    }
}

/// The cost of a friction to everybody who has it, in hours a week: the first report speaks for the people it names;
/// each further person who has it too adds his own part (`n_people` of a "me too" is one).
pub fn hours_per_week(burdens: &[Burden]) -> f64 {
    burdens.iter().map(|burden| burden.hours_per_week()).sum()
}

/// The burden, when a week can hold it: up to 1,000 times, 2,400 minutes each, 100,000 people.
pub fn burden(times_per_week: f64, minutes: f64, n_people: f64) -> Result<Burden, FrictionRefused> {
    let within = |field, what, given: f64, least, most| {
        let fits = given.is_finite() && given >= least && given <= most;
        if fits { Ok(given) } else { Err(FrictionRefused::OutOfRange { field, what, given, least, most }) }
    };
    Ok(Burden {
        times_per_week: within("times_per_week", "how often a week", times_per_week, 0.01, 1_000.0)?,
        minutes: within("minutes", "how many minutes each time", minutes, 0.1, 2_400.0)?,
        n_people: within("people", "how many people", n_people, 1.0, 100_000.0)?,
    })
}

/// The report, when it can be kept.
pub fn report(title: &str, burden: Burden) -> Result<FrictionReport, FrictionRefused> {
    Ok(FrictionReport { title: refusal::text(title, "title", "what gets in the way", 140)?, burden })
}

/// The state after an answer. Every answer is in words; a closed friction is not opened again.
pub fn answer(
    state: FrictionState,
    next: FrictionState,
    words: &str,
) -> Result<(FrictionState, String), FrictionRefused> {
    if !state.is_open() {
        return Err(FrictionRefused::Closed { state });
    }
    let words =
        refusal::maybe_text(words, "answer", "the answer", 2_000)?.ok_or(FrictionRefused::AnswerMissing)?;
    let next = if next == FrictionState::New { FrictionState::Answered } else { next };
    Ok((next, words))
}

/// The public response clock of a friction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResponseClock {
    /// Nobody has answered; it has run for so many days.
    Running {
        /// Days (with fractions) since the report.
        days: f64,
    },
    /// The first answer came after so many days.
    Stopped {
        /// Days (with fractions) from the report to the first answer.
        days: f64,
    },
}

/// The response clock at `now`.
pub fn response_clock(reported: Moment, first_answer: Option<Moment>, now: Moment) -> ResponseClock {
    match first_answer {
        Some(answered) => ResponseClock::Stopped { days: answered.days_since(reported) },
        None => ResponseClock::Running { days: now.days_since(reported) },
    }
}
