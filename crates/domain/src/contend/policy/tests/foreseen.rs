//! What is foreseen is what the draw would record.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;
use crate::contend::draw::{Entrants, Heading, Record, Secret, Slots, Terms};

fn contender(name: &str, readiness: Option<Readiness>, nearness: Nearness) -> Contender {
    let place = Place::Open;
    Contender { unit: slug(name), parent: Some(slug("north")), readiness, nearness, place }
}

fn said(foreseen: &[Foreseen]) -> Vec<(String, String)> {
    let say = |one: &Foreseen| match &one.prospect {
        Prospect::Listed { entry, chance } => format!("{}.{} {chance}", entry.band, entry.layer),
        Prospect::KeptOut(why) => why.to_string(),
    };
    foreseen.iter().map(|one| (one.unit.to_string(), say(one))).collect()
}

/// By hand: two slots; the first tier of one fits whole, which leaves one slot for the two of the second.
#[test]
fn bands_layers_chances_and_reasons_are_told_before_anybody_is_bound() {
    let policy = Policy { threshold: Some(2.0), ..Policy::default() };
    let contenders = [
        contender("fir", ready(1.0, 1.0), Nearness::SharesPeople),
        contender("elm", ready(4.5, 4.5), Nearness::Apart),
        contender("ash", ready(4.5, 4.5), Nearness::SameParent),
        contender("oak", ready(3.5, 3.5), Nearness::SharesPeople),
        contender("yew", ready(4.5, 4.5), Nearness::Apart),
    ];
    let foreseen = said(&foresee(&policy, &contenders, Slots(2)).unwrap());
    let told: Vec<(&str, &str)> = foreseen.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(told[..4], [("ash", "1.1 1"), ("elm", "1.2 0.5"), ("yew", "1.2 0.5"), ("oak", "2.0 0")]);
    assert_eq!(told[4].0, "fir");
    assert!(told[4].1.starts_with("the unit's readiness is 1.0 of 5, and this wave asks for 2.0"));
}

#[test]
fn more_protected_places_than_slots_are_refused_and_nobody_is_no_list() {
    let mut two = ["ash", "elm"].map(|name| contender(name, None, Nearness::Apart));
    two.iter_mut().for_each(|one| one.place = Place::Protected);
    assert!(foresee(&Policy::default(), &two, Slots(1)).is_err());
    assert_eq!(foresee(&Policy::default(), &[], Slots(1)), Ok(vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    /// Whatever the policy, what is foreseen for a unit is what the record of a draw then says of it.
    #[test]
    fn what_is_foreseen_is_what_is_recorded(
        units in prop::collection::vec((1.0..=5.0_f64, 0..3_u32, any::<bool>(), 0..2_u8), 1..12),
        slots in 0..8_u32, cap in prop::option::of(1..4_u32), seed in any::<u8>(),
    ) {
        let policy = Policy {
            threshold: Some(2.0), cap: cap.and_then(NonZeroU32::new).map(Cap), ..Policy::default()
        };
        let nearness = [Nearness::SharesPeople, Nearness::SameParent, Nearness::Apart];
        let contenders: Vec<Contender> = units.iter().enumerate().map(|(n, (mean, near, protected, above))| Contender {
            unit: slug(&format!("ward-{n}")),
            parent: Some(slug(["north", "south"][usize::from(*above)])),
            readiness: ready(*mean, *mean),
            nearness: nearness[*near as usize],
            place: if *protected && n == 0 { Place::Protected } else { Place::Open },
        }).collect();
        let Ok(foreseen) = foresee(&policy, &contenders, Slots(slots)) else {
            prop_assert_eq!(slots, 0);
            return Ok(());
        };
        prop_assert_eq!(foreseen.len(), contenders.len());
        let listed: Vec<(&Entry, f64)> = foreseen.iter().filter_map(|one| match &one.prospect {
            Prospect::Listed { entry, chance } => Some((entry, *chance)),
            Prospect::KeptOut(_) => None,
        }).collect();
        let Ok(entrants) = Entrants::new(listed.iter().map(|(entry, _)| (*entry).clone()).collect()) else { return Ok(()) };
        let terms = Terms { slots: Slots(slots), cap: policy.cap };
        let secret = Secret::from_bytes([seed; 32]);
        let record = Record::new(Heading::default(), secret, vec![], &entrants, &BTreeSet::new(), terms).unwrap();
        for (entry, chance) in listed {
            prop_assert_eq!(record.probability[&entry.unit], chance, "{}", entry.unit);
        }
    }
}
