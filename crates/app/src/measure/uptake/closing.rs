//! Counting weeks that are over, from use by person and day: what is kept of each, and what is told of it.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, N_FEWEST, Part, Shown};
use traction_domain::measure::uptake::{
    self as rules, Access, Beside, Doing, Histories, N_DAYS_MONTH, Stay, UseDay,
};
use traction_domain::time::Moment;

use super::held::{Held, Stretches};
use super::month::{self, ByUnit};
use super::store::rolled::Uses;
use super::store::{ClosedWeek, UnitWeek, Week};
use super::told::{Adopted, Breadth, Course, Depth, Fourth, Reached, Told, ToldBeside, ToldMonth};

/// A unit that has access, had it or will have it, and its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The unit.
    pub unit: UnitId,
    /// When.
    pub held: Held,
    /// How many belong to it.
    pub n_members: u32,
    /// Numbers of its wave, its layer and its cohort.
    pub groups: [u32; 3],
}

/// A change's use, to be closed week by week.
pub struct Book {
    /// The units, in whatever order.
    pub holders: Vec<Holder>,
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
    pub fn new(holders: Vec<Holder>, counted: BTreeMap<UnitId, Stretches>, uses: Uses, origin: Week) -> Book {
        let (before, activated) = (Told::default(), BTreeSet::new());
        Book { holders, counted, before, activated, n_activated: 0, origin, recent: Vec::new(), uses }
    }

    /// Closes the next week: its counts by unit, what is shown of all, and what is told of it.
    pub fn close(&mut self, week: Week, now: Moment) -> (ClosedWeek, Told, Vec<UnitWeek>) {
        let last = week.last_day();
        let ever = self.ever(week);
        let with_access: Vec<&Known> = ever.iter().filter(|one| self.counts(one.holder.unit, week)).collect();
        let units: Vec<UnitWeek> = with_access
            .iter()
            .map(|Known { holder, access, own }| {
                let counted = rules::count(*access, own, last);
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
        let before = suppression::grouped(&active_before(&units), &labels);
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
            let holds = matches!(before.total, Shown::Exact(_)) && can_be_told;
            Some(self.fourth(week, &ever, n_activated, holds))
        } else {
            self.before.fourth.clone()
        };
        let n_ever = Some(ever.iter().map(|one| one.own.n_people()).sum());
        let told = Told { fourth, n_ever, ..self.lately(week) };
        self.activated.extend(units.iter().filter(|unit| unit.activated.is_some()).map(|unit| unit.unit));
        self.n_activated = n_activated;
        self.before = told.clone();
        self.recent = recent;
        (ClosedWeek { week, closed_at: now, total }, told, units)
    }

    /// Whether a unit is counted in a week.
    fn counts(&self, unit: UnitId, week: Week) -> bool {
        self.counted.get(&unit).is_some_and(|counted| counted.hold(week))
    }

    /// All that were counted in any week until `week`, with what is known of them at its end. Those that left are among
    /// them: they are followed as long as they were counted.
    fn ever(&self, week: Week) -> Vec<Known<'_>> {
        let holders = self.holders.iter().filter_map(|holder| {
            let counted = self.counted.get(&holder.unit)?;
            counted.any(Week(i64::MIN), week).then_some((holder, counted))
        });
        let known = holders.map(|(holder, counted)| {
            let ends = counted.first_ended(week).map(Week::last_day);
            let access = Access { begins: day_of(holder.held.begins()), ends, n_members: holder.n_members };
            let own = self.uses.histories.get(&holder.unit).map(|own| own.until(week.last_day()));
            Known { holder, access, own: own.unwrap_or_default() }
        });
        known.collect()
    }

    /// What is told of the 28 days that end with a week, of the people of the units that are counted in it.
    fn lately(&self, week: Week) -> Told {
        let last = week.last_day();
        let from = last - i64::from(N_DAYS_MONTH) + 1;
        let counts: Vec<bool> = self.uses.units.iter().map(|unit| self.counts(*unit, week)).collect();
        let n_kinds = self.uses.kinds.iter().filter(|first| **first <= last).count();
        let lately = || {
            let used = self.uses.lately.iter().filter(|used| (from..=last).contains(&used.day));
            used.filter(|used| counts[used.unit as usize])
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
            origin: self.origin.0,
        }
    }

    /// How many are in the units that were counted by the end of a period.
    fn n_ever(&self, ever: &[Known], month: u32) -> u32 {
        let ends = Week(self.origin.0 + month::N_WEEKS * (i64::from(month) + 1) - 1);
        let by_then = ever.iter().filter(|one| self.counted[&one.holder.unit].any(Week(i64::MIN), ends));
        by_then.map(|one| one.access.n_eligible(&one.own)).sum()
    }

    /// Of the units that were counted in the 28 days that end with a week, and no longer in it: how many of their people
    /// were active in these days.
    fn left(&self, week: Week, ever: &[Known]) -> Part {
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
        let told = rules::months(&together(ever, origin), &besides, last - origin);
        let n_eligible: u32 = ever.iter().map(|one| one.access.n_eligible(&one.own)).sum();
        let stays: Vec<Stay> = ever.iter().flat_map(|one| rules::stays(one.access, &one.own, last)).collect();
        let months = told.months.into_iter().map(|month| ToldMonth {
            lifecycle: month
                .lifecycle
                .map(|cycle| [cycle.new, cycle.returning, cycle.resurrecting, cycle.dormant]),
            retained: month.retained.into_iter().map(Into::into).collect(),
        });
        let firsts: Vec<(Access, &Histories)> = ever.iter().map(|one| (one.access, &one.own)).collect();
        let (new, n_followed) = rules::first_weeks(&firsts, last);
        Fourth {
            week: week.0,
            months: months.collect(),
            reached: told.reached.map(|(count, month)| Reached {
                count,
                of: self.n_ever(ever, month),
                month,
            }),
            adopted: adopted(&stays, n_eligible),
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

/// A unit that was counted, and what is known of it at the end of a week.
struct Known<'a> {
    holder: &'a Holder,
    access: Access,
    own: Histories,
}

/// The histories of all units as one, days counted from `origin`. What happened before counts on the first day.
fn together(ever: &[Known], origin: i64) -> Histories {
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

/// How soon people began, in steps of five people or more; of fewer than ten eligible, or five who began or did not,
/// nothing is told.
fn adopted(stays: &[Stay], n_eligible: u32) -> Option<Adopted> {
    let n_begun = stays.iter().filter(|stay| matches!(stay, Stay::Adopted { .. })).count();
    let fewest = N_FEWEST as usize;
    if n_begun < fewest || stays.len() - n_begun.min(stays.len()) < fewest {
        return None;
    }
    let curve = rules::adoption(stays);
    let n = f64::from(n_eligible);
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
