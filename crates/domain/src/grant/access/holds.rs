//! Where a unit's grants stand, and for which flags they may be: four units to a line of a processor's cache.

use super::{FlagNumber, Grant, UnitNumber};

/// What is known of a unit without a look at its grants.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(super) struct Holds {
    start: u32,
    n_grants: u32,
    /// Those that its grants are for.
    pub(super) flags: Flags,
}

/// Flags, as far as one bit each can tell them: of more than 64, some have one together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(u64);

impl Holds {
    /// Of each of `n_units`; the grants are sorted by unit.
    pub(super) fn of_all(n_units: usize, grants: &[(UnitNumber, Grant)]) -> Vec<Holds> {
        let mut all = vec![Holds::default(); n_units];
        for (place, (unit, grant)) in (0..).zip(grants) {
            let holds = &mut all[unit.place()];
            if holds.n_grants == 0 {
                holds.start = place;
            }
            holds.n_grants += 1;
            holds.flags = holds.flags.with(grant.flag);
        }
        all
    }

    /// The unit's, of all grants.
    pub(super) fn of<'a>(&self, grants: &'a [Grant]) -> &'a [Grant] {
        &grants[self.start as usize..][..self.n_grants as usize]
    }
}

impl Flags {
    pub(super) fn with(self, flag: FlagNumber) -> Flags {
        Flags(self.0 | Flags::bit(flag))
    }

    pub(super) fn and(self, others: Flags) -> Flags {
        Flags(self.0 | others.0)
    }

    /// Whether the flag may be among them; where it is not, that is sure.
    pub(super) fn may_have(self, flag: FlagNumber) -> bool {
        self.0 & Flags::bit(flag) != 0
    }

    /// Whether any may be among both; where none is, that is sure.
    pub(super) fn may_meet(self, others: Flags) -> bool {
        self.0 & others.0 != 0
    }

    fn bit(flag: FlagNumber) -> u64 {
        1 << (flag.place() % 64)
    }
}
