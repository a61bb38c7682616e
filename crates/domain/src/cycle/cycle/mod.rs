//! Cycles: one short, small test each: aim, prediction and plan; do; study; act. The next starts from the last.
//!
//! The prediction is locked before any data is taken. It does not say whether a change works: that is `prove`'s.

mod fidelity;
mod points;
mod speed;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

pub use fidelity::{Criterion, Held, Record, fidelity};
pub use points::{Point, points};
pub use speed::{days_to_first_result, median};

/// What somebody expects, and what he will do; locked when it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicted {
    /// What he expects to see.
    pub prediction: String,
    /// What he will do.
    pub plan: String,
}

/// The decision that closes a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// We work that way from now on.
    Adopt,
    /// We change it and test again.
    Adapt,
    /// We leave it.
    Abandon,
}

/// What a cycle ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// The decision.
    pub decision: Decision,
    /// What was learnt, beside the prediction.
    pub learnt: String,
    /// What comes next.
    pub next_step: Option<String>,
}

/// A part of the record in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// What was done, and what came up.
    Do,
    /// What was seen, beside what was expected.
    Study,
}

/// Why a cycle was not started, or something was not taken into it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CycleRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Data before the prediction.
    #[error("write down first what you expect and what you will do; data count only after that")]
    NotPredicted,
    /// The prediction is there.
    #[error(
        "the prediction was locked on {at} and stays as it is; if you expect something else now, start the next cycle"
    )]
    PredictedAlready {
        /// When.
        at: Moment,
    },
    /// It is over.
    #[error("this cycle was closed on {at}; start the next one from it")]
    Closed {
        /// When.
        at: Moment,
    },
    /// No data in the entry.
    #[error("write one line for each day, a date and a value: 2026-03-02 4.5")]
    NoPoints,
    /// A line that is no date with a value.
    #[error("line {line}, `{written}`, is not a date and a value; write it like 2026-03-02 4.5")]
    NotAPoint {
        /// The line.
        line: usize,
        /// What stands there.
        written: String,
    },
    /// A value of a day to come.
    #[error("line {line}: {date} is still to come; leave it out until it is there")]
    ToCome {
        /// The line.
        line: usize,
        /// The day.
        date: Date,
    },
    /// More than is kept.
    #[error("{n_points} values at once; a small test has at most {most}")]
    TooMany {
        /// How many there are.
        n_points: usize,
        /// How many are taken.
        most: usize,
    },
}

impl Refusal for CycleRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            CycleRefused::Text(text) => text.field(),
            CycleRefused::NoPoints
            | CycleRefused::NotAPoint { .. }
            | CycleRefused::ToCome { .. }
            | CycleRefused::TooMany { .. } => Some("points"),
            CycleRefused::NotPredicted
            | CycleRefused::PredictedAlready { .. }
            | CycleRefused::Closed { .. } => None,
        }
    }
}

impl Decision {
    /// All three.
    pub const ALL: [Decision; 3] = [Decision::Adopt, Decision::Adapt, Decision::Abandon];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Adopt => "adopt",
            Decision::Adapt => "adapt",
            Decision::Abandon => "abandon",
        }
    }

    /// What was decided, as in "it was adopted".
    pub fn done(self) -> &'static str {
        match self {
            Decision::Adopt => "adopted",
            Decision::Adapt => "adapted",
            Decision::Abandon => "abandoned",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("choose what you do with it: adopt, adapt or abandon")]
pub struct DecisionRefused;

impl Refusal for DecisionRefused {
    fn field(&self) -> Option<&'static str> {
        Some("decision")
    }
}

impl FromStr for Decision {
    type Err = DecisionRefused;

    fn from_str(word: &str) -> Result<Decision, DecisionRefused> {
        Decision::ALL.into_iter().find(|decision| decision.word() == word).ok_or(DecisionRefused)
    }
}

impl NoteKind {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            NoteKind::Do => "do",
            NoteKind::Study => "study",
        }
    }
}

/// A word that is neither of the two.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no part of a cycle to write in; it is do or study")]
pub struct NoteKindRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for NoteKindRefused {}

impl FromStr for NoteKind {
    type Err = NoteKindRefused;

    fn from_str(word: &str) -> Result<NoteKind, NoteKindRefused> {
        match word {
            "do" => Ok(NoteKind::Do),
            "study" => Ok(NoteKind::Study),
            _ => Err(NoteKindRefused { word: word.to_owned() }),
        }
    }
}

/// The aim, when it can be kept.
pub fn aim(written: &str) -> Result<String, CycleRefused> {
    Ok(refusal::text(written, "aim", "what you want to get better", 300)?)
}

/// The prediction with its plan, when they can be kept.
pub fn predict(prediction: &str, plan: &str) -> Result<Predicted, CycleRefused> {
    Ok(Predicted {
        prediction: refusal::text(prediction, "prediction", "what you expect to see", 1_000)?,
        plan: refusal::text(plan, "plan", "what you will do", 2_000)?,
    })
}

/// The lock of a prediction: SHA-256, in hex, of four lines `aim`, `prediction`, `plan`, moment, each text as JSON.
/// Anyone can make it again from what the page shows.
pub fn lock(aim: &str, predicted: &Predicted, at: Moment) -> String {
    let as_json = |text: &str| serde_json::Value::from(text).to_string();
    let lines = [as_json(aim), as_json(&predicted.prediction), as_json(&predicted.plan), at.to_string()];
    hex::encode(Sha256::digest(lines.join("\n").as_bytes()))
}

/// Where a cycle stands, as far as taking something in is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When its prediction was locked.
    pub predicted_at: Option<Moment>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
}

impl Standing {
    /// Lets a prediction be written: there is none, and the cycle is open.
    pub fn takes_prediction(self) -> Result<(), CycleRefused> {
        self.is_open()?;
        match self.predicted_at {
            Some(at) => Err(CycleRefused::PredictedAlready { at }),
            None => Ok(()),
        }
    }

    /// Lets notes and data be taken, and the cycle be closed: there is a prediction, and the cycle is open.
    pub fn takes_data(self) -> Result<(), CycleRefused> {
        self.is_open()?;
        self.predicted_at.map(|_| ()).ok_or(CycleRefused::NotPredicted)
    }

    fn is_open(self) -> Result<(), CycleRefused> {
        match self.closed_at {
            Some(at) => Err(CycleRefused::Closed { at }),
            None => Ok(()),
        }
    }
}

/// The words of a note, when they can be kept.
pub fn note(words: &str) -> Result<String, CycleRefused> {
    Ok(refusal::text(words, "words", "what you did or saw", 4_000)?)
}

/// The end of a cycle, when it can be kept.
pub fn act(decision: Decision, learnt: &str, next_step: &str) -> Result<Acted, CycleRefused> {
    Ok(Acted {
        decision,
        learnt: refusal::text(learnt, "learnt", "what you learnt", 2_000)?,
        next_step: refusal::maybe_text(next_step, "next_step", "what comes next", 1_000)?,
    })
}
