//! Counting weeks that are over, from use by person and day: what is kept of each, and what is told of it.

mod known;

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, N_FEWEST, Part, Shown};
use traction_domain::measure::uptake::{
    self as rules, Access, Beside, Doing, Histories, N_DAYS_MONTH, Stay, UseDay,
};
use traction_domain::time::Moment;

use super::belonging::Belonging;
use super::held::{Held, Stretches};
use super::month::{self, ByUnit};
use super::store::uses::Uses;
use super::store::{ClosedWeek, UnitWeek, Week};
use known::Known;

use super::told::{Adopted, Breadth, Course, Depth, Fourth, Reached, Told, ToldBeside, ToldMonth};

/// A unit that has access, had it or will have it, and its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The unit.
    pub unit: UnitId,
    /// When.
    pub held: Held,
    /// Numbers of its wave, its layer and its cohort.
    pub groups: [u32; 3],
}

/// A change's use, to be closed week by week.
pub struct Book {
    /// The units, in whatever order.
    pub holders: Vec<Holder>,
    /// How many belong to them.
    belonging: Belonging,
    /// By unit, in which weeks it is counted: in those that were closed before as they were, in those to be closed
    /// where it holds a slot at their end.
    counted: BTreeMap<UnitId, Stretches>,
    /// What was told of the week before the first.
    pub before: Told,
    /// Units whose activation was counted before.
    pub activated: BTreeSet<UnitId>,
    /// How many were.
    pub n_activated: u32,
    /// The week from which periods are counted.
    pub origin: Week,
    /// What is shown by unit of the weeks before, as many as make up 28 days with the next.
    pub recent: Vec<ByUnit>,
    /// Their use, each day of the 28 that end with the first week to be closed.
    uses: Uses,
}

impl Book {
    /// A book in which nothing was closed yet.
    pub fn new(
        (holders, belonging): (Vec<Holder>, Belonging),
        counted: BTreeMap<UnitId, Stretches>,
        uses: Uses,
        origin: Week,
    ) -> Book {
        let (before, activated) = (Told::default(), BTreeSet::new());
        let recent = Vec::new();
        Book { holders, belonging, counted, before, activated, n_activated: 0, origin, recent, uses }
    }

    /// Closes the next week: its counts by unit, what is shown of all, and what is told of it.
    pub fn close(&mut self, week: Week, now: Moment) -> (ClosedWeek, Told, Vec<UnitWeek>) {
        let last = week.last_day();
        let ever = self.ever(week);
        let with_access: Vec<&Known> = ever.iter().filter(|one| self.counts(one.holder.unit, week)).collect();
        let units: Vec<UnitWeek> = with_access
            .iter()
            .map(|Known { holder, access, own, began }| {
                let counted = rules::count(*access, own, began, last);
                let activated = counted.activated.filter(|_| !self.activated.contains(&holder.unit));
                UnitWeek {
                    week,
                    unit: holder.unit,
                    of: counted.of,
                    active: counted.active,
                    active_before: counted.active_before,
                    activated,
                }
            })
            .collect();
        let n_activated = self.n_activated + units.iter().filter_map(|unit| unit.activated).sum::<u32>();
        let labels = labels(with_access.iter().map(|one| one.holder));
        let now_active = suppression::grouped(&active(&units), &labels);
        let before = suppression::grouped_for_all(&active_before(&units), &labels);
        let total = now_active.total;
        let shown = now_active.parts.iter().copied();
        let shown = units.iter().map(|unit| unit.unit).zip(shown).collect();
        let n_kept = usize::try_from(month::N_WEEKS - 1).unwrap_or(0);
        let n_before = self.recent.len().saturating_sub(n_kept);
        let recent: Vec<ByUnit> = self.recent.iter().skip(n_before).cloned().chain([shown]).collect();
        let is_fourth = (week.0 - self.origin.0 + 1) % 4 == 0;
        let fourth = if is_fourth {
            let known = units.iter().zip(now_active.parts.iter().zip(&before.parts));
            let known = known.map(|(unit, (active, before))| month::known(unit, (*active, *before), &recent));
            let sum = units.iter().map(|unit| unit.active + unit.active_before.unwrap_or(0)).sum();
            let can_be_told = suppression::to_hide(sum, &known.collect::<Vec<_>>()).is_some();
            let holds = matches!(before.total, Shown::Exact(_)) && can_be_told && !self.before.has_joined;
            Some(self.fourth(week, &ever, n_activated, holds))
        } else {
            self.before.fourth.clone()
        };
        let n_ever = Some(ever.iter().map(|one| one.own.n_people()).sum());
        let n_weeks_of_homes = month::n_weeks_of_homes(&self.before, week == self.origin);
        let has_joined = self.before.has_joined && !is_fourth;
        let told = Told { fourth, n_ever, n_weeks_of_homes, has_joined, ..self.lately(week) };
        self.activated.extend(units.iter().filter(|unit| unit.activated.is_some()).map(|unit| unit.unit));
        self.n_activated = n_activated;
        self.before = told.clone();
        self.recent = recent;
        (ClosedWeek { week, closed_at: now, total }, told, units)
    }

