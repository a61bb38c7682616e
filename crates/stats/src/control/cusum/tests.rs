use super::*;
use crate::control::{Improve, Phases};

/// Two phases of `n` readings with noise 1 and `sigmas` between them.
fn gain(n: usize, sigmas: f64) -> Gain {
    let before: Vec<f64> = (0..n).map(|at| f64::from(at as u32 % 2) * 1.128).collect();
    let gained: Vec<f64> = before.iter().map(|reading| reading + sigmas).collect();
    Gain::between(&Phases { before: &before, gained: &gained, watched: &[] }, Improve::Up).unwrap()
}

#[test]
fn the_table_is_joined_by_straight_lines_and_ends_level() {
    let table = [(1.0, 10.0), (2.0, 20.0)];
    for (at, expect) in [(0.0, 10.0), (1.0, 10.0), (1.25, 12.5), (2.0, 20.0), (9.0, 20.0)] {
        assert_eq!(interpolate(&table, at), expect);
    }
}

#[test]
fn short_phases_widen_the_limit() {
    let widening = |n| Tuning::for_gain(&gain(n, 3.0)).unwrap().widening;
    assert_eq!([12, 18, 24, 36].map(widening), [1.5, 1.4, 1.3, 1.2]);
}

#[test]
fn no_single_reading_can_raise_the_alarm_but_a_lasting_fall_does() {
    let gain = gain(12, 2.0);
    let one = run(&[gain.level_gained, -1e6, gain.level_gained], &gain).unwrap();
    assert_eq!(one.fired_at, None);
    let lasting = run(&[gain.level_before; 6], &gain).unwrap();
    assert_eq!(lasting.fired_at, Some(4));
}

#[test]
fn without_noise_there_is_nothing_to_sum_in() {
    let phases = Phases { before: &[1.0, 1.0], gained: &[2.0, 2.0], watched: &[] };
    assert_eq!(run(&[1.0], &Gain::between(&phases, Improve::Up).unwrap()), None);
}
