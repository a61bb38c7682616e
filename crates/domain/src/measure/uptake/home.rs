//! Where somebody is counted who uses it in several units: in one of them at a time.

use crate::measure::uptake::history::N_DAYS_MONTH;

/// Weeks in the 28 days of which one person is counted in one unit.
const N_WEEKS_MONTH: i64 = N_DAYS_MONTH as i64 / 7;

/// Use in a unit on a day, in the order of weeks, days and units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsedIn<U> {
    /// The week, by its number.
    pub week: i64,
    /// The day, counted from any day 0.
    pub day: i64,
    /// The unit.
    pub unit: U,
}

/// A unit in which somebody is counted, from a week on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home<U> {
    /// The first week.
    pub since: i64,
    /// The unit.
    pub unit: U,
}

/// One person's homes, oldest first: all that he does counts in the one he has then.
///
/// - `uses`: his use in units that are counted in its week, ascending.
/// - `is_counted`: whether a unit is counted in a week.
///
/// It is where he used it first; of the units of one day the one with the least id. It stays until the unit is no longer
/// counted, or until he has used it nowhere for three weeks: then it is where he uses it first after that. So no 28 days
/// know him in two units that are counted at their end, no home moves that was told, and nobody's going from unit to unit
/// shows in a difference of weeks.
pub fn homes<U: Copy + Ord>(uses: &[UsedIn<U>], is_counted: impl Fn(U, i64) -> bool) -> Vec<Home<U>> {
    let mut homes: Vec<Home<U>> = Vec::new();
    let mut last_used = None;
    for own in uses.chunk_by(|one, next| one.week == next.week) {
        let UsedIn { week, unit, .. } = own[0];
        let has_rested = last_used.is_none_or(|last| week - last >= N_WEEKS_MONTH);
        let stays = homes
            .last()
            .is_some_and(|home| home.unit == unit || (!has_rested && is_counted(home.unit, week)));
        if !stays {
            homes.push(Home { since: week, unit });
        }
        last_used = Some(week);
    }
    homes
}

/// The home that somebody has at the end of a week; `None` before he used it.
pub fn home_in<U: Copy>(homes: &[Home<U>], week: i64) -> Option<U> {
    homes.iter().rev().find(|home| home.since <= week).map(|home| home.unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(uses: &[(i64, i64, char)]) -> Vec<UsedIn<char>> {
        let mut uses: Vec<UsedIn<char>> =
            uses.iter().map(|(week, day, unit)| UsedIn { week: *week, day: *day, unit: *unit }).collect();
        uses.sort();
        uses
    }

    #[track_caller]
    fn check(uses: &[(i64, i64, char)], expect: &[(i64, char)]) {
        let homes = homes(&of(uses), |unit, week| unit != 'l' || week < 2);
        let homes: Vec<(i64, char)> = homes.iter().map(|home| (home.since, home.unit)).collect();
        assert_eq!(homes, expect);
    }

    #[test]
    fn a_home_is_where_it_began_and_stays_until_a_rest_or_until_the_unit_left() {
        check(&[], &[]);
        check(&[(0, 3, 'a'), (0, 1, 'c'), (0, 1, 'b'), (0, 6, 'd')], &[(0, 'b')]);
        check(&[(0, 0, 'a'), (1, 7, 'b'), (2, 14, 'b'), (5, 35, 'b')], &[(0, 'a')]);
        check(&[(0, 0, 'a'), (4, 28, 'b'), (5, 35, 'a')], &[(0, 'a'), (4, 'b')]);
        check(&[(0, 0, 'a'), (4, 28, 'a')], &[(0, 'a')]);
        check(&[(0, 0, 'l'), (1, 7, 'b'), (2, 14, 'b'), (3, 21, 'a')], &[(0, 'l'), (2, 'b')]);
    }

    proptest! {
        /// Of whoever used it in 28 days, where no unit left: he has one home in all of them, it is one in which he was
        /// seen, and what is known later changes none of it.
        #[test]
        fn no_28_days_know_anybody_in_two_units(
            seen in prop::collection::vec((0_i64..24, 0_i64..7, prop::sample::select(vec!['a', 'b', 'c'])), 0..40)
        ) {
            let seen: Vec<_> = seen.into_iter().map(|(week, day, unit)| (week, 7 * week + day, unit)).collect();
            let all = of(&seen);
            let whole = homes(&all, |_, _| true);
            for until in 0..24 {
                let known: Vec<_> = all.iter().filter(|one| one.week <= until).copied().collect();
                let then = homes(&known, |_, _| true);
                prop_assert_eq!(home_in(&then, until), home_in(&whole, until));
                let lately = known.iter().filter(|one| one.week > until - 4);
                for one in lately {
                    prop_assert_eq!(home_in(&whole, one.week), home_in(&whole, until));
                }
            }
            prop_assert!(whole.iter().all(|home| all.iter().any(|one| (one.week, one.unit) == (home.since, home.unit))));
        }
    }
}
