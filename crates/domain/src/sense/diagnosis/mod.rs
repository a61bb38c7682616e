//! Diagnosis: from the answers to a playbook's signs to what most likely holds a case up, what to ask next, and what to
//! do first.
//!
//! It supposes that one friction holds the case up before all others, or something that the playbook does not know, and
//! that the signs tell of it independently. Then everything here is exact: no sampling, no approximation. It keeps
//! nothing, and never asks the same question twice.

mod advice;
mod answers;
mod ask;
mod file;
mod learnt;
mod model;
mod reading;
mod reversal;
mod seen;
#[cfg(test)]
mod tests;
pub mod trial;
mod voices;

use crate::sense::playbook::{AnswerNo, FrictionNo, SignNo};

pub use advice::{Advice, Helps, ranked};
pub use answers::{AnswerRefused, Answers};
pub use ask::{IfAnswered, Next, Why, next, why};
pub use file::{AnswersRefused, read};
pub use learnt::{Closed, Count, Learnt, Outcome, Tried, TriedRefused, Works, tried};
pub use model::{Model, Ranked};
pub use reading::{FEWEST_AFTER, FEWEST_BEFORE, Less, Level, Reading, Says, read_off};
pub use reversal::{Over, Reversal, reversal};
pub use seen::{Seen, TOLD_TOGETHER};
pub use voices::{Concord, Heard, Hearing, OnFriction, OnSign, Openness, Voice, heard};

/// Bits below which a question is not worth anybody's time: as much as is learnt from a coin that falls on one side
/// in 63 of 100 throws instead of 50.
pub const WORTH_BITS: f64 = 0.05;

/// What may hold a case up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspect {
    /// A friction of the playbook.
    Friction(FrictionNo),
    /// Nothing that the playbook knows.
    SomethingElse,
}

/// What somebody said to a sign's question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// One of its answers.
    Answer(AnswerNo),
    /// "I don't know": it was asked, and tells nothing.
    Unknown,
}

/// An answer to a question that has not been asked.
pub type Supposed = (SignNo, AnswerNo);
