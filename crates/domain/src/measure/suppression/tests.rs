use super::*;
use proptest::prelude::*;

fn part(count: u32, of: u32) -> Part {
    Part { count, of }
}

#[test]
fn nothing_is_shown_of_fewer_than_five_on_either_side() {
    for (count, of, expect) in [
        (5, 10, Shown::Exact(part(5, 10))),
        (5, 9, Shown::Withheld),
        (0, 4, Shown::Withheld),
        (4, 30, Shown::Few { of: 30 }),
        (0, 30, Shown::Few { of: 30 }),
        (25, 30, Shown::Exact(part(25, 30))),
        (26, 30, Shown::NearlyAll { of: 30 }),
        (30, 30, Shown::NearlyAll { of: 30 }),
    ] {
        assert_eq!(alone(part(count, of)), expect, "{count} of {of}");
    }
}

#[test]
fn a_lone_hidden_part_takes_the_smallest_exact_one_with_it() {
    let shown = table(&[part(3, 30), part(15, 30), part(12, 24)]);
    assert_eq!(shown.parts, [Shown::Few { of: 30 }, Shown::Exact(part(15, 30)), Shown::Withheld]);
    assert_eq!(shown.total, Shown::Exact(part(30, 84)));
}

#[test]
fn where_no_part_is_left_to_hide_the_sum_is_withheld() {
    let shown = table(&[part(4, 30), part(3, 30)]);
    assert_eq!(shown, Published { parts: vec![Shown::Few { of: 30 }; 2], total: Shown::Withheld });
}

#[test]
fn a_table_without_small_parts_is_shown_as_it_is() {
    let parts = [part(15, 30), part(12, 24)];
    let shown = table(&parts);
    assert_eq!(shown.parts, parts.map(Shown::Exact));
    assert_eq!(shown.total, Shown::Exact(part(27, 54)));
    assert_eq!(table(&[]), Published { parts: vec![], total: Shown::Withheld });
}

#[test]
fn what_is_shown_says_so_in_words() {
    for (shown, words, share) in [
        (Shown::Exact(part(15, 30)), "50 % (15 of 30)", Some(0.5)),
        (Shown::Few { of: 40 }, "fewer than 5 of 40", None),
        (Shown::NearlyAll { of: 40 }, "all but fewer than 5 of 40", None),
        (Shown::Withheld, "not shown", None),
    ] {
        assert_eq!((shown.to_string().as_str(), shown.share()), (words, share));
    }
}

/// Whether `counts` fits what is shown, for a reader who knows the sizes of the groups.
fn fits(counts: &[u32], parts: &[Part], published: &Published) -> bool {
    let each = counts.iter().zip(parts).zip(&published.parts).all(|((count, part), shown)| match shown {
        Shown::Exact(exact) => exact.count == *count,
        Shown::Few { .. } => *count < N_FEWEST,
        Shown::NearlyAll { of } => of - count < N_FEWEST,
        Shown::Withheld => *count <= part.of,
    });
    let (sum, of): (u32, u32) = (counts.iter().sum(), parts.iter().map(|part| part.of).sum());
    each && match published.total {
        Shown::Exact(exact) => exact.count == sum,
        Shown::Few { .. } => sum < N_FEWEST,
        Shown::NearlyAll { .. } => of - sum < N_FEWEST,
        Shown::Withheld => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    /// Brute force: every table a reader cannot tell from the published one is tried, and a part with fewer than
    /// five on one side may still be five things at least (or anything, in a group smaller than that).
    #[test]
    fn no_difference_of_what_is_shown_reveals_a_small_part(
        groups in prop::collection::vec((0..=12_u32, 0..=1000_u32), 1..=3),
    ) {
        let parts: Vec<Part> = groups.iter().map(|(of, thousandth)| part((of * thousandth + 500) / 1000, *of)).collect();
        let published = table(&parts);
        let mut possible: Vec<std::collections::BTreeSet<u32>> = vec![Default::default(); parts.len()];
        let mut counts = vec![0; parts.len()];
        loop {
            if fits(&counts, &parts, &published) {
                possible.iter_mut().zip(&counts).for_each(|(seen, count)| { seen.insert(*count); });
            }
            let Some(place) = (0..parts.len()).find(|place| counts[*place] < parts[*place].of) else { break };
            counts[place] += 1;
            counts[..place].fill(0);
        }
        for (place, each) in parts.iter().enumerate() {
            let is_small = each.count < N_FEWEST || each.of - each.count < N_FEWEST;
            let enough = N_FEWEST.min(each.of + 1) as usize;
            prop_assert!(!is_small || possible[place].len() >= enough, "{parts:?} {published:?} {possible:?}");
        }
    }
}
