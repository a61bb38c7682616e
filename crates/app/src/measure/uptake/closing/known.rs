//! What is known at the end of a week of the units that were counted by then, each person in one of them.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::Part;
use traction_domain::measure::uptake::{Access, Histories, N_DAYS_MONTH, UseDay};

use super::{Book, Holder, day_of};
use crate::measure::uptake::month;
use crate::measure::uptake::store::{UnitWeek, Week};

/// A unit that was counted, and what is known of it at the end of a week.
pub struct Known<'a> {
    /// The unit.
    pub holder: &'a Holder,
    /// When it had access first, and how many of its people count in it.
    pub access: Access,
    /// Those who are counted in it, with all they did, also before they were.
    pub own: Histories,
    /// The first day of each who was counted in it first.
    pub began: Histories,
}

impl Book {
    /// Whether a unit is counted in a week.
    pub(super) fn counts(&self, unit: UnitId, week: Week) -> bool {
        self.counted.get(&unit).is_some_and(|counted| counted.hold(week))
    }

    /// All that were counted in any week until `week`, with what is known of them at its end. Those that left are among
    /// them: they are followed as long as they were counted.
    pub(super) fn ever(&self, week: Week) -> Vec<Known<'_>> {
        let mut own = BTreeMap::<UnitId, Vec<Vec<i64>>>::new();
        let mut began = BTreeMap::<UnitId, Vec<Vec<i64>>>::new();
        let mut n_ever = BTreeMap::<UnitId, u32>::new();
        for person in &self.uses.people {
            for unit in person.homes_until(week) {
                *n_ever.entry(unit).or_insert(0) += 1;
            }
            let (days, first) = (person.days_until(week), person.homes.first());
            let Some(((home, first), day)) = person.home(week).zip(first).zip(days.first()) else { continue };
            own.entry(home).or_default().push(days.to_vec());
            began.entry(first.unit).or_default().push(vec![*day]);
        }
        let counted = |(unit, counted): (&UnitId, &super::Stretches)| {
            counted.any(Week(i64::MIN), week).then_some(*unit)
        };
        let once: BTreeSet<UnitId> = self.counted.iter().filter_map(counted).collect();
        let now: BTreeSet<UnitId> = once.iter().copied().filter(|unit| self.counts(*unit, week)).collect();
        let n_members = self.belonging.n_members(&now, &once);
        let histories = |of: &mut BTreeMap<UnitId, Vec<Vec<i64>>>, unit: UnitId| {
            Histories::of_each(of.remove(&unit).unwrap_or_default())
        };
        let holders = self.holders.iter().filter(|holder| once.contains(&holder.unit));
        let known = holders.map(|holder| {
            let ends = self.counted[&holder.unit].first_ended(week).map(Week::last_day);
            let n_members = n_members.get(&holder.unit).copied().unwrap_or(0);
            let n_ever = n_ever.get(&holder.unit).copied().unwrap_or(0);
            let access = Access { begins: day_of(holder.held.begins()), ends, n_members, n_ever };
            let (own, began) = (histories(&mut own, holder.unit), histories(&mut began, holder.unit));
            Known { holder, access, own, began }
        });
        known.collect()
    }

    /// Looks whether those who were counted by the end of `last` are fewer now, since somebody is known under several names
    /// meanwhile. What was told of it stays; the next period is not told then, and the next 28 days are not until all of
    /// their weeks were counted with him as one: what is missing would be he.
    ///
    /// - `rows`: what was counted of the last weeks.
    pub fn look_back(&mut self, last: Week, rows: &[UnitWeek]) {
        let n_ever: u32 = self.ever(last).iter().map(|one| one.own.n_people()).sum();
        let has_joined = self.before.n_ever.is_some_and(|before| before != n_ever);
        let first = last.0 + 1 - i64::from(self.before.n_weeks_of_homes);
        let is_other = (first..=last.0).map(Week).any(|week| {
            let ever = self.ever(week);
            let active: BTreeMap<UnitId, u32> =
                ever.iter().map(|one| (one.holder.unit, one.own.active(week.last_day(), 7))).collect();
            let mut own = rows.iter().filter(|row| row.week == week);
            own.any(|row| active.get(&row.unit).is_some_and(|active| *active != row.active))
        });
        self.before.has_joined |= has_joined;
        if is_other {
            self.before.n_weeks_of_homes = 0;
        }
    }

    /// How many are in the units that were counted by the end of a period, where `ever` is known at the end of `week`.
    pub(super) fn n_ever(&self, week: Week, ever: &[Known], month: u32) -> u32 {
        let ends = Week(self.origin.0 + month::N_WEEKS * (i64::from(month) + 1) - 1);
        if ends == week { n_eligible(ever) } else { n_eligible(&self.ever(ends)) }
    }

    /// Of the units that were counted in the 28 days that end with a week, and no longer in it: how many of their people
    /// were active in these days.
    pub(super) fn left(&self, week: Week, ever: &[Known]) -> Part {
        let since = Week(week.0 - i64::from(N_DAYS_MONTH) / 7 + 1);
        let left = ever.iter().filter(|one| {
            let counted = &self.counted[&one.holder.unit];
            counted.any(since, week) && !counted.hold(week)
        });
        let part = |one: &Known| Part {
            count: one.own.active(week.last_day(), N_DAYS_MONTH),
            of: one.access.n_eligible(&one.own),
        };
        left.map(part).sum()
    }
}

/// How many are eligible in all of these units.
pub fn n_eligible(ever: &[Known]) -> u32 {
    ever.iter().map(|one| one.access.n_eligible(&one.own)).sum()
}

/// The histories of all units as one, days counted from `origin`. What happened before counts on the first day.
pub fn together(ever: &[Known], origin: i64) -> Histories {
    let mut uses = Vec::new();
    let mut person = 0;
    for one in ever {
        for days in one.own.each() {
            uses.extend(days.iter().map(|day| UseDay { person, day: (day - origin).max(0) }));
            person += 1;
        }
    }
    Histories::of(&uses)
}
