//! Whether a sum that is shown leaves open what the hidden parts of it are, to a reader who knows something of each.

use super::{N_FEWEST, Part, Shown};

/// What a reader knows of a count: at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// At least so many.
    pub low: u32,
    /// At most so many.
    pub high: u32,
}

impl Range {
    /// Of what is shown of a count among `of`; of nothing, that it is among them.
    fn of(shown: Option<Shown>, of: u32) -> Range {
        match shown {
            Some(Shown::Exact(Part { count, .. })) => Range { low: count, high: count },
            Some(Shown::Few { .. }) => Range { low: 0, high: of.min(N_FEWEST - 1) },
            Some(Shown::NearlyAll { of }) => Range { low: of.saturating_sub(N_FEWEST - 1), high: of },
            Some(Shown::Withheld) | None => Range { low: 0, high: of },
        }
    }

    /// Of those active in a month, by what is shown of it and of the weeks in it: no fewer than in any of them, no more than
    /// in all together.
    pub fn of_month(month: Shown, weeks: &[Shown], of: u32) -> Range {
        let known = Range::of(Some(month), of);
        let weeks = weeks.iter().map(|week| Range::of(Some(*week), of));
        let (least, most) = weeks.fold((0, 0), |(least, most): (u32, u32), week| {
            (least.max(week.low), most.saturating_add(week.high))
        });
        Range { low: known.low.max(least).min(known.high), high: known.high.min(most.max(known.low)) }
    }
}

/// Whether a sum of counts leaves each hidden one open: what is known of all must end five or more below it, and five or
/// more above. Of a sum of known counts nothing is hidden.
pub fn is_open(sum: u32, known: impl IntoIterator<Item = Range>) -> bool {
    let both = known.into_iter().fold(Range { low: 0, high: 0 }, |sum, one| Range {
        low: sum.low.saturating_add(one.low),
        high: sum.high.saturating_add(one.high),
    });
    both.low == both.high || (sum >= both.low + N_FEWEST && both.high >= sum + N_FEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF: u32 = 20;

    fn exact(count: u32) -> Shown {
        Shown::Exact(Part { count, of: OF })
    }

    fn month(month: Shown, weeks: &[Shown]) -> (u32, u32) {
        let range = Range::of_month(month, weeks, OF);
        (range.low, range.high)
    }

    #[test]
    fn a_month_has_no_fewer_than_its_fullest_week_and_no_more_than_all_of_them() {
        let few = Shown::Few { of: OF };
        assert_eq!(month(Shown::Withheld, &[exact(6), exact(9), few]), (9, 19));
        assert_eq!(month(Shown::Withheld, &[exact(6), Shown::Withheld]), (6, 20));
        assert_eq!(month(Shown::Withheld, &[few, few]), (0, 8));
        assert_eq!(month(exact(11), &[exact(6), exact(9)]), (11, 11));
        assert_eq!(month(Shown::NearlyAll { of: OF }, &[exact(6)]), (16, 16));
        assert_eq!(month(Shown::NearlyAll { of: OF }, &[Shown::Withheld]), (16, 20));
    }

    /// Five units whose best weeks add up to what the month of all is told as: each hidden month would be known.
    #[test]
    fn a_sum_that_its_weeks_reach_leaves_nothing_open() {
        let low = [6, 10, 10, 9, 6].map(|low| Range { low, high: OF });
        for (sum, expect) in [(41, false), (45, false), (46, true), (95, true), (96, false)] {
            assert_eq!(is_open(sum, low), expect, "{sum}");
        }
        assert!(is_open(12, [Range { low: 12, high: 12 }]));
        assert!(!is_open(12, [Range { low: 9, high: 40 }]));
        assert!(is_open(0, []));
    }
}
