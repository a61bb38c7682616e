//! Who was active when: days of use, person by person, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::suppression::Part;

/// Days of the window that stickiness, frequency and depth look at.
pub const N_DAYS_MONTH: u32 = 28;

/// One person's use on one day; who it is stands for nothing but himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UseDay {
    /// A number for the person.
    pub person: u32,
    /// The day, counted from any day 0.
    pub day: i64,
}

/// The days of use of each person, ascending and without repeats; nobody without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories(Vec<Vec<i64>>);

impl Histories {
    /// From days of use in any order.
    pub fn of(uses: &[UseDay]) -> Histories {
        let mut days = BTreeMap::<u32, BTreeSet<i64>>::new();
        uses.iter().for_each(|used| {
            days.entry(used.person).or_default().insert(used.day);
        });
        Histories(days.into_values().map(|days| days.into_iter().collect()).collect())
    }

    /// From the days of each person, in any order and with repeats.
    pub fn of_each(people: impl IntoIterator<Item = Vec<i64>>) -> Histories {
        let ascending = people.into_iter().map(|mut days| {
            days.sort_unstable();
            days.dedup();
            days
        });
        Histories(ascending.filter(|days| !days.is_empty()).collect())
    }

    /// Those whose first day of use is in `days`.
    #[must_use]
    pub fn begun_in(&self, days: std::ops::Range<i64>) -> Histories {
        Histories(self.0.iter().filter(|own| days.contains(&own[0])).cloned().collect())
    }

    /// What had happened by the end of the day `last`.
    #[must_use]
    pub fn until(&self, last: i64) -> Histories {
        let before = |days: &Vec<i64>| days[..days.partition_point(|day| *day <= last)].to_vec();
        Histories(self.0.iter().map(before).filter(|days| !days.is_empty()).collect())
    }

    /// The days of each person, in no order that tells who.
    pub fn each(&self) -> impl Iterator<Item = &[i64]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// The first day of each person, in no order that tells who.
    pub fn first_days(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|days| days[0])
    }

    /// How many people.
    pub fn n_people(&self) -> u32 {
        count(self.0.len())
    }

    /// How many people are active in the `n_days` days that end with `last`.
    pub fn active(&self, last: i64, n_days: u32) -> u32 {
        let from = last - i64::from(n_days) + 1;
        count(self.0.iter().filter(|days| any_in(days, from, last)).count())
    }

    /// Active in the seven days that end with `last`, of those active in the 28.
    pub fn stickiness(&self, last: i64) -> Part {
        Part { count: self.active(last, 7), of: self.active(last, N_DAYS_MONTH) }
    }

    /// People active a day on average over the 28 days that end with `last`, as a share of those active in any of
    /// them; `None` where nobody is.
    pub fn mean_daily_share(&self, last: i64) -> Option<f64> {
        let days = self.frequency(last);
        let sum: f64 = days.iter().map(|days| f64::from(*days)).sum();
        (!days.is_empty()).then(|| sum / f64::from(N_DAYS_MONTH) / days.len() as f64)
    }

    /// How many of the 28 days that end with `last` each active person used it, ascending; those without any are not
    /// in it.
    pub fn frequency(&self, last: i64) -> Vec<u32> {
        let from = last - i64::from(N_DAYS_MONTH) + 1;
        let n_days = |days: &Vec<i64>| count(days.iter().filter(|day| (from..=last).contains(*day)).count());
        let mut each: Vec<u32> = self.0.iter().map(n_days).filter(|n| *n > 0).collect();
        each.sort_unstable();
        each
    }

    /// How many came back in the sense of `how`, of those who were followed long enough for it until `last`.
    pub fn retained(&self, how: Retention, last: i64) -> Part {
        let followed: Vec<&Vec<i64>> = self.0.iter().filter(|days| how.span(days[0]).1 <= last).collect();
        let came_back = |days: &&&Vec<i64>| {
            let (from, until) = how.span(days[0]);
            let until = if matches!(how, Retention::OnOrAfter { .. }) { last } else { until };
            any_in(days, from, until)
        };
        Part { count: count(followed.iter().filter(came_back).count()), of: count(followed.len()) }
    }

    /// What became of whom in period `number`, periods of `n_days` days, counted from day 0.
    pub fn lifecycle(&self, n_days: u32, number: i64) -> Lifecycle {
        let length = i64::from(n_days);
        let (from, until) = (number * length, (number + 1) * length - 1);
        let mut cycle = Lifecycle::default();
        for days in &self.0 {
            let is_active = any_in(days, from, until);
            let was_active = any_in(days, from - length, from - 1);
            match (is_active, was_active) {
                (true, _) if days[0] >= from => cycle.new += 1,
                (true, true) => cycle.returning += 1,
                (true, false) => cycle.resurrecting += 1,
                (false, true) => cycle.dormant += 1,
                (false, false) => {}
            }
        }
        cycle
    }
}

