//! Commitments: a goal that a person or a unit sets itself, with a plan and a date, closed by its owner.
//!
//! Nobody sets one for somebody else, and nothing here counts activity: there is no number to fill, only what is to
//! be reached and by when.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::id::{PersonId, UnitId};
use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// The farthest day that somebody commits to, in days from now.
const N_DAYS_FARTHEST: i64 = 31;

/// Whose commitment it is; he alone (or its people alone) see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// One person.
    Person(PersonId),
    /// A unit.
    Unit(UnitId),
}

/// A commitment as it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentMade {
    /// What is to be reached.
    pub goal: String,
    /// How.
    pub plan: String,
    /// By when.
    pub due_at: Moment,
}

/// How it ended, in its owner's own eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The goal was reached.
    Met,
    /// It was not.
    NotMet,
}

/// What a commitment ends with: an account of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Met or not.
    pub outcome: Outcome,
    /// What was learnt.
    pub learnt: String,
    /// What comes next.
    pub next_step: Option<String>,
}

/// Why a commitment was not made or not closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// In the past, or too far off.
    #[error("choose a day within the next month; what takes longer goes better in smaller steps")]
    Due,
    /// It is closed.
    #[error("this commitment was closed on {at}; make the next one from it")]
    Closed {
        /// When.
        at: Moment,
    },
}

impl Refusal for CommitmentRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            CommitmentRefused::Text(text) => text.field(),
            CommitmentRefused::Due => Some("due"),
            CommitmentRefused::Closed { .. } => None,
        }
    }
}

impl Outcome {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not-met",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not met",
        })
    }
}

/// A word that is neither.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("say whether you met it: met or not met")]
pub struct OutcomeRefused;

impl Refusal for OutcomeRefused {
    fn field(&self) -> Option<&'static str> {
        Some("outcome")
    }
}

impl FromStr for Outcome {
    type Err = OutcomeRefused;

    fn from_str(word: &str) -> Result<Outcome, OutcomeRefused> {
        match word {
            "met" => Ok(Outcome::Met),
            "not-met" => Ok(Outcome::NotMet),
            _ => Err(OutcomeRefused),
        }
    }
}

/// The commitment, when it can be kept: due after `now`, within a month.
pub fn commit(
    goal: &str,
    plan: &str,
    due_at: Moment,
    now: Moment,
) -> Result<CommitmentMade, CommitmentRefused> {
    let goal = refusal::text(goal, "goal", "what you want to reach", 300)?;
    let plan = refusal::text(plan, "plan", "how you will get there", 1_000)?;
    if due_at <= now || due_at > now.after_days(N_DAYS_FARTHEST) {
        return Err(CommitmentRefused::Due);
    }
    Ok(CommitmentMade { goal, plan, due_at })
}

/// Its account, when it can be kept.
pub fn account(outcome: Outcome, learnt: &str, next_step: &str) -> Result<Account, CommitmentRefused> {
    Ok(Account {
        outcome,
        learnt: refusal::text(learnt, "learnt", "what you learnt", 2_000)?,
        next_step: refusal::maybe_text(next_step, "next_step", "what comes next", 1_000)?,
    })
}

/// Refuses to write in a commitment that is closed.
pub fn must_be_open(closed_at: Option<Moment>) -> Result<(), CommitmentRefused> {
    match closed_at {
        Some(at) => Err(CommitmentRefused::Closed { at }),
        None => Ok(()),
    }
}
