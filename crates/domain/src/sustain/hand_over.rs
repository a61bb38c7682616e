//! Hand-over: from the expert or coach to a named owner in the unit, who accepts.
//!
//! The watch begins when he does. It does not check who is signed in, nor does it end anybody's access.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::id::{HandOverId, PersonId, SlotId, UnitId};
use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// What somebody wishes to hand over.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The expert or coach who hands over.
    pub from: PersonId,
    /// The person in the unit who is to own it.
    pub owner: PersonId,
    /// What was transferred, one thing a line.
    pub transferred: &'a str,
    /// The day support ends.
    pub support_ends: Date,
}

/// What is known of the slot and the owner when a hand-over is proposed.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// The slot.
    pub slot: SlotId,
    /// Its unit.
    pub unit: UnitId,
    /// Whether the unit holds the slot now.
    pub holding: Holding,
    /// Whether the owner belongs to the unit.
    pub owner: Belongs,
    /// The hand-over of this slot that is open or was accepted, if there is one.
    pub other: Option<(HandOverId, State)>,
}

/// Whether a unit holds a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It does.
    Held,
    /// It never did, or the slot has ended.
    NotHeld,
}

/// Whether a person belongs to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// As member or lead.
    ToTheUnit,
    /// Not at all.
    Elsewhere,
}

/// Where a hand-over stands. Ending one state adds a fact; none is overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The owner has not answered.
    Proposed,
    /// The owner accepted: he has it.
    Accepted,
    /// The owner declined.
    Declined,
    /// Whoever proposed it took it back.
    Withdrawn,
}

impl State {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state kept under `word`.
    pub fn of(word: &str) -> Option<State> {
        [State::Proposed, State::Accepted, State::Declined, State::Withdrawn]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A hand-over as it is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverProposed {
    /// The slot it is about.
    pub slot: SlotId,
    /// The unit that holds it.
    pub unit: UnitId,
    /// Who hands over.
    pub from: PersonId,
    /// Who is to own it.
    pub owner: PersonId,
    /// What was transferred; not empty.
    pub transferred: Vec<String>,
    /// The day support ends.
    pub support_ends: Date,
}

/// A hand-over that waits for an answer, or has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who hands over.
    pub from: PersonId,
    /// Who is to own it.
    pub owner: PersonId,
    /// Where it stands.
    pub state: State,
}

/// Why a hand-over did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandOverRefused {
    /// There is nothing to hand over.
    #[error("this unit does not hold the slot, so there is nothing to hand over; choose a slot it holds")]
    NotHeld,
    /// The owner is from elsewhere.
    #[error(
        "the owner must belong to the unit that keeps the change; name one of its people, or add this one to it"
    )]
    OwnerElsewhere,
    /// Somebody hands over to himself.
    #[error("whoever hands over cannot be the owner too; name somebody in the unit who stays")]
    ToHimself,
    /// Nothing is listed.
    #[error("list what was transferred, one thing a line: it is what the owner agrees to have")]
    NothingTransferred,
    /// A line is too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Support would have ended in the past.
    #[error("support cannot have ended on {support_ends}, before today; give today or a later day")]
    SupportEnded {
        /// The day given.
        support_ends: Date,
    },
    /// One is open.
    #[error("a hand-over of this slot waits for its owner's answer; withdraw it first")]
    ProposedAlready {
        /// That hand-over.
        hand_over: HandOverId,
    },
    /// It has an owner.
    #[error("this slot was handed over and has its owner; there is nothing left to hand over")]
    AcceptedAlready {
        /// That hand-over.
        hand_over: HandOverId,
    },
    /// Somebody else answers.
    #[error("only the named owner can answer; ask him, or propose a hand-over to somebody else")]
    NotTheOwner,
    /// Somebody else takes it back.
    #[error("only whoever proposed a hand-over can take it back; the owner can decline it")]
    NotTheProposer,
    /// It has been answered or taken back.
    #[error("this hand-over is {} already; propose a new one if something has changed", state.word())]
    Closed {
        /// Its state.
        state: State,
    },
}

impl Refusal for HandOverRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            HandOverRefused::OwnerElsewhere | HandOverRefused::ToHimself => Some("owner"),
            HandOverRefused::NothingTransferred => Some("transferred"),
            HandOverRefused::Text(text) => text.field(),
            HandOverRefused::SupportEnded { .. } => Some("support_ends"),
            HandOverRefused::NotHeld
            | HandOverRefused::ProposedAlready { .. }
            | HandOverRefused::AcceptedAlready { .. }
            | HandOverRefused::NotTheOwner
            | HandOverRefused::NotTheProposer
            | HandOverRefused::Closed { .. } => None,
        }
    }
}

/// The hand-over, when there is something to hand over, a list of it, and somebody in the unit to have it.
pub fn propose(wish: Wish<'_>, ground: Ground, now: Moment) -> Result<HandOverProposed, HandOverRefused> {
    match ground.other {
        Some((hand_over, State::Proposed)) => return Err(HandOverRefused::ProposedAlready { hand_over }),
        Some((hand_over, State::Accepted)) => return Err(HandOverRefused::AcceptedAlready { hand_over }),
        Some((_, State::Declined | State::Withdrawn)) | None => {}
    }
    if ground.holding == Holding::NotHeld {
        return Err(HandOverRefused::NotHeld);
    }
    if wish.owner == wish.from {
        return Err(HandOverRefused::ToHimself);
    }
    if ground.owner == Belongs::Elsewhere {
        return Err(HandOverRefused::OwnerElsewhere);
    }
    if wish.support_ends < now.date() {
        return Err(HandOverRefused::SupportEnded { support_ends: wish.support_ends });
    }
    Ok(HandOverProposed {
        slot: ground.slot,
        unit: ground.unit,
        from: wish.from,
        owner: wish.owner,
        transferred: transferred(wish.transferred)?,
        support_ends: wish.support_ends,
    })
}

/// Whether `by` may accept it now.
pub fn accept(standing: Standing, by: PersonId) -> Result<(), HandOverRefused> {
    answer(standing, by)
}

/// The reason, when `by` may decline it now and gives one.
pub fn decline(standing: Standing, by: PersonId, reason: &str) -> Result<String, HandOverRefused> {
    answer(standing, by)?;
    Ok(refusal::text(reason, "reason", "why you decline, so that it can be mended", 500)?)
}

/// Whether `by` may take it back now.
pub fn withdraw(standing: Standing, by: PersonId) -> Result<(), HandOverRefused> {
    open(standing)?;
    if by == standing.from { Ok(()) } else { Err(HandOverRefused::NotTheProposer) }
}

fn answer(standing: Standing, by: PersonId) -> Result<(), HandOverRefused> {
    open(standing)?;
    if by == standing.owner { Ok(()) } else { Err(HandOverRefused::NotTheOwner) }
}

fn open(standing: Standing) -> Result<(), HandOverRefused> {
    match standing.state {
        State::Proposed => Ok(()),
        state => Err(HandOverRefused::Closed { state }),
    }
}

fn transferred(lines: &str) -> Result<Vec<String>, HandOverRefused> {
    let things: Result<Vec<String>, TextRefused> = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| refusal::text(line, "transferred", "a thing that was transferred", 200))
        .collect();
    let things = things?;
    if things.is_empty() { Err(HandOverRefused::NothingTransferred) } else { Ok(things) }
}
