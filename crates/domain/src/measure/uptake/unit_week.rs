//! What is counted of one unit at the end of a week. Not to be shown as it is: see `suppression`.

use crate::measure::suppression::N_FEWEST;
use crate::measure::uptake::history::{Histories, N_DAYS_MONTH};
use crate::measure::uptake::{N_DAYS_ACTIVATION, Stay};

/// When a unit had access first, and how many belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The day on which its access began.
    pub begins: i64,
    /// The last day of it that was counted, of the first stretch where it had access again later; `None` while it has it.
    pub ends: Option<i64>,
    /// How many belong to it, as far as is known.
    pub n_members: u32,
    /// How many were ever counted in it, also those who are counted elsewhere now.
    pub n_ever: u32,
}

/// The counts of one unit at the end of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many are eligible.
    pub of: u32,
    /// Active in the week.
    pub active: u32,
    /// Active in the 28 days that end with it, and not in the week; `None` in the first week of access, in which nobody
    /// can be.
    pub active_before: Option<u32>,
    /// Began within 14 days of access; `None` before they are over.
    pub activated: Option<u32>,
}

impl Access {
    /// How many are eligible: its members. Where more were ever counted in it than are known as members, these, in fives,
    /// so that the size of the unit does not count its users, and does not fall when one of them goes elsewhere.
    pub fn n_eligible(self, own: &Histories) -> u32 {
        let n_used = own.n_people().max(self.n_ever);
        if n_used <= self.n_members { self.n_members } else { n_used.next_multiple_of(N_FEWEST) }
    }

    /// The last day until which its people were followed, by the end of `last`.
    fn followed_until(self, last: i64) -> i64 {
        self.ends.map_or(last, |ends| ends.min(last))
    }

    /// How many days it has had without a break by the end of `last`.
    fn n_days(self, last: i64) -> i64 {
        (self.followed_until(last) - self.begins + 1).max(0)
    }
}

/// What is counted of a unit at the end of the day `last`. Use on days after it does not count.
///
/// - `own`: those who are counted in it now, with all they did.
/// - `began`: those who were counted in it first, wherever they are now: nobody is activated twice.
pub fn count(unit: Access, own: &Histories, began: &Histories, last: i64) -> Count {
    let window = i64::from(N_DAYS_ACTIVATION);
    let activated = began.first_days().filter(|first| *first < unit.begins + window);
    Count {
        of: unit.n_eligible(own),
        active: own.active(last, 7),
        active_before: (last - unit.begins >= 7)
            .then(|| own.active(last, N_DAYS_MONTH) - own.active(last, 7)),
        activated: (unit.n_days(last) >= window)
            .then(|| u32::try_from(activated.count()).unwrap_or(u32::MAX)),
    }
}

/// How long each eligible person of a unit went without until the end of `last`, or of the unit's access. Who used it
/// before the unit's access began at once.
///
/// - `began`: those who were counted in it first, wherever they are now: nobody adopts twice.
pub fn stays(unit: Access, began: &Histories, last: i64) -> Vec<Stay> {
    let last = unit.followed_until(last);
    let followed = (last - unit.begins).max(0) as f64;
    let firsts: Vec<i64> = began.first_days().filter(|first| *first <= last).collect();
    let n_waiting = (unit.n_eligible(began) as usize).saturating_sub(firsts.len());
    let begun = firsts.iter().map(|first| Stay::Adopted { days: (first - unit.begins).max(0) as f64 });
    begun.chain((0..n_waiting).map(|_| Stay::Waiting { days: followed })).collect()
}

/// First uses by week since access, of the units that were followed longest and hold half of all who are eligible, and
/// how many are eligible in them. Each unit with those who were counted in it first, as in [`stays`].
pub fn first_weeks(units: &[(Access, &Histories)], last: i64) -> (Vec<u32>, u32) {
    let n_weeks = |unit: &Access| usize::try_from(unit.n_days(last) / 7).unwrap_or(0);
    let mut longest: Vec<&(Access, &Histories)> = units.iter().collect();
    longest.sort_by_key(|(unit, _)| std::cmp::Reverse(n_weeks(unit)));
    let n_all: u32 = units.iter().map(|(unit, own)| unit.n_eligible(own)).sum();
    let (mut n_eligible, mut followed) = (0, 0);
    for (unit, own) in &longest {
        if n_eligible * 2 >= n_all {
            break;
        }
        n_eligible += unit.n_eligible(own);
        followed = n_weeks(unit);
    }
    let mut new = vec![0; followed];
    let mut n_eligible = 0;
    for (unit, own) in longest.into_iter().filter(|(unit, _)| n_weeks(unit) >= followed) {
        n_eligible += unit.n_eligible(own);
        for first in own.first_days() {
            let week = usize::try_from((first - unit.begins).max(0) / 7).unwrap_or(usize::MAX);
            if let Some(week) = new.get_mut(week) {
                *week += 1;
            }
        }
    }
    (new, n_eligible)
}
