//! Making a snapshot: flags, units, people and grants in any order, sorted once at the end.

use super::{Flag, Grant, Names, Running, Snapshot};
use crate::grant::slot::Span;
use crate::id::{SlotId, WaveId};
use crate::time::Moment;

/// A flag while a snapshot is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagNumber(pub(super) usize);

/// A unit while a snapshot is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitNumber(pub(super) u32);

/// Collects what a snapshot is made of.
#[derive(Debug)]
pub struct Builder {
    version: u64,
    flags: Vec<Flag>,
    units: Names,
    people: Names,
    memberships: Vec<(u32, UnitNumber)>,
    grants: Vec<(UnitNumber, Grant)>,
}

impl Builder {
    /// Nothing yet, at this version of the journal.
    pub fn new(version: u64) -> Builder {
        let (units, people) = (Names::new(), Names::new());
        Builder { version, flags: Vec::new(), units, people, memberships: Vec::new(), grants: Vec::new() }
    }

    /// Adds the flag of a change. Keys are the caller's to keep apart; of two equal ones the first is found.
    pub fn flag(&mut self, key: &str, change: &str, running: Running) -> FlagNumber {
        self.flags.push(Flag { key: key.into(), change: change.into(), running });
        FlagNumber(self.flags.len() - 1)
    }

    /// The unit with this slug, added if it is new.
    pub fn unit(&mut self, slug: &str) -> UnitNumber {
        UnitNumber(self.units.add(slug))
    }

    /// Makes the person with this external id a member of the unit.
    pub fn member(&mut self, external_id: &str, unit: UnitNumber) {
        let person = self.people.add(external_id);
        self.memberships.push((person, unit));
    }

    /// Makes the person known; who has no unit is still not mistaken for one.
    pub fn person(&mut self, external_id: &str) {
        self.people.add(external_id);
    }

    /// Gives the unit the flag for a span of time.
    pub fn grant(
        &mut self,
        flag: FlagNumber,
        unit: UnitNumber,
        span: Span,
        slot: SlotId,
        wave: Option<WaveId>,
    ) {
        self.grants.push((unit, Grant { flag, span, slot, wave }));
    }

    /// The finished snapshot.
    pub fn build(self) -> Snapshot {
        let Builder { version, flags, units, people, mut memberships, mut grants } = self;
        let (flags, numbers) = sorted(flags);
        for (_, grant) in &mut grants {
            grant.flag = numbers[grant.flag.0];
        }
        grants.sort_by_key(|(unit, grant)| (*unit, grant.flag, grant.span, grant.slot));
        memberships.sort_unstable();
        memberships.dedup();
        let mut boundaries: Vec<Moment> = grants
            .iter()
            .flat_map(|(_, grant)| [Some(grant.span.from), grant.span.until])
            .flatten()
            .collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        Snapshot {
            version,
            flags,
            starts_of_people: starts(people.len(), memberships.iter().map(|(person, _)| *person)),
            memberships: memberships.into_iter().map(|(_, unit)| unit).collect(),
            starts_of_units: starts(units.len(), grants.iter().map(|(unit, _)| unit.0)),
            grants: grants.into_iter().map(|(_, grant)| grant).collect(),
            units,
            people,
            boundaries,
        }
    }
}

/// The flags by key, and by old number their new one.
fn sorted(flags: Vec<Flag>) -> (Vec<Flag>, Vec<FlagNumber>) {
    let mut order: Vec<usize> = (0..flags.len()).collect();
    order.sort_by(|a, b| flags[*a].key.cmp(&flags[*b].key));
    let mut numbers = vec![FlagNumber(0); flags.len()];
    for (new, old) in order.iter().enumerate() {
        numbers[*old] = FlagNumber(new);
    }
    let flags = order.into_iter().map(|old| flags[old].clone()).collect();
    (flags, numbers)
}

/// Where the part of each of `n_owners` begins in a list sorted by owner, and the list's length at the end.
fn starts(n_owners: usize, owners: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; n_owners + 1];
    for owner in owners {
        starts[owner as usize + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}
