//! How near is near: each rule by itself, together, and whatever the tree.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::org::tree::Tree;

/// Two hospitals (100, 101) of one group (200); wards 1 to 3 in the first, 4 to 6 in the second.
fn tree() -> Tree {
    let hospitals = [(200, None), (100, Some(200)), (101, Some(200))];
    let wards = [(1, 100), (2, 100), (3, 100), (4, 101), (5, 101), (6, 101)];
    let edges = hospitals.into_iter().chain(wards.map(|(ward, above)| (ward, Some(above))));
    Tree::of(edges.map(|(one, above)| (unit(one), above.map(unit))))
}

/// It works in ward 1 alone.
fn works_in(number: u8) -> WorksIn {
    WorksIn { unit: unit(number), parent: tree().parent(unit(number)) }
}

/// The nearness and layer of ward `number`, which shares people with `shared`, where the change works in ward 1.
#[track_caller]
fn check(rules: &str, number: u8, shared: &[u8], nearness: Nearness, layer: u32) {
    let layers: Layers = rules.parse().unwrap();
    let shared: BTreeSet<UnitId> = shared.iter().map(|one| unit(*one)).collect();
    let found = layers.nearness(unit(number), &shared, &[works_in(1)], &tree());
    assert_eq!((found, layers.layer(found)), (nearness, layer), "`{rules}`, ward {number}");
}

#[test]
fn people_come_before_parents_and_parents_before_the_rest() {
    check("people,parent", 4, &[1], Nearness::SharesPeople, 0);
    check("people,parent", 2, &[1], Nearness::SharesPeople, 0);
    check("people,parent", 2, &[], Nearness::SameParent, 1);
    check("people,parent", 4, &[5], Nearness::Apart, 2);
}

#[test]
fn only_the_rules_that_count_tell_layers() {
    check("people", 2, &[], Nearness::Apart, 1);
    check("people", 4, &[1], Nearness::SharesPeople, 0);
    check("parent", 4, &[1], Nearness::Apart, 1);
    check("parent", 2, &[1], Nearness::SameParent, 0);
    check("", 2, &[1], Nearness::Apart, 0);
}

#[test]
fn distance_tells_apart_what_the_other_rules_leave() {
    check("distance", 2, &[1], Nearness::Steps(2), 1);
    check("distance", 4, &[1], Nearness::Steps(4), 3);
    check("distance", 100, &[], Nearness::Steps(1), 0);
    check("people,parent,distance", 2, &[], Nearness::SameParent, 1);
    check("people,parent,distance", 4, &[], Nearness::Steps(4), 5);
}

#[test]
fn where_it_works_nowhere_yet_all_units_are_equally_near() {
    let layers: Layers = "people,parent,distance".parse().unwrap();
    let nearness = layers.nearness(unit(4), &[unit(1)].into(), &[], &tree());
    assert_eq!((nearness, layers.layer(nearness)), (Nearness::NowhereYet, 0));
}

#[test]
fn two_units_at_the_top_of_the_tree_are_not_siblings() {
    let tops = Tree::of([(unit(1), None), (unit(2), None)]);
    let there = [WorksIn { unit: unit(1), parent: None }];
    let near =
        |rules: &str| rules.parse::<Layers>().unwrap().nearness(unit(2), &BTreeSet::new(), &there, &tops);
    assert_eq!(near("parent"), Nearness::Apart);
    assert_eq!(near("distance"), Nearness::Steps(2));
}

#[test]
fn a_layer_says_who_stands_in_it() {
    let layers: Layers = "people,parent,distance".parse().unwrap();
    assert_eq!(layers.says(0), "shares people with a unit that has it");
    assert_eq!(layers.says(1), "beside a unit that has it, under the same parent");
    assert_eq!(layers.says(2), "one step away in the organisation's tree");
    assert_eq!(layers.says(5), "4 steps away in the organisation's tree");
    assert_eq!(Layers::default().says(2), "elsewhere");
    assert_eq!("".parse::<Layers>().unwrap().says(0), "all units are equally near");
}

#[test]
fn rules_are_kept_as_words_and_others_refused() {
    for words in ["", "people", "parent,distance", "people,parent,distance"] {
        assert_eq!(words.parse::<Layers>().unwrap().to_string(), words);
    }
    assert_eq!("distance, people".parse::<Layers>().unwrap().to_string(), "people,distance");
    assert_eq!(
        "sympathy".parse::<Layers>().unwrap_err().to_string(),
        "`sympathy` is no rule of layers; it is one of people, parent, distance"
    );
}

/// Wards of the tree, some of which share people with others.
fn ward() -> impl Strategy<Value = (u8, BTreeSet<u8>)> {
    (1..=6_u8, prop::collection::btree_set(1..=6_u8, 0..3))
}

fn rules() -> impl Strategy<Value = Layers> {
    prop::collection::btree_set(prop::sample::select(LayerRule::ALL.to_vec()), 0..=3).prop_map(Layers::of)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Where a change works in one more place, no unit is farther from it than before; and of two units the one that
    /// shares people is never behind the other, where that counts.
    #[test]
    fn nobody_is_farther_when_it_works_in_more_places(
        rules in rules(), (number, shared) in ward(), there in prop::collection::btree_set(1..=6_u8, 1..5), more in 1..=6_u8,
    ) {
        let shared: BTreeSet<UnitId> = shared.into_iter().map(unit).collect();
        let layer = |shared: &BTreeSet<UnitId>, there: &BTreeSet<u8>| {
            let works: Vec<WorksIn> = there.iter().map(|one| works_in(*one)).collect();
            rules.layer(rules.nearness(unit(number), shared, &works, &tree()))
        };
        let before = layer(&shared, &there);
        let mut also = there.clone();
        also.insert(more);
        prop_assert!(layer(&shared, &also) <= before);
        if rules.count(LayerRule::SharedPeople) {
            let with_them: BTreeSet<UnitId> = there.iter().map(|one| unit(*one)).collect();
            prop_assert_eq!(layer(&with_them, &there), 0);
        }
        // What a layer is called never fails, and is the same for whoever stands in it.
        prop_assert!(!rules.says(before).is_empty());
    }
}
