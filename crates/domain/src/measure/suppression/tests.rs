use super::*;
use proptest::prelude::*;

mod adversary;
mod slow;

use adversary::{Reader, found};

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

/// The pool's sum would be known to be 8, of which 5 can only be the other's: the small ones would be 4 together.
#[test]
fn a_part_whose_count_follows_from_its_size_shields_nobody() {
    let shown = table(&[part(2, 30), part(2, 30), part(5, 10), part(9, 20)]);
    assert_eq!(shown.parts[2..], [Shown::Withheld, Shown::Withheld]);
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
fn a_small_part_is_pooled_within_its_groups_so_that_their_sums_stand() {
    let parts = [part(2, 30), part(12, 30), part(9, 30), part(14, 30)];
    // First grouping: 0 and 1, 2 and 3; second: all in one.
    let shown = grouped(&parts, &[vec![0, 0], vec![0, 0], vec![1, 0], vec![1, 0]]);
    assert_eq!(
        shown.parts,
        [Shown::Few { of: 30 }, Shown::Withheld, Shown::Exact(parts[2]), Shown::Exact(parts[3])]
    );
    assert_eq!(shown.groups[0][&0], Shown::Exact(part(14, 60)));
    assert_eq!(shown.total, Shown::Exact(part(37, 120)));
}

#[test]
fn a_sum_that_cuts_a_pool_is_not_shown() {
    let parts = [part(2, 30), part(12, 30), part(9, 20), part(14, 30)];
    // The second grouping crosses the first.
    let shown = grouped(&parts, &[vec![0, 0], vec![0, 1], vec![0, 2], vec![0, 2]]);
    assert_eq!(shown.parts[2], Shown::Withheld);
    assert_eq!(shown.groups[1][&0], Shown::Few { of: 30 });
    assert_eq!(shown.groups[1][&1], Shown::Exact(parts[1]));
    assert_eq!(shown.groups[1][&2], Shown::Withheld);
    assert_eq!(shown.total, Shown::Exact(part(37, 110)));
}

#[test]
fn pools_never_cross_the_first_grouping_and_what_is_left_out_is_left_out_of_the_covered() {
    let parts = [part(2, 30), part(12, 30), part(9, 30)];
    let shown = grouped(&parts, &[vec![0], vec![1], vec![1]]);
    assert_eq!(shown.total, Shown::Withheld);
    assert_eq!(shown.covered, [1, 2]);
    assert_eq!(shown.groups[0][&1], Shown::Exact(part(21, 60)));
}

/// One of thirty is left over in the second wave: by itself it would follow from the sum of all and that of the first.
#[test]
fn the_sum_of_all_is_told_instead_of_a_groups_where_a_part_is_left_over() {
    let parts = [part(3, 30), part(3, 30), part(2, 30), part(1, 30), part(12, 30)];
    let labels = [[0, 1], [0, 1], [0, 1], [0, 2], [0, 3]].map(Vec::from);
    let shown = grouped(&parts[..4], &labels[..4]);
    assert_eq!((shown.total, shown.groups[1][&1]), (Shown::Withheld, Shown::Exact(part(8, 90))));
    let shown = grouped_for_all(&parts[..4], &labels[..4]);
    assert_eq!((shown.total, shown.groups[1][&1]), (Shown::Exact(part(9, 120)), Shown::Withheld));
    // Where a part that is shown closes it, that one is hidden, and the first wave's sum stands.
    assert_eq!(grouped_for_all(&parts, &labels), grouped(&parts, &labels));
    // Nine of nine may be none to nine: one pool is too sure for that, two together are not.
    let parts = [[3, 3, 2, 0].as_slice(), &[2; 4]].concat().into_iter().map(|count| part(count, 30));
    let mut parts: Vec<Part> = parts.collect();
    parts[3] = part(9, 9);
    let labels = [1, 1, 1, 2, 3, 3, 3, 3].map(|wave| vec![0, wave]);
    assert_eq!(grouped_for_all(&parts[..4], &labels[..4]).total, Shown::Withheld);
    let shown = grouped_for_all(&parts, &labels);
    assert_eq!((shown.total, shown.groups[1][&3]), (Shown::Exact(part(25, 219)), Shown::Withheld));
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

/// The adversary is worth its name: tables that hide the small parts and nothing else are seen through.
#[test]
fn without_complements_the_reader_finds_somebody() {
    let parts = [part(3, 12), part(6, 12)];
    let labels = vec![vec![0, 0], vec![0, 1]];
    let naive = Grouped {
        parts: parts.iter().map(|part| alone(*part)).collect(),
        groups: vec![],
        total: alone(part(9, 24)),
        covered: vec![0, 1],
    };
    assert!(!found(&parts, &Reader::of(&parts, &labels, &naive)).is_empty());
    assert_eq!(found(&parts, &Reader::of(&parts, &labels, &grouped(&parts, &labels))), Vec::<String>::new());
    // And across groupings: each table by itself holds, both together do not.
    let parts = [part(3, 12), part(9, 30), part(12, 30)];
    let labels = vec![vec![0, 0], vec![0, 1], vec![0, 1]];
    let mut crossing = grouped(&parts, &labels);
    assert_eq!(crossing.groups[1][&1], Shown::Withheld);
    crossing.groups[1].insert(1, Shown::Exact(part(21, 60)));
    assert!(!found(&parts, &Reader::of(&parts, &labels, &crossing)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    /// Brute force: a reader who knows the rules, the sizes and all that is shown tries every table that fits it. Every
    /// small part may still be five things (or anything, in a group smaller than that), and no sum over any parts is
    /// known unless five or more did and five or more did not.
    #[test]
    fn no_difference_of_what_is_shown_reveals_a_small_part(
        groups in prop::collection::vec((prop::sample::select(vec![0_u32, 3, 6, 9, 10, 11, 12, 14, 15]), 0..=1000_u32, 0..2_u32, 0..2_u32), 1..=4),
    ) {
        let parts: Vec<Part> = groups.iter().map(|(of, thousandth, ..)| part((of * thousandth + 500) / 1000, *of)).collect();
        let labels: Vec<Vec<u32>> = groups.iter().map(|(.., wave, layer)| vec![0, *wave, *layer]).collect();
        let shown = grouped(&parts, &labels);
        let found = found(&parts, &Reader::of(&parts, &labels, &shown));
        prop_assert!(found.is_empty(), "{parts:?} {labels:?} {shown:?}: {found:?}");
    }
    /// The same where the sum of all comes first. Most are small, so that some are left over.
    #[test]
    fn nor_does_it_where_the_sum_of_all_comes_first(
        groups in prop::collection::vec((prop::sample::select(vec![3_u32, 10, 12, 14]), 0..=400_u32, 0..2_u32, 0..2_u32), 2..=5),
    ) {
        let parts: Vec<Part> = groups.iter().map(|(of, thousandth, ..)| part((of * thousandth + 500) / 1000, *of)).collect();
        let labels: Vec<Vec<u32>> = groups.iter().map(|(.., wave, layer)| vec![0, *wave, *layer]).collect();
        let shown = grouped_for_all(&parts, &labels);
        let found = found(&parts, &Reader::of(&parts, &labels, &shown));
        prop_assert!(found.is_empty(), "{parts:?} {labels:?} {shown:?}: {found:?}");
        let plain = grouped(&parts, &labels);
        prop_assert_eq!(&shown.parts, &plain.parts);
        prop_assert!(shown.total == plain.total || plain.total == Shown::Withheld);
    }

    /// What is fast says what the slow one does, of tables in which many are small.
    #[test]
    fn a_table_is_that_of_the_slow_way(
        groups in prop::collection::vec((0..40_u32, 0..=1000_u32, 0..2_u32, 0..3_u32, 0..4_u32), 1..60),
    ) {
        let parts: Vec<Part> = groups.iter().map(|(of, thousandth, ..)| part((of * thousandth + 500) / 1000, *of)).collect();
        let labels: Vec<Vec<u32>> = groups.iter().map(|(.., a, b, c)| vec![0, *a, *b, *c]).collect();
        prop_assert_eq!(grouped(&parts, &labels), slow::grouped(&parts, &labels));
    }
}
