//! What holds in every draw, and the draw against a second writing of it.

use super::*;
use proptest::prelude::*;

/// A list, who withdrew, and the terms: few units and few parents, so that cuts and caps bite.
fn draws() -> impl Strategy<Value = (Vec<Entry>, BTreeSet<String>, Terms)> {
    let entry = (0..3_u32, 0..2_u32, prop::bool::weighted(0.1), prop::option::of(0..3_u8));
    let cap = prop::option::of(1..4_u32);
    let withdrawn = prop::collection::vec(prop::bool::weighted(0.15), 12);
    (prop::collection::vec(entry, 1..12), 0..14_u32, cap, withdrawn).prop_map(
        |(entries, slots, cap, withdrawn)| {
            let cap = cap.and_then(NonZeroU32::new).map(Cap);
            let entry =
                |(index, (band, layer, is_protected, parent)): (usize, (u32, u32, bool, Option<u8>))| Entry {
                    place: if is_protected { Place::Protected } else { Place::Open },
                    parent: parent.filter(|_| cap.is_some()).map(|parent| format!("parent-{parent}")),
                    ..open(&format!("unit-{index}"), band, layer)
                };
            let entries: Vec<_> = entries.into_iter().enumerate().map(entry).collect();
            let gone = entries.iter().zip(withdrawn).filter(|(_, gone)| *gone);
            let gone = gone.map(|(entry, _)| entry.unit.clone()).collect();
            (entries, gone, Terms { slots: Slots(slots), cap })
        },
    )
}

fn protected_of(entries: &[Entry], withdrawn: &BTreeSet<String>) -> usize {
    let present = entries.iter().filter(|entry| !withdrawn.contains(&entry.unit));
    present.filter(|entry| entry.place == Place::Protected).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_draw_keeps_its_promises((entries, withdrawn, terms) in draws(), byte: u8) {
        let n_slots = terms.slots.0 as usize;
        let n_protected = protected_of(&entries, &withdrawn);
        let drawn = record(entries.clone(), &withdrawn, terms, secret(byte));
        if n_protected > n_slots {
            let refused = matches!(drawn, Err(DrawRefused::ProtectedExceedSlots { .. }));
            prop_assert!(refused);
            return Ok(());
        }
        let record = drawn.unwrap();

        let other = granted_in_other_words(&entries, &withdrawn, terms, record.seed.bytes());
        prop_assert_eq!(&record.granted, &other);
        prop_assert!(record.granted.len() <= n_slots);
        prop_assert!(record.granted.iter().chain(&record.waiting).all(|unit| !withdrawn.contains(unit)));
        prop_assert_eq!(record.granted.len() + record.waiting.len() + withdrawn.len(), entries.len());

        // Expected grants equal the grants of every draw without a cap, and never exceed the slots with one.
        let expected: f64 = record.probability.values().sum();
        let n_present = entries.len() - withdrawn.len();
        if let Some(cap) = terms.cap {
            prop_assert!(expected <= n_slots.min(n_present) as f64 + 1e-9);
            for parent in ["parent-0", "parent-1", "parent-2"] {
                let granted = entries.iter().filter(|entry| record.granted.contains(&entry.unit));
                let of_parent: Vec<_> =
                    granted.filter(|entry| entry.parent.as_deref() == Some(parent)).collect();
                let decided = of_parent.iter().filter(|entry| entry.place == Place::Protected).count();
                prop_assert!(of_parent.len() <= decided.max(cap.0.get() as usize));
            }
        } else {
            prop_assert!((expected - n_slots.min(n_present) as f64).abs() < 1e-9);
        }
        for entry in &entries {
            let chance = record.probability[&entry.unit];
            prop_assert!(chance > 0.0 || !record.granted.contains(&entry.unit));
            prop_assert!(chance < 1.0 || record.granted.contains(&entry.unit));
        }

        let again = Record::parse(&record.to_json()).unwrap();
        prop_assert!(verify(&again).is_ok());
        prop_assert_eq!(again.to_json(), record.to_json());
    }

    #[test]
    fn the_order_of_arrival_changes_nothing((entries, withdrawn, terms) in draws(), byte: u8) {
        let mut turned = entries.clone();
        turned.reverse();
        prop_assert_eq!(
            record(entries, &withdrawn, terms, secret(byte)),
            record(turned, &withdrawn, terms, secret(byte))
        );
    }
}

/// The shortcuts of the count (tiers that fit whole, tiers never reached) must not move a single share.
/// Brute force: every one of the 10,000 seeds, the whole draw in other words each time. Tolerance: none.
#[test]
fn capped_shares_equal_a_count_of_whole_draws() {
    let mut entries = vec![open("lone", 1, 0), protected("kept"), open("late", 3, 0)];
    for (parent, n_units) in [("north", 4), ("south", 3), ("west", 1)] {
        for number in 0..n_units {
            let layer = number % 2;
            entries.push(Entry { layer, band: 2, ..below(parent, &format!("{parent}-{number}")) });
        }
    }
    entries[1].parent = Some("north".into());
    let terms = capped(6, 2);
    let withdrawn = units(["south-1"]);
    let entrants = Entrants::new(entries.clone()).unwrap();
    let list_hash = sha(entrants.canonical().as_bytes());
    let mut wins: BTreeMap<String, u32> = entries.iter().map(|entry| (entry.unit.clone(), 0)).collect();
    for trial in 0..10_000_u64 {
        let seed = sha(&[&list_hash[..], &trial.to_be_bytes()].concat());
        for unit in granted_in_other_words(&entries, &withdrawn, terms, &seed) {
            *wins.get_mut(&unit).unwrap() += 1;
        }
    }
    let record = record(entries, &withdrawn, terms, secret(3)).unwrap();
    let shares: BTreeMap<_, _> =
        wins.into_iter().map(|(unit, wins)| (unit, f64::from(wins) / 10_000.0)).collect();
    assert_eq!(record.probability, shares);
    assert!(
        shares.values().any(|share| (0.01..0.99).contains(share)),
        "the cap must leave something to chance"
    );
}

/// 10,000 secrets; each frequency may stray 4 standard errors of a share in 10,000.
#[test]
fn granted_frequencies_match_the_stated_probabilities() {
    let mut entries = six();
    entries.push(protected("yew"));
    let entrants = Entrants::new(entries).unwrap();
    let withdrawn = units(["fir"]);
    let terms = slots(3);
    let mut wins: BTreeMap<String, u32> = BTreeMap::new();
    let mut stated = BTreeMap::new();
    for trial in 0..10_000_u64 {
        let seed = Seed::trial(&Digest::of(&[b"another series of seeds"]), trial);
        let drawn = run(&entrants, &withdrawn, terms, &seed).unwrap();
        for unit in drawn.granted {
            *wins.entry(unit).or_default() += 1;
        }
        stated = drawn.probability;
    }
    assert_eq!(stated["elm"], 1.0 / 3.0);
    for (unit, share) in stated {
        let frequency = f64::from(wins.get(&unit).copied().unwrap_or(0)) / 10_000.0;
        let error = (share * (1.0 - share) / 10_000.0).sqrt();
        assert!((frequency - share).abs() <= 4.0 * error, "{unit}: {frequency} against {share}");
    }
}
