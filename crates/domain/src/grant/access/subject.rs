//! Whom an evaluation is about: the units that count, and what their grants make.

use super::in_force::{self, InForce};
use super::people::Belongs;
use super::{Answer, FlagNumber, Grant, Reason, Running, Snapshot, UnitNumber};
use crate::time::Moment;

/// The units that count for one context.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) units: Meant<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Meant<'a> {
    Unit(UnitNumber),
    Person(Belongs<'a>),
    Nobody,
}

/// Whether anybody is known by what a context says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A unit.
    Unit,
    /// A person.
    Person,
    /// Nobody: no flag is on.
    Nobody,
}

impl<'a> Subject<'a> {
    /// Whether it is a person, a unit, or nobody known.
    pub fn known(&self) -> Known {
        match self.units {
            Meant::Unit(_) => Known::Unit,
            Meant::Person(_) => Known::Person,
            Meant::Nobody => Known::Nobody,
        }
    }

    /// The short names of the units that count.
    pub fn unit_slugs(&self) -> impl Iterator<Item = &'a str> {
        let members = &self.snapshot.members;
        self.units().iter().map(|unit| members.slug(*unit))
    }

    /// The grants that make flags on at `at`, one for each flag that is. Together with the snapshot's flags they are
    /// all that its answers are made of.
    pub fn in_force(&self, at: Moment) -> impl Iterator<Item = &'a Grant> + Clone {
        self.grants().filter(move |grant| self.counts(grant, at))
    }

    /// What [`Subject::in_force`] says, in short: the same for whomever and whenever the same grants are in force until the
    /// same moments, and otherwise another one.
    pub fn digest(&self, known: &InForce, at: Moment) -> [u8; 16] {
        let sum = known.sum(self.units(), at).unwrap_or_else(|| {
            let of_unit = |unit: &UnitNumber| {
                let grants = self.snapshot.grants_of(*unit).iter();
                in_force::digest(grants.filter(|grant| self.counts(grant, at)))
            };
            self.units().iter().map(of_unit).fold(0, u128::wrapping_add)
        });
        sum.to_be_bytes()
    }

    /// The first moment after `at` at which an answer changes by the clock alone; `None` if none ever does. Grants of
    /// paused changes, and such as begin or end while another one counts, change nothing.
    pub fn next_change(&self, at: Moment) -> Option<Moment> {
        let changes = |flag: FlagNumber, then: Moment| self.by(flag, then) != self.by(flag, at);
        let boundaries = self.grants().flat_map(|grant| {
            let ends = [Some(grant.span.from), grant.span.until];
            ends.into_iter().flatten().map(|boundary| (grant.flag, boundary))
        });
        boundaries
            .filter(|(flag, then)| *then > at && changes(*flag, *then))
            .map(|(_, boundary)| boundary)
            .min()
    }

    pub(super) fn answer(&self, number: FlagNumber, at: Moment) -> Answer<'a> {
        let place = number.place();
        let flag = &self.snapshot.flags[place];
        let grant = self.by(number, at);
        let reason = match (flag.running, grant) {
            (Running::Paused, _) => Reason::Disabled,
            (Running::Yes, Some(_)) => Reason::TargetingMatch,
            (Running::Yes, None) => Reason::Default,
        };
        Answer { flag, number: place, reason, grant }
    }

    /// The grant by which a flag is on at `at`: the first of the first unit that has one.
    fn by(&self, flag: FlagNumber, at: Moment) -> Option<&'a Grant> {
        if self.snapshot.flags[flag.place()].running == Running::Paused {
            return None;
        }
        let snapshot = self.snapshot;
        self.units().iter().find_map(|unit| {
            let of_flag = snapshot.grants_of_flag(*unit, flag);
            of_flag.iter().find(|grant| grant.span.holds(at))
        })
    }

    /// Whether the grant, of one of its units, makes a flag on.
    fn counts(&self, grant: &Grant, at: Moment) -> bool {
        grant.span.holds(at) && self.by(grant.flag, at).is_some_and(|by| std::ptr::eq(by, grant))
    }

    fn grants(&self) -> impl Iterator<Item = &'a Grant> + Clone {
        let snapshot = self.snapshot;
        self.units().iter().flat_map(move |unit| snapshot.grants_of(*unit))
    }

    fn units(&self) -> &[UnitNumber] {
        match &self.units {
            Meant::Unit(unit) => std::slice::from_ref(unit),
            Meant::Person(belongs) => belongs.units(),
            Meant::Nobody => &[],
        }
    }
}
