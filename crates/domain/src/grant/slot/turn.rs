//! Whose turn it is when a slot becomes free: the places of the waiting list as they will be served, also under a cap.

use std::collections::BTreeMap;

use super::{Line, Takes};

/// When a unit that waits moves up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// With the `place`-th slot that becomes free, from 1.
    InLine {
        /// Its place among those who can move up.
        place: usize,
        /// How many before it are passed over, as long as their parents have their most. One of them comes first once a slot
        /// under its parent is free.
        n_passed_over: usize,
    },
    /// It is passed over, since its parent has its most, or will.
    PassedOver {
        /// The parent's short name.
        parent: String,
        /// Since when.
        full: Full,
    },
}

/// Since when a parent has as many slots as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// It has them.
    Now,
    /// It will, once those under it moved up that wait before the unit.
    OnceOthersMovedUp,
}

impl Line<'_> {
    /// The units that still wait, each with its turn, as slots elsewhere become free one after the other.
    ///
    /// A parent that has its most keeps it while others move up, so that one look along the order tells it of everybody.
    pub fn turns(&self) -> BTreeMap<String, Turn> {
        let list = self.record.list.iter().map(|line| &line.entry);
        let parents: BTreeMap<&str, &str> =
            list.filter_map(|entry| Some((entry.unit.as_str(), entry.parent.as_deref()?))).collect();
        let mut n_under: BTreeMap<&str, u32> = BTreeMap::new();
        let live = self.held.iter().filter(|slot| slot.takes == Takes::Place).map(|slot| slot.unit.as_str());
        for parent in live.chain(self.winners()).filter_map(|unit| parents.get(unit).copied()) {
            *n_under.entry(parent).or_default() += 1;
        }
        let n_now = n_under.clone();
        let (mut turns, mut place, mut n_passed_over) = (BTreeMap::new(), 0, 0);
        for unit in self.waits() {
            let is_full = |of: &BTreeMap<&str, u32>, parent: &str| {
                let n = of.get(parent).copied().unwrap_or(0);
                self.record.terms.cap.is_some_and(|cap| n >= cap.0.get())
            };
            let parent = parents.get(unit).copied();
            let turn = match parent.filter(|parent| is_full(&n_under, parent)) {
                Some(parent) => {
                    n_passed_over += 1;
                    let full = if is_full(&n_now, parent) { Full::Now } else { Full::OnceOthersMovedUp };
                    Turn::PassedOver { parent: parent.to_owned(), full }
                }
                None => {
                    place += 1;
                    parent.into_iter().for_each(|parent| *n_under.entry(parent).or_default() += 1);
                    Turn::InLine { place, n_passed_over }
                }
            };
            turns.insert(unit.to_owned(), turn);
        }
        turns
    }
}
