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

/// What a reader knows of a part of a sum: as it is shown, and if it were hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// As it is shown.
    pub shown: Range,
    /// If it were not.
    pub hidden: Range,
}

/// Which parts of a sum must be hidden besides, so that the sum leaves each hidden one open, by their places; `None` where
/// not even all of them would do, and the sum must not be told.
///
/// Open is a sum where what is known of its parts ends five or more below it, and five or more above; and one of shown parts
/// alone, of which nothing is hidden. Hidden first is what is known least of then.
pub fn to_hide(sum: u32, parts: &[Known]) -> Option<Vec<usize>> {
    let total = |of: fn(&Range) -> u32| parts.iter().map(|part| u64::from(of(&part.shown))).sum::<u64>();
    let (mut low, mut high) = (total(|range| range.low), total(|range| range.high));
    let (sum, fewest) = (u64::from(sum), u64::from(N_FEWEST));
    let mut may_hide: Vec<usize> =
        (0..parts.len()).filter(|place| parts[*place].shown.low == parts[*place].shown.high).collect();
    may_hide
        .sort_by_key(|place| parts[*place].shown.low - parts[*place].hidden.low.min(parts[*place].shown.low));
    let mut hidden = Vec::new();
    while low != high && (sum < low + fewest || high < sum + fewest) {
        let place = may_hide.pop()?;
        low -= u64::from(parts[place].shown.low - parts[place].hidden.low.min(parts[place].shown.low));
        high += u64::from(parts[place].hidden.high.saturating_sub(parts[place].shown.high));
        hidden.push(place);
    }
    Some(hidden)
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

    fn hidden(low: u32) -> Known {
        let range = Range { low, high: OF };
        Known { shown: range, hidden: range }
    }

    fn shown(count: u32, low: u32) -> Known {
        Known { shown: Range { low: count, high: count }, hidden: Range { low, high: OF } }
    }

    /// Five units whose best weeks add up to what the month of all is told as: each hidden month would be known.
    #[test]
    fn a_sum_that_its_weeks_reach_leaves_nothing_open() {
        let parts = [6, 10, 10, 9, 6].map(hidden);
        for (sum, is_told) in [(41, false), (45, false), (46, true), (95, true), (96, false)] {
            assert_eq!(to_hide(sum, &parts), is_told.then(Vec::new), "{sum}");
        }
        assert_eq!(to_hide(24, &[shown(12, 9), shown(12, 8)]), Some(vec![]));
        assert_eq!(to_hide(0, &[]), Some(vec![]));
    }

    #[test]
    fn shown_parts_are_hidden_until_the_sum_is_open() {
        // Three are missing to five: the one that is known least of gives four more.
        let parts = [hidden(10), shown(12, 9), shown(15, 11), shown(11, 10)];
        assert_eq!(to_hide(50, &parts), Some(vec![2]));
        assert_eq!(to_hide(48, &parts), Some(vec![2, 1]));
        assert_eq!(to_hide(48, &[hidden(10), shown(38, 36)]), None);
    }
}
