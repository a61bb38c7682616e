//! Check-ins: a word on how a commitment goes, left in seconds, never asked for.

use crate::refusal::{self, Refusal, TextRefused};

/// A check-in as it is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// How sure its writer is that the goal will be met.
    pub confidence: Confidence,
    /// What was learnt so far.
    pub learnt: Option<String>,
}

/// How sure somebody is, from 1 (not at all) to 5 (quite).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Confidence(u8);

/// Why a check-in was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckInRefused {
    /// The text is too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Not on the scale.
    #[error("choose how sure you are, from 1 (not at all) to 5 (quite sure)")]
    Confidence,
}

impl Refusal for CheckInRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            CheckInRefused::Text(text) => text.field(),
            CheckInRefused::Confidence => Some("confidence"),
        }
    }
}

impl Confidence {
    /// The confidence of a number from 1 to 5.
    pub fn of(number: u32) -> Result<Confidence, CheckInRefused> {
        match u8::try_from(number) {
            Ok(number @ 1..=5) => Ok(Confidence(number)),
            _ => Err(CheckInRefused::Confidence),
        }
    }

    /// Its number.
    pub fn number(self) -> u32 {
        u32::from(self.0)
    }
}

/// The check-in, when it can be kept.
pub fn check_in(confidence: Confidence, learnt: &str) -> Result<CheckIn, CheckInRefused> {
    Ok(CheckIn { confidence, learnt: refusal::maybe_text(learnt, "learnt", "what you learnt", 1_000)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_one_to_five() {
        for number in 1..=5 {
            assert_eq!(Confidence::of(number).map(Confidence::number), Ok(number));
        }
        for number in [0, 6, 300] {
            assert_eq!(Confidence::of(number), Err(CheckInRefused::Confidence));
        }
    }
}
