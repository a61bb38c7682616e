//! Frictions: what gets in the way, how often, how long, for how many; ranked by what they cost.
//!
//! It does not keep them, and it does not decide what removes them.

mod cost;
pub mod intake;
pub mod kiosk;
mod lexicon;
mod likeness;
pub mod merge;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

pub use cost::{Burden, Cost, Voice, burden, cost};
pub use likeness::{ALIKE, Title, Typed, likeness};

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
    /// It is another unit's, and so are its hours.
    #[error(
        "this is another unit's, which counts its own hours; report it for your unit if you have it there"
    )]
    SharedFromElsewhere,
    /// Merged into another one, which has the answers.
    #[error("this friction is merged into another one; go on there, or unmerge it first")]
    Merged,
    /// Nobody said that it is gone, or it was judged already.
    #[error("there is nothing to judge: this friction is {state}")]
    NothingToJudge {
        /// Its state.
        state: FrictionState,
    },
    /// Somebody from elsewhere was to take care of it.
    #[error("whoever takes care of it belongs to the unit; pick somebody from the list")]
    OwnerFromElsewhere,
}

impl Refusal for FrictionRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            FrictionRefused::Text(text) => text.field(),
            FrictionRefused::OutOfRange { field, .. } => Some(field),
            FrictionRefused::AnswerMissing => Some("answer"),
            FrictionRefused::OwnerFromElsewhere => Some("owner"),
            FrictionRefused::Closed { .. }
            | FrictionRefused::SharedAlready
            | FrictionRefused::SharedFromElsewhere
            | FrictionRefused::Merged
            | FrictionRefused::NothingToJudge { .. } => None,
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
    /// It was said to be gone, and whoever reported it says that it is not. Open again.
    Back,
}

/// What whoever reported a friction says once it is said to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is gone.
    Gone,
    /// It is not.
    Stays,
}

impl Verdict {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Gone => "gone",
            Verdict::Stays => "stays",
        }
    }
}

impl FromStr for Verdict {
    type Err = StateRefused;

    fn from_str(word: &str) -> Result<Verdict, StateRefused> {
        [Verdict::Gone, Verdict::Stays]
            .into_iter()
            .find(|verdict| verdict.word() == word)
            .ok_or_else(|| StateRefused { word: word.to_owned() })
    }
}

impl FrictionState {
    /// Every state, in the order in which a friction goes through them.
    pub const ALL: [FrictionState; 6] = [
        FrictionState::New,
        FrictionState::Answered,
        FrictionState::BeingRemoved,
        FrictionState::Gone,
        FrictionState::Kept,
        FrictionState::Back,
    ];

    /// Those that an answer can bring: "new" is before any, and only whoever reported it says "back".
    pub const ANSWERS: [FrictionState; 4] =
        [FrictionState::Answered, FrictionState::BeingRemoved, FrictionState::Gone, FrictionState::Kept];

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
            FrictionState::Back => "back",
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
#[error("`{word}` is not a state of a friction; it is one of new, answered, being-removed, gone, kept, back")]
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
    let next = if FrictionState::ANSWERS.contains(&next) { next } else { FrictionState::Answered };
    Ok((next, words))
}

/// Where a friction stands after its last answer, and what was said of that answer by whoever reported it.
pub fn standing(answered: Option<FrictionState>, verdict: Option<Verdict>) -> FrictionState {
    match (answered, verdict) {
        (Some(FrictionState::Gone), Some(Verdict::Stays)) => FrictionState::Back,
        (Some(state), _) => state,
        (None, _) => FrictionState::New,
    }
}

/// Lets whoever reported a friction say whether it is gone: once for each time that it is said to be.
pub fn judge(state: FrictionState, before: Option<Verdict>, words: &str) -> Result<String, FrictionRefused> {
    if state != FrictionState::Gone || before.is_some() {
        return Err(FrictionRefused::NothingToJudge { state });
    }
    Ok(refusal::maybe_text(words, "words", "what you say to it", 1_000)?.unwrap_or_default())
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

/// The response clock at `now`. It starts with the report, and anew when whoever reported it says that it is back.
pub fn response_clock(started: Moment, first_answer: Option<Moment>, now: Moment) -> ResponseClock {
    match first_answer {
        Some(answered) => ResponseClock::Stopped { days: answered.days_since(started) },
        None => ResponseClock::Running { days: now.days_since(started) },
    }
}

/// Half of the clocks stopped within so many days; `None` where none has stopped. Those that run are left out, which
/// makes a unit that answers nothing look no slower: the longest wait belongs beside it.
pub fn days_to_answer(clocks: impl IntoIterator<Item = ResponseClock>) -> Option<f64> {
    let stopped = |clock| if let ResponseClock::Stopped { days } = clock { Some(days) } else { None };
    let mut days: Vec<f64> = clocks.into_iter().filter_map(stopped).collect();
    days.sort_by(f64::total_cmp);
    let upper = *days.get(days.len() / 2)?;
    let lower = *days.get((days.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}
