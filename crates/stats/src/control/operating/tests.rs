use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{ContinuousCDF, Normal};

use super::*;
use crate::control::{Improve, Phases, watch};

fn gain(n: usize, sigmas: f64) -> Gain {
    let before: Vec<f64> = (0..n).map(|at| f64::from(at as u32 % 2) * 1.128).collect();
    let gained: Vec<f64> = before.iter().map(|reading| reading + sigmas).collect();
    Gain::between(&Phases { before: &before, gained: &gained, watched: &[] }, Improve::Up).unwrap()
}

#[track_caller]
fn check(rules: Rules, n: usize, sigmas: f64, chance_in_26: f64, n_readings_to_notice: usize) {
    let promise = Promise::of(rules, &gain(n, sigmas + 1e-9), 26.0).unwrap();
    assert!((promise.false_alarms_a_year - -(1.0 - chance_in_26).ln()).abs() < 1e-6, "{promise:?}");
    assert_eq!(promise.n_readings_to_notice, n_readings_to_notice);
}

#[test]
fn simulated_gains_promise_what_was_simulated() {
    check(Rules::HalfWay, 12, 2.0, 0.07, 5);
    check(Rules::HalfWay, 24, 2.0, 0.04, 5);
    check(Rules::HalfWay, 18, 2.0, 0.055, 5);
    check(Rules::Cusum, 12, 3.0, 0.03, 3);
    check(Rules::HalfWay, 60, 9.0, 0.02, 3);
}

#[test]
fn nothing_is_promised_where_nothing_was_simulated() {
    assert_eq!(Promise::of(Rules::HalfWay, &gain(12, 0.9), 52.0), None);
    let flat = Phases { before: &[0.0; 12], gained: &[1.0; 12], watched: &[] };
    assert_eq!(Promise::of(Rules::HalfWay, &Gain::between(&flat, Improve::Up).unwrap(), 52.0), None);
}

/// 4,000 series, seed 7, both levels estimated from 24 readings, gain of two sigmas; four Monte Carlo standard errors
/// and the rounding of the table to whole percents.
#[test]
fn the_tables_hold_in_a_simulation_of_our_own() {
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(7);
    let normal = Normal::new(0.0, 1.0).unwrap();
    let mut draw = |n: usize, level: f64| -> Vec<f64> {
        (0..n).map(|_| level + normal.inverse_cdf(uniform(&mut dice))).collect()
    };
    for (rules, chance) in [(Rules::HalfWay, 0.04), (Rules::Cusum, 0.04)] {
        let n_series = 4_000;
        let (mut n_false, mut delays) = (0.0, Vec::new());
        for _ in 0..n_series {
            let (before, gained) = (draw(24, 0.0), draw(24, 2.0));
            let (held, lost) = (draw(26, 2.0), draw(60, 0.0));
            let fired = |watched: &[f64]| {
                let phases = Phases { before: &before, gained: &gained, watched };
                watch(&phases, Improve::Up, rules).unwrap().fired_at
            };
            n_false += f64::from(u8::from(fired(&held).is_some()));
            delays.push(fired(&lost).map_or(usize::MAX, |at| at + 1));
        }
        let strays = 4.0 * (chance * (1.0 - chance) / f64::from(n_series)).sqrt() + 0.005;
        assert!((n_false / f64::from(n_series) - chance).abs() < strays, "{rules:?}: {n_false}");
        delays.sort_unstable();
        let promised = Promise::of(rules, &gain(24, 2.0), 52.0).unwrap().n_readings_to_notice;
        assert_eq!(delays[delays.len() / 2], promised, "{rules:?}");
    }
}

/// A number strictly between 0 and 1.
fn uniform(dice: &mut Xoshiro256PlusPlus) -> f64 {
    use rand::Rng;
    (dice.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 + 1.0 / (1_u64 << 54) as f64
}
