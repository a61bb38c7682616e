//! Power against tables, brute force and itself.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

fn test(df: usize, df_denominator: Option<f64>) -> Wald {
    Wald { statistic: 0.0, df, df_denominator, p: 1.0 }
}

/// Two standard normals (Box and Muller).
fn normals(rng: &mut Xoshiro256PlusPlus) -> f64 {
    let (a, b): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// Published: a noncentral chi-square of one degree reaches 80 % at 2.8016^2 = 7.8489, of two at 9.6347 (tables of
/// power analysis, e.g. Cohen 1988, at 5 %).
#[test]
fn distances_equal_those_of_the_tables() {
    let noticed = |df, share| test(df, None).distance_noticed(Level::new(share).unwrap(), Level::NINETY_FIVE);
    assert!((noticed(1, 0.8) - 7.848_861).abs() < 1e-5, "{}", noticed(1, 0.8));
    assert!((noticed(2, 0.8) - 9.634_689).abs() < 1e-5, "{}", noticed(2, 0.8));
    // One number, noticed in half of all cases: (almost) the line itself, the other tail being 4e-5.
    assert!((noticed(1, 0.5).sqrt() - 1.96).abs() < 1e-3);
}

#[test]
fn nothing_is_noticed_as_often_as_the_level_says_and_the_two_ways_agree() {
    for law in [test(5, None), test(3, Some(7.5)), test(40, Some(200.0)), test(200, None)] {
        assert!((law.power(0.0, Level::NINETY_FIVE) - 0.05).abs() < 1e-9);
        for share in [0.5, 0.8] {
            let share = Level::new(share).unwrap();
            let distance = law.distance_noticed(share, Level::NINETY_FIVE);
            assert!((law.power(distance, Level::NINETY_FIVE) - share.share()).abs() < 1e-9);
        }
        assert!(law.power(4.0, Level::NINETY_FIVE) < law.power(5.0, Level::NINETY_FIVE));
    }
    // With ever more degrees of freedom the F law becomes chi-square.
    let (few, many) = (test(4, Some(1e7)), test(4, None));
    assert!((few.power(9.0, Level::NINETY_FIVE) - many.power(9.0, Level::NINETY_FIVE)).abs() < 1e-5);
}

/// Brute force: every law's tail by itself, all weights from 0 on.
#[test]
fn mixed_tails_equal_those_found_one_by_one() {
    for law in [test(3, None), test(2, Some(0.7)), test(7, Some(12.0))] {
        for (line, distance) in [(0.3, 5.0), (9.0, 40.0), (60.0, 90.0), (400.0, 700.0)] {
            let mean: f64 = distance / 2.0;
            let weight = |n: u32| (f64::from(n) * mean.ln() - mean - libm::lgamma(f64::from(n) + 1.0)).exp();
            let expect: f64 = (0..2_000).map(|n| weight(n) * law.tail(line, n)).sum();
            let found = law.beyond(line, distance);
            assert!(
                (found - expect).abs() < 1e-10 * (1e-6 + expect),
                "{law:?} {line} {distance}: {found} {expect}"
            );
        }
    }
}

/// A distance of hundreds of thousands, noticed at once: with less than a degree of freedom to judge by.
#[test]
fn hardly_a_degree_of_freedom_takes_no_longer() {
    let law = test(3, Some(0.4));
    let share = Level::new(0.8).unwrap();
    let distance = law.distance_noticed(share, Level::NINETY_FIVE);
    assert!(distance > 1e5, "{distance}");
    assert!((law.power(distance, Level::NINETY_FIVE) - 0.8).abs() < 1e-6);
}

/// Brute force: 200,000 tests of three numbers, of which one is off; within four Monte Carlo errors.
#[test]
fn power_is_what_simulated_tests_reject() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let (distance, n, rest) = (6.0_f64, 200_000, 9_usize);
    // The lines that chi-square(3) and F(3, 9) pass with 5 % (tables): 7.8147 and 3.8625.
    let mut beyond = (0, 0);
    for _ in 0..n {
        let mut squared = |n: usize| (0..n).map(|_| normals(&mut rng).powi(2)).sum::<f64>();
        let others = squared(2);
        let below = squared(rest);
        let chi = others + (normals(&mut rng) + distance.sqrt()).powi(2);
        beyond.0 += usize::from(chi > 7.814_728);
        beyond.1 += usize::from(chi / 3.0 / (below / rest as f64) > 3.862_548);
    }
    for (rejected, law) in [(beyond.0, test(3, None)), (beyond.1, test(3, Some(rest as f64)))] {
        let (share, power) = (rejected as f64 / f64::from(n), law.power(distance, Level::NINETY_FIVE));
        let error = (power * (1.0 - power) / f64::from(n)).sqrt();
        assert!((share - power).abs() < 4.0 * error, "{share} {power}");
    }
}