    /// What is told of the 28 days that end with a week, of the people of the units that are counted in it.
    fn lately(&self, week: Week) -> Told {
        let last = week.last_day();
        let from = last - i64::from(N_DAYS_MONTH) + 1;
        let is_in = |unit: Option<UnitId>| unit.is_some_and(|unit| self.counts(unit, week));
        let counts: Vec<bool> = self.uses.people.iter().map(|person| is_in(person.home(week))).collect();
        let n_kinds = self.uses.kinds.iter().filter(|first| **first <= last).count();
        let lately = || {
            let used = self.uses.lately.iter().filter(|used| (from..=last).contains(&used.day));
            used.filter(|used| counts[used.person as usize])
        };
        let uses: Vec<UseDay> = lately().map(|used| UseDay { person: used.person, day: used.day }).collect();
        let doings: Vec<Doing> = lately()
            .map(|used| Doing { person: used.person, kind: used.kind, n_events: used.n_events })
            .collect();
        let (days, events) = (Histories::of(&uses).frequency(last), rules::events_each(&doings));
        // A median is one person's: five or more must be on either side of it, and beyond a percentile.
        let is_enough = events.len() >= 2 * N_FEWEST as usize;
        let p90 = (events.len() >= 10 * N_FEWEST as usize).then(|| rules::percentile(&events, 0.9)).flatten();
        let median = |each: &[u32]| is_enough.then(|| rules::percentile(each, 0.5)).flatten();
        let mean = rules::breadth(&doings).filter(|_| is_enough);
        Told {
            frequency: median(&days),
            depth: median(&events).map(|median| Depth { median, p90 }),
            breadth: mean.map(|mean| Breadth { mean: (mean * 10.0).round() / 10.0, n_kinds }),
            fourth: None,
            n_ever: None,
            n_weeks_of_homes: 0,
            has_joined: false,
            origin: self.origin.0,
        }
    }

    /// What is told every fourth week.
    fn fourth(&self, week: Week, ever: &[Known], n_activated: u32, holds: bool) -> Fourth {
        let mut beside = self.before.fourth.as_ref().map(|fourth| fourth.beside.clone()).unwrap_or_default();
        let now = Beside::of(n_activated, holds, self.left(week, ever));
        beside.push(ToldBeside(now.n_activated, now.holds, now.few_left));
        let besides: Vec<Beside> = beside
            .iter()
            .map(|ToldBeside(n_activated, holds, few_left)| Beside {
                n_activated: *n_activated,
                holds: *holds,
                few_left: *few_left,
            })
            .collect();
        // Periods are counted from the first week of access.
        let (origin, last) = (self.origin.first_day(), week.last_day());
        let told = rules::months(&known::together(ever, origin), &besides, last - origin);
        let stays: Vec<Stay> =
            ever.iter().flat_map(|one| rules::stays(one.access, &one.began, last)).collect();
        // What was told of a period stays, also where an earlier version counted it otherwise.
        let before = self.before.fourth.as_ref();
        let mut months = before.map(|fourth| fourth.months.clone()).unwrap_or_default();
        let is_new = |month: u32| month as usize >= months.len();
        let reached = match told.reached {
            Some((count, month)) if is_new(month) => {
                Some(Reached { count, of: self.n_ever(week, ever, month), month })
            }
            _ => before.and_then(|fourth| fourth.reached),
        };
        months.extend(told.months.into_iter().skip(months.len()).map(ToldMonth::from));
        let firsts: Vec<(Access, &Histories)> = ever.iter().map(|one| (one.access, &one.began)).collect();
        let (new, n_followed) = rules::first_weeks(&firsts, last);
        Fourth {
            week: week.0,
            months,
            reached,
            adopted: adopted(&stays),
            course: match rules::course(&new, n_followed) {
                Ok(curve) => Course::Fitted {
                    innovation: (curve.innovation * 1000.0).round() / 1000.0,
                    imitation: (curve.imitation * 1000.0).round() / 1000.0,
                    peak: curve.peak().map(f64::round),
                },
                Err(refused) => Course::Refused(refused.to_string()),
            },
            beside,
        }
    }
}

/// How soon people began, in steps of five people or more; of fewer than ten eligible, or five who began or did not,
/// nothing is told.
fn adopted(stays: &[Stay]) -> Option<Adopted> {
    let n_begun = stays.iter().filter(|stay| matches!(stay, Stay::Adopted { .. })).count();
    let fewest = N_FEWEST as usize;
    if n_begun < fewest || stays.len() - n_begun.min(stays.len()) < fewest {
        return None;
    }
    let curve = rules::adoption(stays);
    let n = stays.len() as f64;
    let step = [0.1, 0.25, 0.5].into_iter().find(|step| step * n >= f64::from(N_FEWEST))?;
    let shares = (1..).map(|nth| f64::from(nth) * step).take_while(|share| *share < 1.0 - 1e-9);
    let steps = shares.filter_map(|share| Some((share, curve.days_to(share)?))).collect();
    let with_range = |share: f64| {
        let (low, high) = curve.range_to(share);
        (curve.days_to(share), low, high)
    };
    Some(Adopted { steps, half: with_range(0.5), most: with_range(0.8) })
}

/// The groups of units for a table of a week: all may be pooled with all, those of the same groups first.
pub fn labels<'a>(holders: impl Iterator<Item = &'a Holder>) -> Vec<Vec<u32>> {
    holders.map(|holder| std::iter::once(0).chain(holder.groups).collect()).collect()
}

/// The table of those active in the week.
pub fn active(units: &[UnitWeek]) -> Vec<Part> {
    units.iter().map(|unit| Part { count: unit.active.min(unit.of), of: unit.of }).collect()
}

/// The table of those active in the three weeks before and not in it, of those who were not active in it. In the first
/// week of access nobody can be.
pub fn active_before(units: &[UnitWeek]) -> Vec<Part> {
    let part = |unit: &UnitWeek| match unit.active_before {
        Some(count) => {
            let of = unit.of.saturating_sub(unit.active);
            Part { count: count.min(of), of }
        }
        None => Part { count: 0, of: 0 },
    };
    units.iter().map(part).collect()
}

/// The day of a moment, counted from the beginning of 1970.
pub fn day_of(at: Moment) -> i64 {
    at.milliseconds().div_euclid(86_400_000)
}
