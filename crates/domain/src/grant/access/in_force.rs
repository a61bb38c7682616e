//! What is in force of every unit, as a digest: so that whether an answer to all flags is still the same can be told from
//! one line of a processor's cache, as long as nothing that the unit holds begins or ends by the clock.
//!
//! It decides nothing, and may be old: where it cannot tell, the grants themselves are asked.

use sha2::{Digest as _, Sha256};

use super::holds::Flags;
use super::subject::{Meant, Subject};
use super::{Grant, Snapshot, UnitNumber};
use crate::time::Moment;

/// What is in force of every unit of a snapshot, from a moment on.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    /// `None` where nothing was looked at.
    from: Option<Moment>,
    /// Before which millisecond all of it is so.
    until: i64,
    /// By unit number.
    units: Vec<OfUnit>,
}

/// Two of them to a line of a processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct OfUnit {
    /// The digest of its grants that make flags on.
    digest: u128,
    /// Those flags.
    flags: Flags,
    /// Before which millisecond that is so.
    until: i64,
}

#[cfg(test)]
pub(super) const SIZE_OF_A_UNIT: usize = size_of::<OfUnit>();

impl InForce {
    /// Of a snapshot at `from`.
    pub fn of(snapshot: &Snapshot, from: Moment) -> InForce {
        InForce::made(snapshot, from, |unit| OfUnit::of(snapshot, unit, from))
    }

    /// Of a snapshot that was laid over another one, or is the same, at a moment that is later: what did not change is
    /// taken over.
    pub fn laid_over(&self, before: &Snapshot, snapshot: &Snapshot, from: Moment) -> InForce {
        let is_known = before.flags == snapshot.flags && self.has_begun_at(from);
        InForce::made(snapshot, from, |unit| {
            let known = self.units.get(unit.place()).filter(|of_unit| {
                is_known && of_unit.is_so_at(from) && before.grants_of(unit) == snapshot.grants_of(unit)
            });
            known.copied().unwrap_or_else(|| OfUnit::of(snapshot, unit, from))
        })
    }

    fn made(snapshot: &Snapshot, from: Moment, of_unit: impl Fn(UnitNumber) -> OfUnit) -> InForce {
        let units: Vec<OfUnit> =
            (0..).take(snapshot.holds.len()).map(|unit| of_unit(UnitNumber(unit))).collect();
        let until = units.iter().map(|of_unit| of_unit.until).min();
        InForce { from: Some(from), until: until.unwrap_or(i64::MAX), units }
    }

    /// Whether it tells of all units at `at`.
    pub fn is_whole_at(&self, at: Moment) -> bool {
        self.has_begun_at(at) && at.milliseconds() < self.until
    }

    fn has_begun_at(&self, at: Moment) -> bool {
        self.from.is_some_and(|from| from <= at)
    }

    /// The sum of what these units hold at `at`; `None` if it cannot be told from here.
    pub(super) fn sum(&self, units: &[UnitNumber], at: Moment) -> Option<u128> {
        if !self.has_begun_at(at) {
            return None;
        }
        let (mut sum, mut flags) = (0_u128, Flags::default());
        for unit in units {
            let of_unit = self.units.get(unit.place())?;
            // Of two units that hold the same flag, one counts.
            if !of_unit.is_so_at(at) || of_unit.flags.may_meet(flags) {
                return None;
            }
            sum = sum.wrapping_add(of_unit.digest);
            flags = flags.and(of_unit.flags);
        }
        Some(sum)
    }
}

impl OfUnit {
    fn of(snapshot: &Snapshot, unit: UnitNumber, from: Moment) -> OfUnit {
        let subject = Subject { snapshot, units: Meant::Unit(unit) };
        let flags = subject.in_force(from).fold(Flags::default(), |flags, grant| flags.with(grant.flag));
        let boundaries =
            snapshot.grants_of(unit).iter().flat_map(|grant| [Some(grant.span.from), grant.span.until]);
        let later = boundaries.flatten().filter(|boundary| *boundary > from).map(Moment::milliseconds);
        OfUnit { digest: digest(subject.in_force(from)), flags, until: later.min().unwrap_or(i64::MAX) }
    }

    fn is_so_at(&self, at: Moment) -> bool {
        at.milliseconds() < self.until
    }
}

/// The digest of grants of one unit; nothing for none.
pub(super) fn digest<'a>(grants: impl Iterator<Item = &'a Grant>) -> u128 {
    let mut made_from = None;
    for grant in grants {
        let made_from = made_from.get_or_insert_with(Sha256::new);
        made_from.update(grant.slot.bytes());
        made_from.update(grant.span.until.map_or(i64::MAX, Moment::milliseconds).to_be_bytes());
    }
    made_from.map_or(0, |made_from| {
        let mut first = [0; 16];
        first.copy_from_slice(&made_from.finalize()[..16]);
        u128::from_be_bytes(first)
    })
}
