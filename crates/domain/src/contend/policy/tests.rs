mod foreseen;
mod layers;

use super::*;
use crate::id::{Id, UnitId};
use crate::time::Moment;
use proptest::prelude::*;

fn ready(appetite: f64, aptitude: f64) -> Option<Readiness> {
    Some(Readiness { appetite, aptitude, n: 5 })
}

fn unit(number: u8) -> UnitId {
    UnitId::made(Moment::from_milliseconds(0).unwrap(), [number; 10])
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

#[test]
fn bands_begin_at_their_cut_point() {
    let cuts = Cuts::new(vec![4.0, 3.0]).unwrap();
    for (mean, band) in [(5.0, 1), (4.0, 1), (3.99, 2), (3.0, 2), (2.99, 3), (1.0, 3)] {
        assert_eq!(cuts.band(mean), band, "{mean}");
    }
    assert_eq!(cuts.last_band(), 3);
    assert_eq!(Cuts::new(vec![]).unwrap().band(1.0), 1);
}

#[test]
fn cut_points_that_part_nothing_are_refused() {
    for points in
        [vec![3.0, 4.0], vec![3.0, 3.0], vec![6.0], vec![0.5], vec![f64::NAN], vec![4.5, 4.0, 3.0, 2.0]]
    {
        assert!(matches!(Cuts::new(points), Err(PolicyRefused::Cuts { .. })));
    }
}

#[test]
fn a_point_of_the_scale_is_said_as_it_counts() {
    for (point, says) in [(3.0, "3.0"), (3.25, "3.25"), (3.999, "3.999")] {
        assert_eq!(on_scale(point), says);
    }
}

#[test]
fn the_threshold_looks_at_the_mean_of_both_scales() {
    let policy = Policy { threshold: Some(3.0), ..Policy::default() }.checked().unwrap();
    assert_eq!(policy.band(ready(2.0, 4.0)), Ok(2));
    let below = Ineligible::BelowThreshold { mean: 2.5, threshold: 3.0 };
    assert_eq!(policy.band(ready(1.0, 4.0)), Err(below.clone()));
    assert!(below.to_string().starts_with("the unit's readiness is 2.5 of 5, and this wave asks for 3.0;"));
    let just = Ineligible::BelowThreshold { mean: 2.98, threshold: 3.0 }.to_string();
    assert!(just.starts_with("the unit's readiness is 2.98 of 5, and this wave asks for 3.00;"), "{just}");
}

#[test]
fn a_unit_without_a_shown_pulse_goes_where_the_policy_says() {
    assert_eq!(Policy::default().band(None), Ok(2));
    let strict = Policy { unshown: Unshown::NotEligible, ..Policy::default() };
    assert_eq!(strict.band(None), Err(Ineligible::NoPulse));
}

#[test]
fn parts_that_do_not_fit_each_other_are_refused() {
    let no_band = Policy { unshown: Unshown::InBand(4), ..Policy::default() };
    assert_eq!(no_band.checked(), Err(PolicyRefused::NoSuchBand { given: 4, last: 3 }));
    let outside = Policy { threshold: Some(5.5), ..Policy::default() };
    assert_eq!(outside.checked(), Err(PolicyRefused::Threshold { given: 5.5 }));
}

#[test]
fn a_parent_stands_on_the_list_only_where_there_is_a_cap() {
    let (ward, hospital) = (slug("ward-7"), slug("north"));
    let listed = |policy: Policy| {
        policy.entry(&ward, Some(&hospital), ready(4.0, 4.0), Nearness::Apart, Place::Open).unwrap()
    };
    let entry = Entry { unit: "ward-7".into(), band: 1, layer: 2, place: Place::Open, parent: None };
    assert_eq!(listed(Policy::default()), entry);
    let cap = std::num::NonZeroU32::new(2).map(Cap);
    assert_eq!(listed(Policy { cap, ..Policy::default() }).parent, Some("north".into()));
}

#[test]
fn a_protected_unit_is_listed_whatever_its_readiness() {
    let policy = Policy { threshold: Some(4.0), ..Policy::default() };
    let listed = |place| policy.entry(&slug("ward-7"), None, ready(1.0, 1.0), Nearness::Apart, place);
    assert!(matches!(listed(Place::Open), Err(Ineligible::BelowThreshold { .. })));
    assert_eq!(listed(Place::Protected).unwrap().band, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A unit is eligible exactly where it is protected, or ready enough, or unshown where that has a band; and a band of
    /// the policy is all it gets.
    #[test]
    fn eligibility_is_what_the_policy_says(
        threshold in prop::option::of(1.0..=5.0_f64),
        unshown in prop::option::of(1..=3_u32),
        readiness in prop::option::of((1.0..=5.0_f64, 1.0..=5.0_f64)),
        protected in any::<bool>(),
    ) {
        let unshown = unshown.map_or(Unshown::NotEligible, Unshown::InBand);
        let policy = Policy { threshold, unshown, ..Policy::default() }.checked().unwrap();
        let place = if protected { Place::Protected } else { Place::Open };
        let shown = readiness.and_then(|(appetite, aptitude)| ready(appetite, aptitude));
        let entry = policy.entry(&slug("ward-7"), None, shown, Nearness::Apart, place);
        let is_ready = match readiness {
            Some((appetite, aptitude)) => threshold.is_none_or(|least| (appetite + aptitude) / 2.0 >= least),
            None => unshown != Unshown::NotEligible,
        };
        prop_assert_eq!(entry.is_ok(), is_ready || protected);
        if let Ok(entry) = entry {
            prop_assert!((1..=policy.cuts.last_band()).contains(&entry.band));
            prop_assert_eq!(entry.place, place);
        }
    }

    /// More readiness never means a later band.
    #[test]
    fn bands_follow_readiness(low in 1.0..5.0_f64, more in 0.0..4.0_f64, cuts in prop::collection::vec(1.0..5.0_f64, 0..4)) {
        let mut cuts = cuts;
        cuts.sort_by(|a, b| b.total_cmp(a));
        cuts.dedup();
        let cuts = Cuts::new(cuts).unwrap();
        prop_assert!(cuts.band(low + more) <= cuts.band(low));
        prop_assert!((1..=cuts.last_band()).contains(&cuts.band(low)));
    }
}
