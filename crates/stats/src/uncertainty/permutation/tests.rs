//! Dealing is fair and repeatable; counting says what it says.

use super::*;

/// Of 60,000 deals of 5 places each of the 60 ordered triples is to come 1,000 times; chi-square with 59 degrees of
/// freedom is above 120 once in 200,000 times.
#[test]
fn every_sample_in_every_order_is_equally_likely() {
    let mut counts = std::collections::BTreeMap::<[u8; 3], u32>::new();
    for replicate in 0..60_000 {
        let mut places = [0_u8, 1, 2, 3, 4];
        Dealer::new(generator(7, replicate)).deal(&mut places, 3);
        *counts.entry([places[0], places[1], places[2]]).or_default() += 1;
    }
    assert_eq!(counts.len(), 60);
    let chi_square: f64 = counts.values().map(|&n| (f64::from(n) - 1000.0).powi(2) / 1000.0).sum();
    assert!(chi_square < 120.0, "{chi_square}");
}

/// A bound just above half of all numbers is where a careless reduction would be most unfair: 3 in 4 below the middle.
#[test]
fn large_bounds_are_dealt_without_favour() {
    let bound = (1 << 31) + 1;
    let mut dealer = Dealer::new(generator(7, 0));
    let low = (0..40_000).filter(|_| dealer.below(bound) < bound / 2).count();
    assert!((19_600..=20_400).contains(&low), "{low}");
}

#[test]
fn a_replicate_depends_on_seed_and_number_only() {
    let first = |seed, replicate| generator(seed, replicate).next_u64();
    assert_eq!(first(1, 5), first(1, 5));
    assert_ne!(first(1, 5), first(1, 6));
    assert_ne!(first(1, 5), first(2, 4));
}

#[test]
fn equal_statistics_count_as_reaching_whatever_the_order_of_their_sums() {
    let happened = Statistic::new(0.1 + 0.2 + 0.3, 1.0);
    let mut extreme = Extreme::default();
    extreme.count(Statistic::new(-(0.3 + 0.2 + 0.1), 1.0), happened);
    extreme.count(Statistic::new(0.59, 1.0), happened);
    assert_eq!((extreme.studentised, extreme.difference), (1, 1));
    assert_eq!(extreme.of_all(4, happened).p, 0.25);
    let sampled = extreme.of_sample(Redraws { n: 3, seed: 1 }, happened);
    let Tried::Sample { se_of_p, .. } = sampled.tried else { panic!() };
    assert!((se_of_p - 0.25).abs() < 1e-15);
}

#[test]
fn no_difference_is_never_extreme_and_one_without_variance_always_is() {
    assert_eq!(Statistic::new(0.0, 0.0).studentised, 0.0);
    assert_eq!(Statistic::new(-1.0, 0.0).studentised, f64::NEG_INFINITY);
}

#[test]
fn every_assignment_falls_into_one_step_and_the_outermost_hold_what_is_beyond() {
    let happened = Statistic::new(1.0, 1.0);
    let mut extreme = Extreme::default();
    for value in [f64::NEG_INFINITY, -9.0, -4.0, -0.01, 0.0, 0.24, 0.25, 3.9, 4.0, f64::INFINITY] {
        extreme.count(Statistic { difference: value, studentised: value }, happened);
    }
    let fell = extreme.and(extreme).of_all(20, happened).fell;
    assert_eq!((fell.happened, fell.counts.iter().sum::<u64>()), (1.0, 20));
    let at = |value: f64| fell.counts[((value + 4.0) / 0.25) as usize];
    assert_eq!((at(-4.0), at(-0.25), at(0.0), at(0.25), at(3.75)), (6, 2, 4, 2, 6));
}
