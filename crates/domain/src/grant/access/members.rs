//! Units, people, and who belongs where. Taken over from the last reading and changed where somebody moved.

use super::names::Names;
use super::people::{Belongs, People};

/// A unit of an organisation. Units keep their numbers as others come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitNumber(pub(super) u32);

impl UnitNumber {
    /// Where what is kept by unit number stands for it.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// Units, people, and who belongs where.
#[derive(Clone, Debug)]
pub struct Members {
    units: Names,
    people: People,
}

impl Default for Members {
    fn default() -> Members {
        Members { units: Names::new(), people: People::default() }
    }
}

impl Members {
    /// The unit with this slug.
    pub fn unit(&self, slug: &str) -> Option<UnitNumber> {
        self.units.find(slug).map(UnitNumber)
    }

    /// The unit with this slug, added if it is new.
    pub fn add_unit(&mut self, slug: &str) -> UnitNumber {
        UnitNumber(self.units.add(slug))
    }

    /// Says where the person with this external id belongs from now on, in any order; he is added if he is new. Who
    /// belongs nowhere is still not mistaken for a unit.
    pub fn settle(&mut self, external_id: &str, mut units: Vec<UnitNumber>) {
        // By name, since the first that has a flag counts, and numbers depend on who was read when.
        units.sort_unstable_by_key(|unit| self.slug(*unit));
        units.dedup();
        self.people.settle(external_id, &units);
    }

    /// Whether all units and people are the same, each where the other has him.
    pub fn are(&self, others: &Members) -> bool {
        let slugs = |members: &Members, belongs: Belongs<'_>| -> Vec<String> {
            belongs.units().iter().map(|unit| members.slug(*unit).to_owned()).collect()
        };
        self.n_units() == others.n_units()
            && self.people.len() == others.people.len()
            && (0..).take(self.n_units()).all(|unit| others.unit(self.units.name(unit)).is_some())
            && self.people.iter().all(|(name, belongs)| {
                let other = others.people.find(name).map(|other| slugs(others, other));
                other == Some(slugs(self, belongs))
            })
    }

    pub(super) fn person(&self, external_id: &str) -> Option<Belongs<'_>> {
        self.people.find(external_id)
    }

    pub(super) fn slug(&self, unit: UnitNumber) -> &str {
        self.units.name(unit.0)
    }

    pub(super) fn n_units(&self) -> usize {
        self.units.len()
    }
}
