//! The words of slots: short ones that are stored and typed, and those that stand in sentences.

use std::fmt;
use std::str::FromStr;

use super::{Asked, State, Step};
use crate::refusal::Refusal;

/// A word that names no step, or not who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not known; it is one of {known}")]
pub struct WordRefused {
    /// What was written.
    pub word: String,
    /// What could have been.
    pub known: &'static str,
}

impl Refusal for WordRefused {
    fn field(&self) -> Option<&'static str> {
        Some("step")
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 6] =
        [Step::Paused, Step::Resumed, Step::GivenBack, Step::Lapsed, Step::Ended, Step::HandedOver];

    /// Its short word.
    pub fn word(self) -> &'static str {
        match self {
            Step::Paused => "paused",
            Step::Resumed => "resumed",
            Step::GivenBack => "given-back",
            Step::Lapsed => "lapsed",
            Step::Ended => "ended",
            Step::HandedOver => "handed-over",
        }
    }
}

impl FromStr for Step {
    type Err = WordRefused;

    fn from_str(word: &str) -> Result<Step, WordRefused> {
        Step::ALL.into_iter().find(|step| step.word() == word).ok_or_else(|| WordRefused {
            word: word.to_owned(),
            known: "paused, resumed, given-back, lapsed, ended, handed-over",
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Paused => "paused",
            Step::Resumed => "resumed",
            Step::GivenBack => "given back",
            Step::Lapsed => "taken back as lapsed",
            Step::Ended => "ended",
            Step::HandedOver => "handed over",
        })
    }
}

impl Asked {
    /// Its short word.
    pub fn word(self) -> &'static str {
        match self {
            Asked::Pull => "pull",
            Asked::Push => "push",
            Asked::Unknown => "unknown",
        }
    }
}

impl FromStr for Asked {
    type Err = WordRefused;

    fn from_str(word: &str) -> Result<Asked, WordRefused> {
        let all = [Asked::Pull, Asked::Push, Asked::Unknown];
        all.into_iter()
            .find(|asked| asked.word() == word)
            .ok_or_else(|| WordRefused { word: word.to_owned(), known: "pull, push, unknown" })
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Asked::Pull => "the unit asked for it",
            Asked::Push => "the unit was told to",
            Asked::Unknown => "not known who asked",
        })
    }
}

impl State {
    /// Its short word.
    pub fn word(self) -> &'static str {
        match self {
            State::Granted => "granted",
            State::Started => "started",
            State::Paused => "paused",
            State::GivenBack => "given-back",
            State::Lapsed => "lapsed",
            State::Ended => "ended",
            State::HandedOver => "handed-over",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Granted => "granted, and not started yet",
            State::Started => "in use",
            State::Paused => "paused",
            State::GivenBack => "given back",
            State::Lapsed => "lapsed",
            State::Ended => "ended",
            State::HandedOver => "handed over",
        })
    }
}
