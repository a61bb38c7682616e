use super::*;
use crate::control::{Improve, Phases};

#[track_caller]
fn check(sigmas: f64, window: Option<usize>) {
    assert_eq!(Rule::for_sigmas(sigmas), window.map(Rule::all_but_one), "{sigmas}");
}

#[test]
fn the_window_grows_as_the_gain_shrinks() {
    check(17.8, Some(3));
    check(4.0, Some(3));
    check(3.999, Some(4));
    check(2.75, Some(4));
    check(2.0, Some(5));
    check(1.5, Some(6));
    check(1.0, Some(7));
    check(0.999, None);
    check(-3.0, None);
}

#[test]
fn one_lucky_reading_does_not_reset_the_rule() {
    let rule = Rule::all_but_one(5);
    assert_eq!(rule.first_fired(&[true, true, false, true, true]), Some(4));
    assert_eq!(rule.first_fired(&[true, true, false, true, false, true, true]), None);
}

#[test]
fn the_history_before_the_first_reading_counts_as_not_past() {
    assert_eq!(Rule::all_but_one(4).first_fired(&[true, true, true]), Some(2));
    assert_eq!(Rule::all_but_one(4).first_fired(&[true, true]), None);
    assert_eq!(Rule::all_but_one(4).count_at(&[true, true], 1), Counted { n_past: 2, n_looked_at: 2 });
}

/// The levels are 0.2 and 0.4; their middle in binary is above 0.3, where the reading 0.3 would count as past.
#[test]
fn a_reading_on_the_line_is_not_past_it() {
    let phases = Phases { before: &[0.2, 0.2, 0.2], gained: &[0.4, 0.4, 0.4], watched: &[] };
    let gain = Gain::between(&phases, Improve::Up).unwrap();
    assert_eq!(past_half_way(&[0.3, 0.299, 0.301], &gain), [false, true, false]);
    let phases = Phases { before: &[0.4, 0.4, 0.4], gained: &[0.2, 0.2, 0.2], watched: &[] };
    let gain = Gain::between(&phases, Improve::Down).unwrap();
    assert_eq!(past_half_way(&[0.3, 0.299, 0.301], &gain), [false, false, true]);
}
