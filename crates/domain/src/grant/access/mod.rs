//! Access: who has the solution at a moment. One immutable snapshot, and one function that answers from it.
//!
//! Built for a million people, 20,000 units and 100 flags: answering allocates nothing and asks no database. It knows
//! no JSON, no credentials and no clock; doors do. A unit's grant does not reach the units below it.

mod build;
mod holds;
mod in_force;
mod members;
mod names;
mod people;
mod subject;
mod table;
#[cfg(test)]
mod tests;
mod ticket;

pub use build::{Builder, FlagNumber};
pub use in_force::InForce;
pub use members::{Members, UnitNumber};
pub use subject::{Known, Subject};
pub use ticket::{Ticket, TicketKey};

use std::sync::Arc;

use holds::Holds;
use subject::Meant;

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
    /// By unit number.
    holds: Vec<Holds>,
    /// Of each unit, sorted by flag and then by time.
    grants: Vec<Grant>,
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
        self.holds[unit.place()].of(&self.grants)
    }

    /// Those of the unit's grants that are for this flag, by time.
    fn grants_of_flag(&self, unit: UnitNumber, flag: FlagNumber) -> &[Grant] {
        // Most units have no slot of most changes, and then where their grants stand is not looked at.
        let holds = &self.holds[unit.place()];
        if !holds.flags.may_have(flag) {
            return &[];
        }
        let grants = holds.of(&self.grants);
        let grants = &grants[grants.partition_point(|grant| grant.flag < flag)..];
        &grants[..grants.partition_point(|grant| grant.flag == flag)]
    }
}
