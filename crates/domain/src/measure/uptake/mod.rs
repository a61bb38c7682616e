//! Uptake: is the solution used by those who have it. Each number with its definition, to be printed beside it.
//!
//! It counts; what of the counts may be shown is for `suppression`. Days are UTC days. No number here is about one
//! person.

mod adoption;
#[cfg(test)]
mod tests;

pub use adoption::{Adoption, Stay, adoption};

use std::collections::BTreeSet;

use crate::measure::suppression::Part;
use crate::time::Moment;

/// Days after access within which somebody must have used the solution to count as activated.
pub const N_DAYS_ACTIVATION: u32 = 14;

/// Days of the window that stickiness compares a week with.
pub const N_DAYS_MONTH: u32 = 28;

/// A number's name and what exactly it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What exactly it counts.
    pub says: &'static str,
}

/// See [`Definition`].
pub const REACH: Definition = Definition {
    name: "Reach",
    says: "Share of the eligible people who used the solution at least once since their unit's access. Eligible are the members of units that hold a slot.",
};
/// See [`Definition`].
pub const WEEKLY_ACTIVE: Definition = Definition {
    name: "Weekly active share",
    says: "Share of the eligible people with at least one event in the week, Monday to Sunday (UTC).",
};
/// See [`Definition`].
pub const ACTIVATION: Definition = Definition {
    name: "Activation",
    says: "Share of the eligible people who used the solution within 14 days of access. Units without 14 full days since access are left out.",
};
/// See [`Definition`].
pub const STICKINESS: Definition = Definition {
    name: "Stickiness",
    says: "People active in the last week that is over as a share of those active in the four weeks that end with it. It also rises when fewer use it at all, so read it beside the weekly active share.",
};
/// See [`Definition`].
pub const TIME_TO_ADOPT: Definition = Definition {
    name: "Time to adopt",
    says: "Days from access to the first event by which 50 % and 80 % of the eligible people had begun (Kaplan–Meier; those who have not begun yet count as waiting).",
};

/// All definitions, in the order in which the numbers stand on a page.
pub const DEFINITIONS: [Definition; 5] = [WEEKLY_ACTIVE, REACH, ACTIVATION, STICKINESS, TIME_TO_ADOPT];

/// One person's use on one day; who it is stands for nothing but himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UseDay {
    /// A number for the person.
    pub person: u32,
    /// The day, counted from any day 0.
    pub day: i64,
}

/// How many people are active in the `n_days` days that end with `last`.
pub fn active(uses: &[UseDay], last: i64, n_days: u32) -> u32 {
    let within = |used: &&UseDay| used.day <= last && used.day > last - i64::from(n_days);
    let people: BTreeSet<u32> = uses.iter().filter(within).map(|used| used.person).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// Stickiness on the day `last`: see [`STICKINESS`]. A part of those active in the month.
pub fn stickiness(uses: &[UseDay], last: i64) -> Part {
    Part { count: active(uses, last, 7), of: active(uses, last, N_DAYS_MONTH) }
}

/// What is known of a unit that has access.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitUse {
    /// How many belong to it.
    pub n_members: u32,
    /// When its access began.
    pub begins: Moment,
    /// By person who used it: the moment of his first event.
    pub first_uses: Vec<Moment>,
}

impl UnitUse {
    /// How many are eligible: its members, or those who used it where they are more than the members known.
    pub fn n_eligible(&self) -> u32 {
        self.n_members.max(self.n_used())
    }

    fn n_used(&self) -> u32 {
        u32::try_from(self.first_uses.len()).unwrap_or(u32::MAX)
    }

    /// See [`REACH`].
    pub fn reach(&self) -> Part {
        Part { count: self.n_used(), of: self.n_eligible() }
    }

    /// See [`ACTIVATION`]; `None` without 14 full days since access.
    pub fn activation(&self, now: Moment) -> Option<Part> {
        let deadline = self.begins.after_days(i64::from(N_DAYS_ACTIVATION));
        if now < deadline {
            return None;
        }
        let count = self.first_uses.iter().filter(|first| **first < deadline).count();
        Some(Part { count: u32::try_from(count).unwrap_or(u32::MAX), of: self.n_eligible() })
    }

    /// How long each eligible person has gone without: until his first event, or until now.
    ///
    /// Somebody who used it before the unit's access counts as having begun at once.
    pub fn stays(&self, now: Moment) -> impl Iterator<Item = Stay> {
        let begins = self.begins;
        let waiting = self.n_eligible() - self.n_used();
        let begun = self
            .first_uses
            .iter()
            .map(move |first| Stay::Adopted { days: first.days_since(begins).max(0.0) });
        let waits = (0..waiting).map(move |_| Stay::Waiting { days: now.days_since(begins).max(0.0) });
        begun.chain(waits)
    }
}
