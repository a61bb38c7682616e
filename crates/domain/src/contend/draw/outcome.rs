//! What a draw means to one unit: what it got, and in one sentence why.
//!
//! Knows no next wave: the page puts its date beside the sentence.

use super::chances::in_percent;
use super::{Place, Record};

/// What one unit got from a draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A slot.
    Granted {
        /// Why.
        why: Why,
    },
    /// A place on the waiting list.
    Waiting {
        /// Its place there, from 1.
        place: usize,
        /// Why.
        why: Why,
    },
    /// It withdrew after closing.
    Withdrawn,
}

/// Why a unit got what it got.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Why {
    /// Its place was protected.
    #[error("its place was protected before the draw")]
    Protected,
    /// There was room for its whole tier.
    #[error("there was a slot for every unit in its band and layer")]
    Certain,
    /// The cut went through its tier.
    #[error("{n_equal} units stood equal for {n_slots} {}, and the lottery decided", if *n_slots == 1 { "slot" } else { "slots" })]
    Lottery {
        /// How many stood equal.
        n_equal: usize,
        /// For how many slots.
        n_slots: usize,
    },
    /// A capped draw, in which chance had a part in more than one tier.
    #[error("the lottery decided, within the limit of slots under one parent; the chance was {}", in_percent(*chance))]
    CappedLottery {
        /// Its probability of a slot.
        chance: f64,
    },
    /// All slots went to tiers before its own, or to protected places.
    #[error("all slots went to units in a band or layer before its own")]
    Behind,
}

impl Record {
    /// What this unit got, as the record states it; `None` when it is not on the list.
    pub fn outcome(&self, unit: &str) -> Option<Outcome> {
        let record = self;
        let entry = &record.list.iter().find(|line| line.entry.unit == unit)?.entry;
        if record.withdrawn.iter().any(|gone| gone == unit) {
            return Some(Outcome::Withdrawn);
        }
        let chance = *record.probability.get(unit)?;
        let why = match entry.place {
            Place::Protected => Why::Protected,
            Place::Open if chance >= 1.0 => Why::Certain,
            Place::Open if chance <= 0.0 => Why::Behind,
            Place::Open if record.terms.cap.is_some() => Why::CappedLottery { chance },
            Place::Open => lottery(record),
        };
        let waiting = record.waiting.iter().position(|waits| waits == unit);
        Some(match waiting {
            Some(index) => Outcome::Waiting { place: index + 1, why },
            None => Outcome::Granted { why },
        })
    }
}

/// Without a cap, chance has a part in one tier only: those with a probability between 0 and 1.
fn lottery(record: &Record) -> Why {
    let at_risk =
        |unit: &&String| record.probability.get(*unit).is_some_and(|share| *share > 0.0 && *share < 1.0);
    let n_slots = record.granted.iter().filter(at_risk).count();
    Why::Lottery { n_equal: n_slots + record.waiting.iter().filter(at_risk).count(), n_slots }
}
