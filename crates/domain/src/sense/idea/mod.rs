//! Ideas: how somebody at the front would improve something, and what becomes of it.
//!
//! It does not judge ideas, and no committee does: who had one may test it himself, in a cycle.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::id::UnitId;
use crate::refusal::{self, Refusal, TextRefused};

/// An idea as it is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdeaProposed {
    /// What somebody would try, in one line.
    pub title: String,
    /// What would get better.
    pub hope: String,
}

/// Where an idea stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdeaState {
    /// Handed in; nobody has tried it.
    New,
    /// Somebody tests it.
    BeingTried,
    /// Its unit works that way now.
    Adopted,
    /// Given up, with the reason.
    Dropped,
    /// Adopted, and copied by another unit.
    Spread,
}

/// Why an idea was not taken, or not moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdeaRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Dropped in silence.
    #[error("say why it is dropped; whoever had the idea will read it")]
    ReasonMissing,
    /// Not from where it stands.
    #[error("this idea is {state}, so it cannot be {next}; what it can become stands in the list")]
    NotFromHere {
        /// Where it stands.
        state: IdeaState,
        /// What was wished.
        next: IdeaState,
    },
    /// Copied before it worked anywhere.
    #[error("this idea is {state}; a unit can copy it once its own unit has adopted it")]
    NotAdoptedYet {
        /// Where it stands.
        state: IdeaState,
    },
    /// The unit's own idea.
    #[error("this is your unit's own idea; another unit can say that it copied it")]
    OwnIdea,
    /// Said twice.
    #[error("your unit has said that it copied this; once is enough")]
    CopiedAlready,
}

impl Refusal for IdeaRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            IdeaRefused::Text(text) => text.field(),
            IdeaRefused::ReasonMissing => Some("words"),
            IdeaRefused::NotFromHere { .. } => Some("state"),
            IdeaRefused::NotAdoptedYet { .. } | IdeaRefused::OwnIdea | IdeaRefused::CopiedAlready => None,
        }
    }
}

impl IdeaState {
    /// Every state, in the order in which an idea goes through them.
    pub const ALL: [IdeaState; 5] =
        [IdeaState::New, IdeaState::BeingTried, IdeaState::Adopted, IdeaState::Dropped, IdeaState::Spread];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            IdeaState::New => "new",
            IdeaState::BeingTried => "being-tried",
            IdeaState::Adopted => "adopted",
            IdeaState::Dropped => "dropped",
            IdeaState::Spread => "spread",
        }
    }

    /// What a person can move it to from here. `Spread` is not among them: it follows from another unit's copy.
    pub fn next(self) -> &'static [IdeaState] {
        match self {
            IdeaState::New => &[IdeaState::BeingTried, IdeaState::Adopted, IdeaState::Dropped],
            IdeaState::BeingTried => &[IdeaState::Adopted, IdeaState::Dropped],
            IdeaState::Dropped => &[IdeaState::BeingTried],
            IdeaState::Adopted => &[IdeaState::Dropped],
            IdeaState::Spread => &[],
        }
    }
}

impl fmt::Display for IdeaState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdeaState::BeingTried => "being tried",
            other => other.word(),
        })
    }
}

/// A word that is no state of an idea.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a state of an idea; it is one of new, being-tried, adopted, dropped, spread")]
pub struct IdeaStateRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for IdeaStateRefused {
    fn field(&self) -> Option<&'static str> {
        Some("state")
    }
}

impl FromStr for IdeaState {
    type Err = IdeaStateRefused;

    fn from_str(word: &str) -> Result<IdeaState, IdeaStateRefused> {
        IdeaState::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| IdeaStateRefused { word: word.to_owned() })
    }
}

/// The idea, when it can be kept.
pub fn propose(title: &str, hope: &str) -> Result<IdeaProposed, IdeaRefused> {
    Ok(IdeaProposed {
        title: refusal::text(title, "title", "what you would try", 140)?,
        hope: refusal::text(hope, "hope", "what would get better", 1_000)?,
    })
}

/// The words that go with a move from `state` to `next`, when it can be made. Only dropping must say why.
pub fn moved(state: IdeaState, next: IdeaState, words: &str) -> Result<String, IdeaRefused> {
    if !state.next().contains(&next) {
        return Err(IdeaRefused::NotFromHere { state, next });
    }
    let words = refusal::maybe_text(words, "words", "what is said with it", 2_000)?;
    match (next, words) {
        (IdeaState::Dropped, None) => Err(IdeaRefused::ReasonMissing),
        (_, words) => Ok(words.unwrap_or_default()),
    }
}

/// Lets another unit say that it copied the idea; `before` are the units that said so already.
pub fn copied(state: IdeaState, home: UnitId, by: UnitId, before: &[UnitId]) -> Result<(), IdeaRefused> {
    if home == by {
        return Err(IdeaRefused::OwnIdea);
    }
    if !matches!(state, IdeaState::Adopted | IdeaState::Spread) {
        return Err(IdeaRefused::NotAdoptedYet { state });
    }
    if before.contains(&by) {
        return Err(IdeaRefused::CopiedAlready);
    }
    Ok(())
}
