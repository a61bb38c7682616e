use super::*;
use crate::id::Id;
use crate::time::Moment;
use proptest::prelude::*;

fn unit(number: u8) -> UnitId {
    UnitId::made(Moment::from_milliseconds(0).unwrap(), [number; 10])
}

/// Two hospitals (1, 2) of a group (0) with two wards each (11, 12; 21, 22), and a clinic (9) of its own.
fn hospitals() -> Tree {
    let edges = [(0, None), (9, None), (1, Some(0)), (2, Some(0))];
    let wards = [(11, 1), (12, 1), (21, 2), (22, 2)].map(|(ward, above)| (ward, Some(above)));
    Tree::of(edges.into_iter().chain(wards).map(|(one, above)| (unit(one), above.map(unit))))
}

#[test]
fn steps_are_counted_up_to_where_two_units_meet_and_down_again() {
    #[track_caller]
    fn check(from: u8, to: u8, n_steps: u32) {
        assert_eq!(hospitals().steps(unit(from), unit(to)), n_steps, "{from} to {to}");
    }
    check(11, 11, 0);
    check(11, 1, 1);
    check(11, 12, 2);
    check(11, 2, 3);
    check(11, 21, 4);
    // The organisation stands above the group and the clinic.
    check(0, 9, 2);
    check(11, 9, 4);
}

#[test]
fn a_circle_ends_where_it_would_begin_anew() {
    let circle = Tree::of([(unit(1), Some(unit(2))), (unit(2), Some(unit(1)))]);
    assert_eq!(circle.upwards(unit(1)), [unit(1), unit(2)]);
    assert_eq!(circle.steps(unit(1), unit(2)), 1);
}

/// A tree of as many units as there are numbers, each below an earlier one, or at the top where its number is 0.
fn grown(parents: &[u8]) -> (Vec<UnitId>, Tree) {
    let units: Vec<UnitId> = (0..parents.len()).map(|n| unit(n as u8)).collect();
    let above = |(n, parent): (usize, &u8)| match usize::from(*parent) % (n + 1) {
        0 => None,
        earlier => Some(units[earlier - 1]),
    };
    let edges: Vec<_> = parents.iter().enumerate().map(above).zip(&units).map(|(p, u)| (*u, p)).collect();
    (units, Tree::of(edges))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Steps are a distance: none to oneself alone, the same both ways, and no detour is shorter.
    #[test]
    fn steps_are_a_distance(parents in prop::collection::vec(any::<u8>(), 3..20), a in 0..20_usize, b in 0..20_usize, c in 0..20_usize) {
        let (units, tree) = grown(&parents);
        let at = |n: usize| units[n % units.len()];
        let (a, b, c) = (at(a), at(b), at(c));
        prop_assert_eq!(tree.steps(a, b) == 0, a == b);
        prop_assert_eq!(tree.steps(a, b), tree.steps(b, a));
        prop_assert!(tree.steps(a, c) <= tree.steps(a, b) + tree.steps(b, c));
    }
}
