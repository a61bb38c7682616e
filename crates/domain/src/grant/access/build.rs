//! Making a snapshot: what is granted to whom, in any order, sorted once at the end; from nothing, or from what was known.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::holds::Holds;
use super::{Flag, Grant, Members, Running, Snapshot, UnitNumber};
use crate::grant::slot::Span;
use crate::id::{SlotId, WaveId};

/// A flag while a snapshot is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagNumber(u32);

impl FlagNumber {
    /// That of the flag at this place.
    pub(super) fn at(place: usize) -> FlagNumber {
        FlagNumber(u32::try_from(place).expect("fewer than four thousand million flags"))
    }

    /// Where the flag stands.
    pub(super) fn place(self) -> usize {
        self.0 as usize
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

    /// All that was granted before, to these members, who may have become more, at this later version of the journal.
    pub fn from_before(before: &Snapshot, version: u64, members: Arc<Members>) -> Builder {
        let units = (0..).zip(&before.holds);
        let grants = units.flat_map(|(unit, _)| {
            let unit = UnitNumber(unit);
            before.grants_of(unit).iter().map(move |grant| (unit, *grant))
        });
        Builder { version, members, flags: before.flags.clone(), grants: grants.collect() }
    }

    /// Those to whom it is granted.
    pub fn members(&self) -> &Arc<Members> {
        &self.members
    }

    /// Adds the flag of a change, or says anew whether it runs. Keys are the caller's to keep apart; of two equal ones the
    /// first is found.
    pub fn flag(&mut self, key: &str, change: &str, running: Running) -> FlagNumber {
        if let Some(number) = self.flag_of(change) {
            self.flags[number.place()].running = running;
            return number;
        }
        self.flags.push(Flag { key: key.into(), change: change.into(), running });
        FlagNumber::at(self.flags.len() - 1)
    }

    /// The flag of a change, by the change's slug.
    pub fn flag_of(&self, change: &str) -> Option<FlagNumber> {
        self.flags.iter().position(|flag| &*flag.change == change).map(FlagNumber::at)
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

    /// Takes back all that these slots gave.
    pub fn forget(&mut self, slots: &BTreeSet<SlotId>) {
        self.grants.retain(|(_, grant)| !slots.contains(&grant.slot));
    }

    /// The finished snapshot.
    pub fn build(self) -> Snapshot {
        let Builder { version, members, flags, mut grants } = self;
        let (flags, numbers) = sorted(flags);
        for (_, grant) in &mut grants {
            grant.flag = numbers[grant.flag.place()];
        }
        grants.sort_by_key(|(unit, grant)| (*unit, grant.flag, grant.span, grant.slot));
        Snapshot {
            version,
            flags,
            holds: Holds::of_all(members.n_units(), &grants),
            grants: grants.into_iter().map(|(_, grant)| grant).collect(),
            members,
        }
    }
}

/// The flags by key, and by old number their new one.
fn sorted(flags: Vec<Flag>) -> (Vec<Flag>, Vec<FlagNumber>) {
    let mut order: Vec<usize> = (0..flags.len()).collect();
    order.sort_by(|a, b| flags[*a].key.cmp(&flags[*b].key));
    let mut numbers = vec![FlagNumber::at(0); flags.len()];
    for (new, old) in order.iter().enumerate() {
        numbers[*old] = FlagNumber::at(new);
    }
    let flags = order.into_iter().map(|old| flags[old].clone()).collect();
    (flags, numbers)
}
