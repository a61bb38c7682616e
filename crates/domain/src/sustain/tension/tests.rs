use traction_stats::control::Improve;

use super::*;
use crate::id::{Id, MetricId};
use crate::refusal::TextRefused;

fn metric(n: u8) -> MetricId {
    MetricId::made(monday(0), [n; 10])
}

fn monday(week: i64) -> Moment {
    let first: Moment = "2026-01-05T00:00:00Z".parse().unwrap();
    first.after_days(7 * week)
}

fn wish(name: &str, n: u8) -> PoleWish<'_> {
    PoleWish {
        name,
        upside: "people get seen quickly",
        early_warning: "the corridor fills",
        metric: metric(n),
        improve: Improve::Up,
        healthy: 80.0,
        floor: 60.0,
    }
}

fn poles() -> [PoleProposed; 2] {
    propose(wish("Speed", 1), wish("Care", 2)).unwrap()
}

#[test]
fn two_complete_poles_make_a_tension() {
    let [left, right] = poles();
    assert_eq!((left.name.as_str(), right.metric, left.healthy), ("Speed", metric(2), 80.0));
}

#[track_caller]
fn refused(left: PoleWish<'_>, expect: TensionRefused) {
    assert_eq!(propose(left, wish("Care", 2)), Err(expect.clone()));
    let named_otherwise = PoleWish { name: "Other", ..wish("Speed", 3) };
    assert!(propose(named_otherwise, wish("Care", 2)).is_ok(), "only {expect:?} was in the way");
}

#[test]
fn levels_out_of_order_are_refused_in_both_directions() {
    let pole = || "Speed".to_owned();
    refused(PoleWish { healthy: 50.0, ..wish("Speed", 1) }, TensionRefused::NotInOrder { pole: pole() });
    refused(PoleWish { healthy: 60.0, ..wish("Speed", 1) }, TensionRefused::NotInOrder { pole: pole() });
    refused(
        PoleWish { improve: Improve::Down, ..wish("Speed", 1) },
        TensionRefused::NotInOrder { pole: pole() },
    );
    refused(PoleWish { floor: f64::NAN, ..wish("Speed", 1) }, TensionRefused::LevelMissing { pole: pole() });
}

#[test]
fn the_poles_must_differ_and_be_described() {
    refused(wish("care", 1), TensionRefused::SameName);
    refused(wish("Speed", 2), TensionRefused::SameMetric);
    let missing = TextRefused::Missing { field: "upside", what: "what is good about the pole" };
    refused(PoleWish { upside: " ", ..wish("Speed", 1) }, missing.into());
}

/// Fourteen weeks alternating two above and below `level`.
fn weeks(level: f64) -> Vec<Reading> {
    (0..14)
        .map(|n| Reading {
            from: monday(n),
            until: monday(n + 1),
            value: if n % 2 == 0 { level + 2.0 } else { level - 2.0 },
        })
        .collect()
}

#[track_caller]
fn check(
    left: &[Reading],
    right: &[Reading],
    rocks: &[Rocked],
    advice: Option<Advice>,
    says: &str,
) -> Stands {
    let [speed, care] = poles();
    let attention = focus(Side::Left, rocks, left);
    let stands = stand(
        LivePole { pole: &speed, readings: left },
        LivePole { pole: &care, readings: right },
        attention,
        Period::Week,
    );
    assert_eq!((stands.advice, stands.says.as_str()), (advice, says));
    stands
}

#[test]
fn while_neither_slips_the_advice_is_to_stay() {
    let advice = Advice::Stay(poles::Stay::NothingSlips);
    let stands = check(&weeks(80.0), &weeks(80.0), &[], Some(advice), "Neither pole slips. Stay with Speed.");
    assert_eq!(stands.movement, Movement::NotStuck);
    let opposed = stands.opposed.unwrap();
    assert_eq!(opposed.opposition.correlation.round(), 1.0);
    assert!(opposed.says.starts_with("From period to period they go the same way"), "{}", opposed.says);
}

#[test]
fn a_neglected_pole_that_goes_nowhere_is_rocked_to() {
    let stands = check(
        &weeks(80.0),
        &weeks(65.0),
        &[],
        Some(Advice::Rock(poles::Rock::OverFocus)),
        "Care is low while Speed is not: watch for \"the corridor fills\". Nothing moves: more of the same will not \
         help. Rock to Care: people get seen quickly.",
    );
    assert_eq!(stands.movement, Movement::Stuck);
    assert_eq!(stands.right.says, "Care: flat, too slow to reach its healthy level within 12 weeks.");
}

#[test]
fn after_a_rock_it_is_given_time() {
    let rocks = [Rocked { at: monday(12), to: Side::Right }];
    let advice = Advice::Stay(poles::Stay::AlreadyThere);
    check(
        &weeks(80.0),
        &weeks(65.0),
        &rocks,
        Some(advice),
        "Care is low while Speed is not: watch for \"the corridor fills\". Nothing moves yet. The attention is on Care already: stay, and give it time.",
    );
    let back = [rocks[0], Rocked { at: monday(13), to: Side::Left }];
    let advice = Advice::Stay(poles::Stay::TooSoon { periods: 4 });
    check(
        &weeks(80.0),
        &weeks(65.0),
        &back,
        Some(advice),
        "Care is low while Speed is not: watch for \"the corridor fills\". Nothing moves yet. Stay with Speed for 4 weeks more: the last rock has not had its time.",
    );
}

