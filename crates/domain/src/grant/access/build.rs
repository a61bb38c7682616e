//! Making a snapshot: who belongs where, and what is granted, in any order, sorted once at the end.
//!
//! Two steps, since they move at different speeds: a million people are read once, and their units' grants are laid
//! over them each time a slot moves.

use std::sync::Arc;

use super::{Flag, Grant, Names, Running, Snapshot};
use crate::grant::slot::Span;
use crate::id::{SlotId, WaveId};

/// A flag while a snapshot is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagNumber(pub(super) usize);

/// A unit of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitNumber(pub(super) u32);

/// Units, people, and who belongs where.
#[derive(Clone, Debug)]
pub struct Members {
    pub(super) units: Names,
    pub(super) people: Names,
    /// Per person where its part of `memberships` begins, and their number at the end.
    pub(super) starts_of_people: Vec<u32>,
    pub(super) memberships: Vec<UnitNumber>,
}

impl Members {
    /// The unit with this slug.
    pub fn unit(&self, slug: &str) -> Option<UnitNumber> {
        self.units.find(slug).map(UnitNumber)
    }
}

/// Collects who belongs where.
#[derive(Debug)]
pub struct MembersBuilder {
    units: Names,
    people: Names,
    memberships: Vec<(u32, UnitNumber)>,
}

impl Default for MembersBuilder {
    fn default() -> MembersBuilder {
        MembersBuilder { units: Names::new(), people: Names::new(), memberships: Vec::new() }
    }
}

impl MembersBuilder {
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

    /// Everybody.
    pub fn build(self) -> Members {
        let MembersBuilder { units, people, mut memberships } = self;
        memberships.sort_unstable();
        memberships.dedup();
        Members {
            starts_of_people: starts(people.len(), memberships.iter().map(|(person, _)| *person)),
            memberships: memberships.into_iter().map(|(_, unit)| unit).collect(),
            units,
            people,
        }
    }
}

/// Collects what is granted to whom.
#[derive(Debug)]
pub struct Builder {
    version: u64,
    members: Arc<Members>,
    flags: Vec<Flag>,
    grants: Vec<(UnitNumber, Grant)>,
}

impl Builder {
    /// Nothing granted yet to anybody of these, at this version of the journal.
    pub fn new(version: u64, members: Arc<Members>) -> Builder {
        Builder { version, members, flags: Vec::new(), grants: Vec::new() }
    }

    /// Adds the flag of a change. Keys are the caller's to keep apart; of two equal ones the first is found.
    pub fn flag(&mut self, key: &str, change: &str, running: Running) -> FlagNumber {
        self.flags.push(Flag { key: key.into(), change: change.into(), running });
        FlagNumber(self.flags.len() - 1)
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
        let Builder { version, members, flags, mut grants } = self;
        let (flags, numbers) = sorted(flags);
        for (_, grant) in &mut grants {
            grant.flag = numbers[grant.flag.0];
        }
        grants.sort_by_key(|(unit, grant)| (*unit, grant.flag, grant.span, grant.slot));
        Snapshot {
            version,
            flags,
            starts_of_units: starts(members.units.len(), grants.iter().map(|(unit, _)| unit.0)),
            grants: grants.into_iter().map(|(_, grant)| grant).collect(),
            members,
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
