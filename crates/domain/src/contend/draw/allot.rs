//! Ranking and granting on positions in the list: the rule itself, used for the draw and for counting chances.
//!
//! Knows no record and no probability.

use std::collections::{BTreeMap, BTreeSet};

use super::digest::{Digest, Scorer};
use super::{Cap, DrawRefused, Entrants, Entry, Place, Seed, Terms};

/// The list together with what decides over it; positions are those of [`Entrants::entries`].
pub(super) struct Field<'a> {
    pub(super) entrants: &'a Entrants,
    pub(super) slots: usize,
    pub(super) cap: Option<Cap>,
    /// By position: does the entry still take part?
    stays: Vec<bool>,
    /// By position: the number of its parent, for those that have one.
    parents: Vec<Option<usize>>,
    /// How many different parents there are.
    n_parents: usize,
}

/// Positions that got a slot, and positions that wait.
pub(super) struct Allotted {
    pub(super) granted: Vec<usize>,
    pub(super) waiting: Vec<usize>,
}

/// How many grants each parent has, and whether one more fits.
#[derive(Clone)]
pub(super) struct Tally {
    by_parent: Vec<u32>,
    pub(super) granted: usize,
}

impl<'a> Field<'a> {
    pub(super) fn new(
        entrants: &'a Entrants,
        withdrawn: &BTreeSet<String>,
        terms: Terms,
    ) -> Result<Self, DrawRefused> {
        let entries = entrants.entries();
        let mut stays = vec![true; entries.len()];
        for unit in withdrawn {
            let position = entrants
                .position(unit)
                .ok_or_else(|| DrawRefused::WithdrawnNotListed { unit: unit.clone() })?;
            stays[position] = false;
        }
        let mut numbers = BTreeMap::new();
        let mut number = |parent: &'a String| {
            let next = numbers.len();
            *numbers.entry(parent.as_str()).or_insert(next)
        };
        let parents = entries.iter().map(|entry| entry.parent.as_ref().map(&mut number)).collect();
        let slots = usize::try_from(terms.slots.0).unwrap_or(usize::MAX);
        let n_parents = numbers.len();
        let field = Self { entrants, slots, cap: terms.cap, stays, parents, n_parents };
        let protected = field.protected().count();
        if protected > slots {
            let protected = u32::try_from(protected).unwrap_or(u32::MAX);
            return Err(DrawRefused::ProtectedExceedSlots { protected, slots: terms.slots.0 });
        }
        Ok(field)
    }

    /// Every position with its score, by band, layer and score. Equal scores would need a collision of SHA-256;
    /// the number in the list would then decide.
    pub(super) fn rank(&self, seed: &Seed) -> Vec<(usize, Digest)> {
        let scorer = Scorer::new(&seed.digest());
        let entries = self.entrants.entries();
        let mut ranked: Vec<_> =
            entries.iter().enumerate().map(|(index, entry)| (index, scorer.score(&entry.unit))).collect();
        ranked.sort_by_key(|(index, score)| (tier_of(&entries[*index]), *score));
        ranked
    }

    /// Grants in the given order of all positions.
    pub(super) fn allot(&self, order: impl Iterator<Item = usize> + Clone) -> Allotted {
        let entries = self.entrants.entries();
        let present = order.filter(|index| self.stays[*index]);
        let (mut granted, mut waiting) = (Vec::new(), Vec::new());
        let mut tally = Tally { by_parent: vec![0; self.n_parents], granted: 0 };
        for index in present.clone().filter(|index| entries[*index].place == Place::Protected) {
            tally.add(self.parents[index]);
            granted.push(index);
        }
        for index in present.filter(|index| entries[*index].place == Place::Open) {
            if tally.granted < self.slots && self.fits(&tally, index) {
                tally.add(self.parents[index]);
                granted.push(index);
            } else {
                waiting.push(index);
            }
        }
        Allotted { granted, waiting }
    }

    /// Positions that are protected and not withdrawn.
    pub(super) fn protected(&self) -> impl Iterator<Item = usize> {
        self.present(Place::Protected)
    }

    /// The open positions that are not withdrawn, by tier, the first tier first.
    pub(super) fn tiers(&self) -> Vec<Vec<usize>> {
        let mut tiers = BTreeMap::<_, Vec<usize>>::new();
        for index in self.present(Place::Open) {
            tiers.entry(tier_of(&self.entrants.entries()[index])).or_default().push(index);
        }
        tiers.into_values().collect()
    }

    /// The state after the protected places are granted.
    pub(super) fn tally_of_protected(&self) -> Tally {
        let mut tally = Tally { by_parent: vec![0; self.n_parents], granted: 0 };
        self.protected().for_each(|index| tally.add(self.parents[index]));
        tally
    }

    /// Whether the cap lets this position have a slot.
    pub(super) fn fits(&self, tally: &Tally, index: usize) -> bool {
        match (self.cap, self.parents[index]) {
            (Some(cap), Some(parent)) => tally.by_parent[parent] < cap.0.get(),
            _ => true,
        }
    }

    pub(super) fn grant(&self, tally: &mut Tally, index: usize) {
        tally.add(self.parents[index]);
    }

    fn present(&self, place: Place) -> impl Iterator<Item = usize> {
        let entries = self.entrants.entries().iter().enumerate();
        entries
            .filter(move |(index, entry)| self.stays[*index] && entry.place == place)
            .map(|(index, _)| index)
    }
}

impl Tally {
    fn add(&mut self, parent: Option<usize>) {
        self.granted += 1;
        if let Some(parent) = parent {
            self.by_parent[parent] += 1;
        }
    }
}

/// Band, then layer: entries that agree in both are of one tier.
fn tier_of(entry: &Entry) -> (u32, u32) {
    (entry.band, entry.layer)
}