#[test]
fn when_both_slip_it_is_escalated() {
    let stands = check(
        &weeks(62.0),
        &weeks(65.0),
        &[],
        Some(Advice::Escalate),
        "Both poles are low. Nothing moves: more of the same will not help. Rocking will not help: look for what both \
         share, and ask for help with it.",
    );
    assert_eq!(stands.balance, Ok(Balance::BothSlipping));
}

#[test]
fn a_pole_that_gains_is_not_stuck() {
    let rising: Vec<Reading> = weeks(60.0)
        .into_iter()
        .enumerate()
        .map(|(n, reading)| Reading { value: reading.value + 1.2 * n as f64, ..reading })
        .collect();
    let [speed, care] = poles();
    let stands = stand(
        LivePole { pole: &speed, readings: &weeks(70.0) },
        LivePole { pole: &care, readings: &rising },
        focus(Side::Left, &[], &rising),
        Period::Week,
    );
    assert_eq!(stands.movement, Movement::NotStuck);
    assert!(stands.right.says.starts_with("Care: gaining"), "{}", stands.right.says);
}

#[test]
fn levels_within_the_noise_get_no_advice() {
    let wild: Vec<Reading> = weeks(70.0)
        .into_iter()
        .map(|reading| Reading { value: 70.0 + 20.0 * (reading.value - 70.0), ..reading })
        .collect();
    let [speed, care] = poles();
    let stands = stand(
        LivePole { pole: &speed, readings: &wild },
        LivePole { pole: &care, readings: &weeks(70.0) },
        focus(Side::Left, &[], &wild),
        Period::Week,
    );
    assert!(matches!(stands.balance, Err(PoleRefused::TooClose { .. })));
    assert!(stands.says.starts_with("No advice: the healthy level and the floor are less than one"));
    assert_eq!(stands.advice, None);
}

#[test]
fn without_readings_nothing_is_claimed() {
    let [speed, care] = poles();
    let live = |pole| LivePole { pole, readings: &[] };
    let stands = stand(live(&speed), live(&care), focus(Side::Left, &[], &[]), Period::Week);
    assert_eq!(stands.left.says, "Speed: no week of readings; momentum needs 12.");
    assert_eq!((stands.movement, stands.opposed), (Movement::NotStuck, None));
}

#[test]
fn a_rock_goes_to_the_other_pole() {
    let [speed, care] = poles();
    let attention = focus(Side::Left, &[], &[]);
    assert_eq!(rock(Side::Right, attention, [&speed, &care]), Ok(()));
    let there = TensionRefused::AlreadyThere { pole: "Speed".into() };
    assert_eq!(rock(Side::Left, attention, [&speed, &care]), Err(there));
}

#[test]
fn the_last_rock_says_where_the_attention_is() {
    let rocks = [Rocked { at: monday(9), to: Side::Left }, Rocked { at: monday(3), to: Side::Right }];
    let readings = weeks(70.0);
    assert_eq!(focus(Side::Right, &rocks, &readings), Focus { on: Side::Left, periods_since_rock: Some(5) });
}

#[test]
fn what_a_rock_did_is_told_before_against_after() {
    let [_, care] = poles();
    let readings: Vec<Reading> = weeks(65.0)
        .into_iter()
        .enumerate()
        .map(|(n, reading)| if n < 10 { reading } else { Reading { value: reading.value + 10.0, ..reading } })
        .collect();
    let live = LivePole { pole: &care, readings: &readings };
    let did = rock_did(live, monday(10), 4, Period::Week).unwrap();
    assert_eq!((did.before, did.after, did.n_after), (65.0, 75.0, 4));
    assert_eq!(did.says, "Care got better: from 65.0 (4 weeks before) to 75.0 (4 weeks since).");
    // A rock in the midst of a week leaves that week out.
    let midst = rock_did(live, monday(10).after_days(3), 4, Period::Week).unwrap();
    assert_eq!((midst.n_before, midst.n_after), (4, 3));
    let quiet = LivePole { pole: &care, readings: &weeks(65.0) };
    assert!(rock_did(quiet, monday(10), 4, Period::Week).unwrap().says.starts_with("Care hardly moved"));
    assert_eq!(rock_did(live, monday(20), 4, Period::Week), None);
}

#[test]
fn a_pole_slips_only_where_it_is_seen_to_lose() {
    let fading: Vec<Reading> = weeks(80.0)
        .into_iter()
        .enumerate()
        .map(|(n, reading)| Reading { value: reading.value - 2.0 * n as f64, ..reading })
        .collect();
    let [speed, care] = poles();
    let stands = stand(
        LivePole { pole: &speed, readings: &weeks(80.0) },
        LivePole { pole: &care, readings: &fading },
        focus(Side::Left, &[], &fading),
        Period::Week,
    );
    assert!(stands.right.says.starts_with("Care: losing"), "{}", stands.right.says);
    assert!(stands.says.starts_with("Care slips while Speed does not: watch for"), "{}", stands.says);
}

#[test]
fn a_pull_is_claimed_only_where_the_interval_excludes_zero() {
    let says = |correlation, low, high| words::opposed(&Opposition { correlation, low, high });
    assert_eq!(
        says(-0.02, -0.35, 0.31),
        "Whether they pull against each other from period to period cannot be told yet (correlation of their steps \
         \u{2212}0.02, 95\u{a0}% interval \u{2212}0.35 to 0.31)."
    );
    assert!(
        says(-0.6, -0.8, -0.2).starts_with("From period to period they pull against each other, as poles do")
    );
    assert!(says(0.6, 0.2, 0.8).ends_with("they may be two goals rather than two poles."));
    assert!(says(-0.001, -0.3, 0.3).contains("steps 0.00, 95"));
}
