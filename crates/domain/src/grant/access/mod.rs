//! Access: who has the solution at a moment. One immutable snapshot, and one function that answers from it.
//!
//! Built for a million people, 20,000 units and 100 flags: answering allocates nothing and asks no database. It knows
//! no JSON, no credentials and no clock; doors do. A unit's grant does not reach the units below it.

mod build;
mod members;
mod names;
mod people;
#[cfg(test)]
mod tests;
mod ticket;

pub use build::{Builder, FlagNumber};
pub use members::{Members, UnitNumber};
pub use ticket::{Ticket, TicketKey};

use std::sync::Arc;

use people::Belongs;

use crate::grant::slot::Span;
use crate::id::{SlotId, WaveId};
use crate::time::Moment;

/// Whether a change runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Its slots count.
    Yes,
    /// Off for everybody, until it is resumed.
    Paused,
}

/// One flag: the switch of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What the real system asks for.
    pub key: Box<str>,
    /// The change's slug.
    pub change: Box<str>,
    /// Whether the change runs.
    pub running: Running,
}

/// A unit's right to a flag for a span of time. It lies in one line of a processor's cache: the one asked for is never near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub struct Grant {
    flag: FlagNumber,
    /// From when and until when.
    pub span: Span,
    /// The slot it comes from.
    pub slot: SlotId,
    /// The wave of the slot; a slot that was imported or given past the draw may have none.
    pub wave: Option<WaveId>,
}

impl Grant {
    /// Where its flag stands in [`Snapshot::flags`].
    pub fn flag_number(&self) -> usize {
        self.flag.place()
    }
}

/// Who is asked about: the two things in an evaluation context that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// A person's external id or a unit's slug. Where somebody is called like a unit, the person is meant.
    pub targeting_key: &'a str,
    /// The attribute `unit`; when it is given, that unit is meant and the key does not matter.
    pub unit: Option<&'a str>,
}

/// Why a flag has the value it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A slot is held.
    TargetingMatch,
    /// None is.
    Default,
    /// The change is paused.
    Disabled,
}

/// What is said about one flag. It is on exactly where there is a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The flag.
    pub flag: &'a Flag,
    /// Where it stands in [`Snapshot::flags`].
    pub number: usize,
    /// Why it is on or off.
    pub reason: Reason,
    /// What makes it on; `None` when it is off.
    pub grant: Option<&'a Grant>,
}

impl Answer<'_> {
    /// The flag's value.
    pub fn is_on(&self) -> bool {
        self.grant.is_some()
    }

    /// The value's name: `on` or `off`.
    pub fn variant(&self) -> &'static str {
        if self.is_on() { "on" } else { "off" }
    }
}

impl Reason {
    /// The word of the evaluation protocol.
    pub fn word(self) -> &'static str {
        match self {
            Reason::TargetingMatch => "TARGETING_MATCH",
            Reason::Default => "DEFAULT",
            Reason::Disabled => "DISABLED",
        }
    }
}

/// All that is needed to answer, at one version of the journal. Made by [`Builder`].
#[derive(Clone, Debug)]
pub struct Snapshot {
    version: u64,
    /// By flag number, sorted by key.
    flags: Vec<Flag>,
    members: Arc<Members>,
    /// By unit number: where its grants begin in `grants`, and one more.
    starts_of_units: Vec<u32>,
    /// Of each unit, sorted by flag and then by time.
    grants: Vec<Grant>,
}

/// The units that count for one context.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    snapshot: &'a Snapshot,
    units: Meant<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Meant<'a> {
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

impl Snapshot {
    /// The version of the journal it was made at.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All flags, sorted by key.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// The one evaluation: what `key` is for this context at `at`; `None` when there is no such flag.
    pub fn evaluate(&self, key: &str, context: &Context<'_>, at: Moment) -> Option<Answer<'_>> {
        let number = self.flags.binary_search_by(|flag| (*flag.key).cmp(key)).ok()?;
        Some(self.subject(context).answer(FlagNumber::at(number), at))
    }

    /// Every flag for this context at `at`, sorted by key; those that are off too.
    pub fn evaluate_all(
        &self,
        context: &Context<'_>,
        at: Moment,
    ) -> impl ExactSizeIterator<Item = Answer<'_>> + Clone {
        let subject = self.subject(context);
        (0..self.flags.len()).map(move |number| subject.answer(FlagNumber::at(number), at))
    }

    /// Who is meant. Somebody unknown has no units, and so no flag is on.
    pub fn subject(&self, context: &Context<'_>) -> Subject<'_> {
        let unit = |slug| self.members.unit(slug).map(Meant::Unit);
        let units = match context.unit {
            Some(slug) => unit(slug),
            None => {
                let person = self.members.person(context.targeting_key).map(Meant::Person);
                person.or_else(|| unit(context.targeting_key))
            }
        };
        Subject { snapshot: self, units: units.unwrap_or(Meant::Nobody) }
    }

    /// Who belongs where, as it was when the snapshot was made.
    pub fn members(&self) -> &Arc<Members> {
        &self.members
    }

    /// Whether it answers everything as another does, which may have come about otherwise.
    pub fn answers_as(&self, other: &Snapshot) -> bool {
        let n_units = self.members.n_units();
        self.version == other.version
            && self.flags == other.flags
            && self.members.are(&other.members)
            && (0..).take(n_units).map(UnitNumber).all(|unit| {
                let same = other.members.unit(self.members.slug(unit));
                same.is_some_and(|same| self.grants_of(unit) == other.grants_of(same))
            })
    }

    fn grants_of(&self, unit: UnitNumber) -> &[Grant] {
        let unit = unit.0 as usize;
        &self.grants[self.starts_of_units[unit] as usize..self.starts_of_units[unit + 1] as usize]
    }
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
    pub fn in_force(&self, at: Moment) -> impl Iterator<Item = &'a Grant> {
        let counts = move |grant: &&'a Grant| {
            grant.span.holds(at) && self.by(grant.flag, at).is_some_and(|by| std::ptr::eq(by, *grant))
        };
        self.grants().filter(counts)
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

    fn answer(&self, number: FlagNumber, at: Moment) -> Answer<'a> {
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
            let grants = snapshot.grants_of(*unit);
            let first = grants.partition_point(|grant| grant.flag < flag);
            let of_flag = grants[first..].iter().take_while(|grant| grant.flag == flag);
            of_flag.into_iter().find(|grant| grant.span.holds(at))
        })
    }

    fn grants(&self) -> impl Iterator<Item = &'a Grant> {
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
