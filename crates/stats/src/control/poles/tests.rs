use serde_json::{Value, json};

use super::*;
use crate::control::reference::{number, numbers, read};

fn side(name: &Value) -> Side {
    if name == "left" { Side::Left } else { Side::Right }
}

fn named(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// Reference: polarity.json, kind polarity: four pairs of poles over 40 periods, states and rocks exactly.
#[test]
fn poles_and_rocks_equal_the_reference() {
    let Some(file) = read("polarity.json") else { return };
    let cases: Vec<_> =
        file["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "polarity").collect();
    assert_eq!(cases.len(), 4);
    for case in cases {
        assert_eq!(case["dwell"], DWELL);
        let pole = |name: &str| {
            let levels = &case[name];
            let sigma = number(&case[format!("sigma_{name}")]);
            Pole::new(number(&levels["healthy"]), number(&levels["floor"]), sigma, Improve::Up).unwrap()
        };
        let (left, right) = (pole("left"), pole("right"));
        let (y_left, y_right) = (numbers(&case["y_left"]), numbers(&case["y_right"]));
        let mut focus = Focus { on: side(&case["start_focus"]), periods_since_rock: None };
        for expect in case["expected"].as_array().unwrap() {
            let t = expect["t"].as_u64().unwrap() as usize;
            let left = Live { pole: &left, readings: &y_left[..=t] };
            let right = Live { pole: &right, readings: &y_right[..=t] };
            let state = match balance(left, right) {
                Balance::Balanced => "balanced".to_owned(),
                Balance::OverFocus(side) => format!("over_focus_{}", named(side)),
                Balance::BothSlipping => "both_slipping".to_owned(),
            };
            assert_eq!(expect["state"], state, "{} at {t}", case["name"]);
            assert_eq!(expect["focus"], named(focus.on), "{} at {t}", case["name"]);
            let rock = match advise(left, right, focus) {
                Advice::Rock(Rock::OverFocus) => json!("rule"),
                Advice::Rock(Rock::UnderFloor) => json!("floor"),
                Advice::Stay(_) | Advice::Escalate => json!(false),
            };
            assert_eq!(expect["rock"], rock, "{} at {t}", case["name"]);
            if rock != json!(false) {
                focus = Focus { on: focus.on.other(), periods_since_rock: Some(0) };
            }
            focus.periods_since_rock = focus.periods_since_rock.map(|periods| periods + 1);
        }
    }
}

fn pole() -> Pole {
    Pole::new(80.0, 60.0, 6.0, Improve::Up).unwrap()
}

#[track_caller]
fn check(left: &[f64], right: &[f64], since: Option<usize>, advice: Advice) {
    let pole = pole();
    let focus = Focus { on: Side::Left, periods_since_rock: since };
    let live = |readings| Live { pole: &pole, readings };
    assert_eq!(advise(live(left), live(right), focus), advice);
    let mirrored = Focus { on: Side::Right, ..focus };
    assert_eq!(advise(live(right), live(left), mirrored), advice, "the mirror image");
}

const FINE: [f64; 6] = [80.0; 6];
const FADED: [f64; 6] = [65.0; 6];
const UNDER: [f64; 6] = [50.0; 6];

#[test]
fn the_neglected_pole_is_rocked_to_once_the_last_rock_has_had_its_time() {
    check(&FINE, &FADED, None, Advice::Rock(Rock::OverFocus));
    check(&FINE, &FADED, Some(5), Advice::Rock(Rock::OverFocus));
    check(&FINE, &FADED, Some(3), Advice::Stay(Stay::TooSoon { periods: 2 }));
}

#[test]
fn a_pole_under_its_floor_is_rocked_to_after_two_periods() {
    check(&FINE, &UNDER, Some(2), Advice::Rock(Rock::UnderFloor));
    check(&FINE, &UNDER, Some(1), Advice::Stay(Stay::TooSoon { periods: 4 }));
}

#[test]
fn when_both_slip_rocking_is_never_the_advice() {
    check(&FADED, &FADED, None, Advice::Escalate);
    check(&UNDER, &UNDER, None, Advice::Escalate);
}

#[test]
fn a_slipping_pole_that_has_the_attention_gets_time() {
    check(&FADED, &FINE, Some(9), Advice::Stay(Stay::AlreadyThere));
    check(&FINE, &FINE, Some(9), Advice::Stay(Stay::NothingSlips));
}

#[test]
fn without_readings_nothing_slips() {
    check(&[], &[], None, Advice::Stay(Stay::NothingSlips));
}

#[test]
fn levels_out_of_order_or_too_close_are_refused() {
    assert_eq!(Pole::new(60.0, 80.0, 6.0, Improve::Up), Err(PoleRefused::NotInOrder));
    assert_eq!(Pole::new(80.0, 60.0, 6.0, Improve::Down), Err(PoleRefused::NotInOrder));
    assert_eq!(Pole::new(70.0, 70.0, 6.0, Improve::Up), Err(PoleRefused::NotInOrder));
    assert_eq!(Pole::new(65.0, 60.0, 6.0, Improve::Up), Err(PoleRefused::TooClose { sigma: 6.0 }));
    assert_eq!(Pole::new(60.0, 80.0, 6.0, Improve::Down).unwrap().rule(), Rule::all_but_one(4));
    assert_eq!(Pole::new(80.0, 60.0, 0.0, Improve::Up).unwrap().rule(), Rule::all_but_one(3));
}

/// Steps 1, -1, 1 against -2, 2, -2 pull exactly against each other; the same steps move together.
#[test]
fn poles_pull_against_each_other() {
    let pole = pole();
    let live = |readings| Live { pole: &pole, readings };
    let a = live(&[0.0, 1.0, 0.0, 1.0, 0.0]);
    let close = |got: Option<Opposition>, expect: f64| (got.unwrap().correlation - expect).abs() < 1e-7;
    let against = opposition(a, live(&[9.0, 7.0, 9.0, 7.0, 9.0]));
    assert!(close(against, -1.0));
    assert_eq!(against.unwrap().pull(), Pull::Against);
    assert!(close(opposition(a, a), 1.0));
    assert_eq!(opposition(a, a).unwrap().pull(), Pull::Along);
    assert_eq!(opposition(a, live(&[1.0, 1.0, 1.0, 1.0, 1.0])), None);
    assert_eq!(opposition(live(&[1.0, 2.0, 1.0, 2.0]), live(&[1.0, 2.0, 1.0, 2.0])), None);
}

/// Readings around a level that know nothing of each other seldom look as if they did. Without the widening it would
/// be about one in nine; 4000 pairs leave a standard error of 0.4 of a hundred around the 5 promised.
#[test]
fn unrelated_metrics_are_called_poles_no_more_often_than_promised() {
    use rand::{RngExt, SeedableRng};
    let mut dice = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(11);
    let pole = pole();
    let mut noise = |n: usize| -> Vec<f64> {
        (0..n).map(|_| (0..12).map(|_| dice.random::<f64>()).sum::<f64>()).collect()
    };
    let n_pairs = 4000;
    let n_claims = (0..n_pairs)
        .filter(|_| {
            let (left, right) = (noise(25), noise(25));
            let live = |readings| Live { pole: &pole, readings };
            opposition(live(&left), live(&right)).unwrap().pull() != Pull::CannotBeTold
        })
        .count();
    let share = n_claims as f64 / f64::from(n_pairs);
    assert!((0.035..0.065).contains(&share), "{share}");
}