/// In what detail days are kept, so that a person of many days stays small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The day from which periods of 28 days are counted.
    pub origin: i64,
    /// Every day is kept from this one on.
    pub from: i64,
}

impl Detail {
    /// One person's days without those that nothing asks for: before `from` his first stays, and the last in each
    /// period. Whatever is counted at the end of `from + 27` or of a later day comes to the same, and so do periods.
    pub fn keep(self, mut days: Vec<i64>) -> Vec<i64> {
        days.sort_unstable();
        days.dedup();
        let period = |day: i64| (day - self.origin).div_euclid(i64::from(N_DAYS_MONTH));
        let is_kept = |nth: usize| {
            let (day, next) = (days[nth], days.get(nth + 1));
            nth == 0
                || day >= self.from
                || next.is_none_or(|next| *next >= self.from || period(*next) != period(day))
        };
        (0..days.len()).filter(|nth| is_kept(*nth)).map(|nth| days[nth]).collect()
    }
}

/// What coming back means. The same people give 5 % or 43 % by it, so it is named wherever a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Active exactly `k` days after the first one.
    Day {
        /// Days after the first.
        k: u32,
    },
    /// Active in the `k`-th stretch of `n_days` days after the first day, each by his own clock.
    Bounded {
        /// The length of a stretch.
        n_days: u32,
        /// Which one; 0 is the one that begins with the first day.
        k: u32,
    },
    /// Active in that stretch or later. Recent people have had less time, so their share is lower by itself.
    OnOrAfter {
        /// The length of a stretch.
        n_days: u32,
        /// The first that counts.
        k: u32,
    },
    /// Active in the `k`-th period of the calendar after that of the first day; periods are counted from day 0.
    Calendar {
        /// The length of a period.
        n_days: u32,
        /// Which one.
        k: u32,
    },
    /// Active at least once from `from` to `to` days after the first, both included.
    Bracket {
        /// The first day that counts.
        from: u32,
        /// The last.
        to: u32,
    },
}

impl Retention {
    /// The days from which to which somebody with this first day must have come back.
    fn span(self, first: i64) -> (i64, i64) {
        match self {
            Retention::Day { k } => (first + i64::from(k), first + i64::from(k)),
            Retention::Bounded { n_days, k } | Retention::OnOrAfter { n_days, k } => {
                let (length, k) = (i64::from(n_days), i64::from(k));
                (first + k * length, first + (k + 1) * length - 1)
            }
            Retention::Calendar { n_days, k } => {
                let length = i64::from(n_days);
                let period = first.div_euclid(length) + i64::from(k);
                (period * length, (period + 1) * length - 1)
            }
            Retention::Bracket { from, to } => (first + i64::from(from), first + i64::from(to)),
        }
    }
}

/// People by what they did in a period and before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// First use ever.
    pub new: u32,
    /// Active, as in the period before.
    pub returning: u32,
    /// Active, not in the period before, but earlier.
    pub resurrecting: u32,
    /// Active in the period before, and not in this one.
    pub dormant: u32,
}

impl Lifecycle {
    /// All who were active.
    pub fn active(self) -> u32 {
        self.new + self.returning + self.resurrecting
    }
}

/// How many people are active in the `n_days` days that end with `last`.
pub fn active(uses: &[UseDay], last: i64, n_days: u32) -> u32 {
    Histories::of(uses).active(last, n_days)
}

fn any_in(days: &[i64], from: i64, until: i64) -> bool {
    let place = days.partition_point(|day| *day < from);
    days.get(place).is_some_and(|day| *day <= until)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
