//! What may be told when: numbers that build on each other are let out so that no later one, subtracted from an
//! earlier, is about fewer than five people.

use crate::measure::suppression::{self, N_FEWEST, Part, Published, Shown};
use crate::measure::uptake::history::{Histories, Lifecycle, N_DAYS_MONTH};

/// What is told of one period of 28 days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its number, from 0.
    pub number: u32,
    /// What people did; `None` where one of the four counts is about fewer than five.
    pub lifecycle: Option<Lifecycle>,
    /// Of those who began in each earlier period: how many were active in this one; in the order of the periods.
    pub retained: Vec<Shown>,
}

/// What is known beside the end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// How many were told by then as having begun soon after access: they are among the reached.
    pub n_activated: u32,
    /// Whether the table of units holds when it is known how many were active in the period.
    pub holds: bool,
    /// Whether so few people of units that left in the period were active in it, or were not, that nobody may learn how
    /// many were active in all: the table of units has the others alone.
    pub few_left: bool,
}

impl Beside {
    /// What is known beside the end of a period.
    ///
    /// - `left`: how many were active in the period of the people of units that no longer had access at its end; of none
    ///   where no unit left.
    pub fn of(n_activated: u32, holds: bool, left: Part) -> Beside {
        let is_few = left.count < N_FEWEST || left.of.saturating_sub(left.count) < N_FEWEST;
        Beside { n_activated, holds, few_left: left.of > 0 && is_few }
    }
}

/// What is told of a change's periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The periods that are over, oldest first.
    pub months: Vec<Month>,
    /// How many used it at least once, as last told, and in which period that was; `None` before the first time.
    pub reached: Option<(u32, u32)>,
}

/// Whether nothing was told yet but that it is few, so that all may be counted anew with what came late.
///
/// - `n_ever`: how many people were counted in any week so far. Not how many in the fullest one: reach, activation and
///   time to adopt add up over weeks of few.
pub fn is_untold(n_ever: u32) -> bool {
    n_ever < N_FEWEST
}

/// Tells the periods of 28 days that are over, the first of which begins on day 0, until the end of `last`.
///
/// - `beside`: by period, what is known beside.
/// - A period's four counts are told all or not at all: they add up to counts of all, so that three would tell the
///   fourth; and two of them to those who were active in the period before, so nor are they where few left in either. Nor
///   are they where fewer than five of the active were inactive in its last week, or of those who
///   began were slow: both are known beside.
/// - Reach is told when no period was left untold since it was told last, or when two or more were and have five new
///   people together: the told ones can be subtracted, and of a lone one the rest would follow. Five or more of the
///   reached must have lapsed, and five or more of those new people, who can both be told from those who are active.
/// - The people who came back in a period, by the period in which they began, are a table with a known sum, in which
///   the new ones are hidden where they are not told. Those of a period that was not told have no size that could be
///   shown.
pub fn months(histories: &Histories, beside: &[Beside], last: i64) -> Released {
    let length = i64::from(N_DAYS_MONTH);
    let n_months = u32::try_from((last + 1).max(0) / length).unwrap_or(0);
    let mut months = Vec::new();
    let mut reached = None;
    let mut n_all = 0;
    // Those who began in each of the periods that were left untold since reach was told.
    let mut untold: Vec<Histories> = Vec::new();
    let mut few_left_before = false;
    let mut sizes: Vec<(u32, bool)> = Vec::new();
    for (number, beside) in (0..n_months).zip(beside) {
        let end = (i64::from(number) + 1) * length - 1;
        let cycle = histories.lifecycle(N_DAYS_MONTH, i64::from(number));
        n_all += cycle.new;
        let n_not_lately = cycle.active() - histories.active(end, 7);
        let n_late = n_all.saturating_sub(beside.n_activated);
        // In the first period nobody can return; in the second nobody resurrects.
        let can_be = [
            (cycle.new, 0),
            (n_not_lately, 0),
            (n_late, 0),
            (cycle.returning, 1),
            (cycle.dormant, 1),
            (cycle.resurrecting, 2),
        ];
        let few_left = std::mem::replace(&mut few_left_before, beside.few_left) || beside.few_left;
        let is_told = beside.holds
            && !few_left
            && can_be.iter().all(|(count, since)| number < *since || *count >= N_FEWEST);
        if !is_told {
            untold.push(histories.begun_in(end + 1 - length..end + 1));
        }
        let n_new: u32 = untold.iter().map(Histories::n_people).sum();
        // Of them, those who were not active in this period follow from their sum and from all who were.
        let n_gone = n_new - untold.iter().map(|began| began.active(end, N_DAYS_MONTH)).sum::<u32>();
        let is_pooled = untold.len() >= 2 && [n_new, n_late, n_gone].iter().all(|count| *count >= N_FEWEST);
        if untold.is_empty() || (is_pooled && n_all - cycle.active() >= N_FEWEST) {
            reached = Some((n_all, number));
            untold.clear();
        }
        let retained = retained(histories, &sizes, number, (!is_told).then_some(cycle.new));
        months.push(Month { number, lifecycle: is_told.then_some(cycle), retained });
        sizes.push((cycle.new, is_told));
    }
    Released { months, reached }
}

/// Of those who began in each period before `number`, how many were active in it; `untold_new` are the people who
/// began in it, where they are not told.
fn retained(
    histories: &Histories,
    sizes: &[(u32, bool)],
    number: u32,
    untold_new: Option<u32>,
) -> Vec<Shown> {
    let length = i64::from(N_DAYS_MONTH);
    let last = (i64::from(number) + 1) * length - 1;
    let mut parts: Vec<Part> = (0_i64..)
        .zip(sizes)
        .map(|(began, (size, _))| {
            let cohort = histories.begun_in(began * length..(began + 1) * length);
            Part { count: cohort.active(last, N_DAYS_MONTH), of: *size }
        })
        .collect();
    // Of a size that hides it always, whatever it is.
    parts.extend(untold_new.map(|count| Part { count, of: count.max(2 * N_FEWEST - 1) }));
    let Published { parts: shown, total } = suppression::table(&parts);
    let is_sound = matches!(total, Shown::Exact(_));
    let told = |(shown, (_, is_told)): (Shown, &(u32, bool))| {
        if is_sound && *is_told { shown } else { Shown::Withheld }
    };
    shown.into_iter().zip(sizes).map(told).collect()
}
