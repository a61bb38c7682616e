//! Access: who has the solution at a moment. One immutable snapshot, and one function that answers from it.
//!
//! Built for a million people, 20,000 units and 100 flags: answering allocates nothing and asks no database. It knows
//! no JSON, no credentials and no clock; doors do. A unit's grant does not reach the units below it.

mod build;
mod names;
#[cfg(test)]
mod tests;

pub use build::{Builder, FlagNumber, UnitNumber};

use names::Names;

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

/// A unit's right to a flag for a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    flag: FlagNumber,
    /// From when and until when.
    pub span: Span,
    /// The slot it comes from.
    pub slot: SlotId,
    /// The wave of the slot; a slot that was imported or given past the draw may have none.
    pub wave: Option<WaveId>,
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
    /// By unit number.
    units: Names,
    /// By person number.
    people: Names,
    /// By person number: where its units begin in `memberships`, and one more.
    starts_of_people: Vec<u32>,
    memberships: Vec<UnitNumber>,
    /// By unit number: where its grants begin in `grants`, and one more.
    starts_of_units: Vec<u32>,
    /// Of each unit, sorted by flag and then by time.
    grants: Vec<Grant>,
    /// Every moment at which a grant begins or ends, sorted, each once.
    boundaries: Vec<Moment>,
}

/// The units that count for one context.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    snapshot: &'a Snapshot,
    units: Meant<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Meant<'a> {
    One(UnitNumber),
    Several(&'a [UnitNumber]),
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
        Some(self.subject(context).answer(number, at))
    }

    /// Every flag for this context at `at`, sorted by key; those that are off too.
    pub fn evaluate_all(
        &self,
        context: &Context<'_>,
        at: Moment,
    ) -> impl ExactSizeIterator<Item = Answer<'_>> + Clone {
        let subject = self.subject(context);
        (0..self.flags.len()).map(move |number| subject.answer(number, at))
    }

    /// Who is meant. Somebody unknown has no units, and so no flag is on.
    pub fn subject(&self, context: &Context<'_>) -> Subject<'_> {
        let unit = |slug| self.units.find(slug).map(|number| Meant::One(UnitNumber(number)));
        let units = match context.unit {
            Some(slug) => unit(slug),
            None => self.person(context.targeting_key).or_else(|| unit(context.targeting_key)),
        };
        Subject { snapshot: self, units: units.unwrap_or(Meant::Several(&[])) }
    }

    /// The first moment after `at` at which any grant begins or ends.
    pub fn next_boundary(&self, at: Moment) -> Option<Moment> {
        let index = self.boundaries.partition_point(|boundary| *boundary <= at);
        self.boundaries.get(index).copied()
    }

    fn person(&self, external_id: &str) -> Option<Meant<'_>> {
        let number = self.people.find(external_id)?;
        Some(Meant::Several(part(&self.memberships, &self.starts_of_people, number)))
    }

    fn grants_of(&self, unit: UnitNumber) -> &[Grant] {
        part(&self.grants, &self.starts_of_units, unit.0)
    }
}

impl<'a> Subject<'a> {
    /// The first moment after `at` at which a grant of this subject begins or ends: until then all answers stay,
    /// unless the snapshot is replaced.
    pub fn next_boundary(&self, at: Moment) -> Option<Moment> {
        let units = self.units();
        let spans = units.iter().flat_map(|unit| self.snapshot.grants_of(*unit)).map(|grant| grant.span);
        spans.flat_map(|span| [Some(span.from), span.until]).flatten().filter(|boundary| *boundary > at).min()
    }

    fn answer(&self, number: usize, at: Moment) -> Answer<'a> {
        let flag = &self.snapshot.flags[number];
        if flag.running == Running::Paused {
            return Answer { flag, number, reason: Reason::Disabled, grant: None };
        }
        let grant = self.units().iter().find_map(|unit| {
            let grants = self.snapshot.grants_of(*unit);
            let first = grants.partition_point(|grant| grant.flag.0 < number);
            let of_flag = grants[first..].iter().take_while(|grant| grant.flag.0 == number);
            of_flag.into_iter().find(|grant| grant.span.holds(at))
        });
        let reason = if grant.is_some() { Reason::TargetingMatch } else { Reason::Default };
        Answer { flag, number, reason, grant }
    }

    fn units(&self) -> &[UnitNumber] {
        match &self.units {
            Meant::One(unit) => std::slice::from_ref(unit),
            Meant::Several(units) => units,
        }
    }
}

/// The `number`-th part of a list that is cut at `starts`.
fn part<'a, T>(list: &'a [T], starts: &[u32], number: u32) -> &'a [T] {
    let number = number as usize;
    &list[starts[number] as usize..starts[number + 1] as usize]
}
