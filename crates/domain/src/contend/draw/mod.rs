//! The verifiable draw: from a frozen list, a capacity and a seed to who gets a slot, who waits, and how likely it was.
//!
//! Everything here can be recomputed by a stranger with a hash tool; `docs/methods/draw.md` says how. It makes no
//! randomness, keeps no time and stores nothing.

mod allot;
mod chances;
mod digest;
mod entrants;
mod flaw;
mod outcome;
mod prior;
mod published;
mod record;
mod refused;
mod seed;
mod source;
mod verify;
mod wire;

#[cfg(test)]
mod tests;

pub use chances::{Contest, Counted, RiskSet, in_percent};
pub use digest::{Digest, NotHex, Secret};
pub use entrants::{Entrants, EntrantsRefused, Entry, Place, PlaceRefused};
pub use flaw::Flaw;
pub use outcome::{Outcome, Why};
pub use prior::{Closing, NamedSource, PriorRecord};
pub use published::{Published, as_published};
pub use record::{Heading, Line, Override, Record};
pub use refused::DrawRefused;
pub use seed::{PublicSource, Seed, SourceRefused};
pub use source::{Applied, link, may_correct, may_enter, may_give_up, may_name};
pub use verify::{Verified, verify};
pub use wire::Unreadable;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use crate::time::Moment;

/// How many slots a draw gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots(pub u32);

/// The most slots that units under one parent may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap(pub NonZeroU32);

/// What the draw gives away, and within which bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The capacity.
    pub slots: Slots,
    /// The bound per parent, if the wave has one.
    pub cap: Option<Cap>,
}

/// One entry with its score, in the order of the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The unit's slug.
    pub unit: String,
    /// HMAC-SHA-256 of the slug under the seed.
    pub score: Digest,
}

/// What a draw says.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Every entry, also the withdrawn, by band, layer and score.
    pub order: Vec<Ranked>,
    /// Who gets a slot: the protected first, then the open, each in the order.
    pub granted: Vec<String>,
    /// Who waits, in the order in which slots given back before the start are passed on.
    pub waiting: Vec<String>,
    /// Each entry's probability of a slot before the seed was known (0 to 1).
    pub probability: BTreeMap<String, f64>,
    /// Those for whom chance alone decided; `None` where chance decided nothing.
    pub risk_set: Option<RiskSet>,
}

/// Whether a wave whose applications close at `closes`, and whose slots end at `ends` if ever, may be drawn at `at`;
/// `drawn` says when it was, if it was.
///
/// # Errors
/// [`DrawRefused::StillOpen`] before closing, [`DrawRefused::DrawnAlready`] after a draw, [`DrawRefused::Over`] when its
/// slots would have ended.
pub fn may_run(
    closes: Moment,
    ends: Option<Moment>,
    drawn: Option<Moment>,
    at: Moment,
) -> Result<(), DrawRefused> {
    if let Some(drawn) = drawn {
        return Err(DrawRefused::DrawnAlready { drawn });
    }
    if at < closes {
        return Err(DrawRefused::StillOpen { until: closes });
    }
    ends.filter(|ends| *ends <= at).map_or(Ok(()), |ended| Err(DrawRefused::Over { ended }))
}

/// Draws: ranks the list by the seed, and grants the slots.
///
/// - `withdrawn`: units that withdrew between closing and draw; they keep number and order, and get nothing.
///
/// # Errors
/// [`DrawRefused`] when more places are protected than there are slots, or a withdrawn unit is not on the list.
pub fn run(
    entrants: &Entrants,
    withdrawn: &BTreeSet<String>,
    terms: Terms,
    seed: &Seed,
) -> Result<Drawn, DrawRefused> {
    let (entrants, withdrawn) = (entrants.clone(), withdrawn.clone());
    run_counted(&Contest { entrants, withdrawn, terms }.count()?, seed)
}

/// Draws as [`run`] does, where the chances have been counted before.
///
/// # Errors
/// As [`run`].
pub fn run_counted(counted: &Counted, seed: &Seed) -> Result<Drawn, DrawRefused> {
    let Contest { entrants, withdrawn, terms } = counted.contest();
    let field = allot::Field::new(entrants, withdrawn, *terms)?;
    let ranked = field.rank(seed);
    let allotted = field.allot(ranked.iter().map(|(index, _)| *index));
    let unit = |index: &usize| entrants.entries()[*index].unit.clone();
    Ok(Drawn {
        order: ranked.iter().map(|(index, score)| Ranked { unit: unit(index), score: *score }).collect(),
        granted: allotted.granted.iter().map(unit).collect(),
        waiting: allotted.waiting.iter().map(unit).collect(),
        risk_set: chances::risk_set(entrants, counted.shares()),
        probability: counted.chances(),
    })
}
