//! The waiting list after the draw: who is next when a slot becomes free before the start, and whether there is room.
//!
//! After the start a slot given back, or lapsed, goes to the pool of a later wave: whoever came in late would have
//! had less of the same cycle, and nobody could say by chance who.

use std::collections::BTreeSet;

use super::{Asked, SlotRefused};
use crate::contend::draw::{Cap, Record, Slots};
use crate::time::Moment;

/// One place of the waiting list as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The unit's slug.
    pub unit: &'a str,
    /// How many live slots the units under its parent hold; `None` where it has no parent or the wave no cap.
    pub n_of_parent: Option<u32>,
}

/// Who gets a slot that became free at `at`: the first that still waits and whose parent the cap leaves room.
///
/// - `line`: those that still wait, in the order of the draw; who withdrew, or got a slot since, is left out.
/// - `starts`: when the wave starts; from then on nobody moves up.
pub fn next_in_line<'a>(
    line: &[Waiting<'a>],
    cap: Option<Cap>,
    starts: Moment,
    at: Moment,
) -> Option<&'a str> {
    if at >= starts {
        return None;
    }
    let fits = |waiting: &&Waiting<'_>| match (cap, waiting.n_of_parent) {
        (Some(cap), Some(n_of_parent)) => n_of_parent < cap.0.get(),
        _ => true,
    };
    line.iter().find(fits).map(|waiting| waiting.unit)
}

/// Whether one more slot can be granted beside those that are live: never more than the capacity.
pub fn room(capacity: Slots, live: Slots) -> Result<(), SlotRefused> {
    if live.0 < capacity.0 { Ok(()) } else { Err(SlotRefused::Full { capacity: capacity.0 }) }
}

/// A slot of a wave, as far as the line needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The slug of the unit it was granted to.
    pub unit: String,
    /// Who wanted it.
    pub asked: Asked,
    /// Whether it takes a place of the wave now.
    pub takes: Takes,
    /// When it became free for whoever waits, if it did: given back or ended by its own unit. What somebody else took from
    /// the unit is no chance for the next: by that he could choose who gets it.
    pub freed: Option<Moment>,
}

/// Whether a slot takes a place of its wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It is live.
    Place,
    /// It is over, handed over or given back.
    Nothing,
}

/// A drawn wave, and what became of its slots so far.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The record of the draw.
    pub record: &'a Record,
    /// Every slot that was granted in the wave.
    pub held: &'a [Held],
    /// Slugs of units that cannot take one: they withdrew, or have the change otherwise.
    pub out: &'a BTreeSet<String>,
    /// When the slots of the wave start.
    pub starts: Moment,
}

impl<'a> Line<'a> {
    /// The units that were drawn, have no slot yet and can take one, in the order of the draw.
    pub fn winners(&self) -> Vec<&'a str> {
        let granted = self.record.granted.iter().map(String::as_str);
        granted.filter(|unit| self.is_waiting_for_one(unit)).collect()
    }

    /// The units that wait and can take a slot, in the order of the draw.
    pub(super) fn waits(&self) -> impl Iterator<Item = &'a str> {
        self.record.waiting.iter().map(String::as_str).filter(|unit| self.is_waiting_for_one(unit))
    }

    /// The units that move up now, in the order in which they waited: one for each slot that became free before the
    /// start and was not passed on yet, as far as there is room. Asked again after they were granted it says nobody.
    pub fn moves_up(&self, at: Moment) -> Vec<&'a str> {
        let is_drawn = |unit: &str| self.record.granted.iter().any(|granted| granted == unit);
        let in_time = |slot: &&Held| slot.freed.is_some_and(|when| when < self.starts);
        let n_freed = self.held.iter().filter(in_time).count();
        let never_taken = if at < self.starts { self.never_taken() } else { 0 };
        let by_the_draw = self.held.iter().filter(|slot| slot.asked == Asked::Pull);
        let moved_up = by_the_draw.filter(|slot| !is_drawn(&slot.unit)).count();
        let n_live = self.held.iter().filter(|slot| slot.takes == Takes::Place).count();
        let capacity = usize::try_from(self.record.terms.slots.0).unwrap_or(usize::MAX);
        let n_free = capacity.saturating_sub(n_live + self.winners().len());
        let n_due = (n_freed + never_taken).saturating_sub(moved_up).min(n_free);
        let mut up: Vec<&'a str> = Vec::new();
        for _ in 0..n_due {
            let line: Vec<Waiting<'_>> = self
                .waits()
                .filter(|unit| !up.contains(unit))
                .map(|unit| Waiting { unit, n_of_parent: self.n_of_parent(unit, &up) })
                .collect();
            // Whether it became free in time is settled above.
            let before_the_start = self.starts.after_days(-1);
            up.extend(next_in_line(&line, self.record.terms.cap, self.starts, before_the_start));
        }
        up
    }

    fn is_waiting_for_one(&self, unit: &str) -> bool {
        !self.out.contains(unit) && self.held.iter().all(|slot| slot.unit != unit)
    }

    /// How many were drawn and will never take their slot.
    fn never_taken(&self) -> usize {
        let has_none = |unit: &&String| self.held.iter().all(|slot| slot.unit != **unit);
        self.record.granted.iter().filter(has_none).filter(|unit| self.out.contains(*unit)).count()
    }

    fn parent_of(&self, unit: &str) -> Option<&'a str> {
        self.record.list.iter().find(|line| line.entry.unit == unit)?.entry.parent.as_deref()
    }

    /// How many live slots there are under a unit's parent, with those that move up as well.
    fn n_of_parent(&self, unit: &str, up: &[&str]) -> Option<u32> {
        let parent = self.parent_of(unit)?;
        let live = self.held.iter().filter(|slot| slot.takes == Takes::Place).map(|slot| slot.unit.as_str());
        let below = live.chain(up.iter().copied()).filter(|unit| self.parent_of(unit) == Some(parent));
        Some(u32::try_from(below.count()).unwrap_or(u32::MAX))
    }
}
