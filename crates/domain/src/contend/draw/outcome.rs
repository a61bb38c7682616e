//! What a draw means to one unit: what it got, and in one sentence why.
//!
//! Knows no next wave: the page puts its date beside the sentence.

use std::collections::BTreeSet;

use super::chances::in_percent;
use super::{Cap, Entry, Place, Record};

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
    /// Under a cap: it gets one whatever the lottery says, though not all who stood equal to it do.
    #[error("within the limit of slots under one parent there was a slot for it, whatever the lottery said")]
    CappedCertain,
    /// A capped draw, in which chance had a part in more than one tier.
    #[error("the lottery decided, within the limit of slots under one parent; the chance was {}", in_percent(*chance))]
    CappedLottery {
        /// Its probability of a slot.
        chance: f64,
    },
    /// The cap left no room under its parent, whatever the lottery said.
    #[error("units under {parent} have as many slots as one parent may have ({n})")]
    Capped {
        /// The parent's short name.
        parent: String,
        /// How many slots the cap allows.
        n: u32,
    },
    /// All slots went to tiers before its own, or to protected places.
    #[error("all slots went to units in a band or layer before its own{}", if *n_protected > 0 { ", or to protected places" } else { "" })]
    Behind {
        /// How many slots went to protected places.
        n_protected: usize,
    },
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
        let waiting = record.waiting.iter().position(|waits| waits == unit);
        let why = match (entry.place, record.terms.cap) {
            (Place::Protected, _) => Why::Protected,
            (Place::Open, Some(cap)) if waiting.is_some() => passed_over(record, cap, entry, chance),
            (Place::Open, Some(_)) if chance >= 1.0 => within_the_cap(record, entry),
            (Place::Open, Some(_)) => Why::CappedLottery { chance },
            (Place::Open, None) if chance >= 1.0 => Why::Certain,
            (Place::Open, None) if chance <= 0.0 => Why::Behind { n_protected: n_protected(record) },
            (Place::Open, None) => lottery(record),
        };
        Some(match waiting {
            Some(index) => Outcome::Waiting { place: index + 1, why },
            None => Outcome::Granted { why },
        })
    }
}

/// Why a unit waits under a cap: because of chance, of the cap, or of those before it.
fn passed_over(record: &Record, cap: Cap, entry: &Entry, chance: f64) -> Why {
    let granted = &record.granted.iter().collect::<BTreeSet<&String>>();
    let got =
        || record.list.iter().map(|line| &line.entry).filter(move |other| granted.contains(&other.unit));
    let is_before = |other: &Entry| {
        other.place == Place::Protected || (other.band, other.layer) < (entry.band, entry.layer)
    };
    let is_full = usize::try_from(record.terms.slots.0).is_ok_and(|slots| slots <= record.granted.len());
    let n_of_parent = got().filter(|other| other.parent.is_some() && other.parent == entry.parent).count();
    match &entry.parent {
        _ if chance > 0.0 => Why::CappedLottery { chance },
        _ if is_full && got().all(is_before) => Why::Behind { n_protected: n_protected(record) },
        Some(parent) if n_of_parent >= usize::try_from(cap.0.get()).unwrap_or(usize::MAX) => {
            Why::Capped { parent: parent.clone(), n: cap.0.get() }
        }
        // One chance in so many that no trial met it.
        _ => Why::CappedLottery { chance },
    }
}

/// Why a unit got a slot whatever the lottery said: with its whole tier, or since the others' parents left it room.
fn within_the_cap(record: &Record, entry: &Entry) -> Why {
    let equal = |other: &&Entry| {
        (other.place, other.band, other.layer) == (Place::Open, entry.band, entry.layer)
            && !record.withdrawn.contains(&other.unit)
    };
    let granted: BTreeSet<&String> = record.granted.iter().collect();
    let mut all = record.list.iter().map(|line| &line.entry).filter(equal);
    if all.all(|other| granted.contains(&other.unit)) { Why::Certain } else { Why::CappedCertain }
}

fn n_protected(record: &Record) -> usize {
    let protected = record.list.iter().filter(|line| line.entry.place == Place::Protected);
    protected.filter(|line| record.granted.contains(&line.entry.unit)).count()
}

/// Without a cap, chance has a part in one tier only: those with a probability between 0 and 1.
fn lottery(record: &Record) -> Why {
    let at_risk =
        |unit: &&String| record.probability.get(*unit).is_some_and(|share| *share > 0.0 && *share < 1.0);
    let n_slots = record.granted.iter().filter(at_risk).count();
    Why::Lottery { n_equal: n_slots + record.waiting.iter().filter(at_risk).count(), n_slots }
}
