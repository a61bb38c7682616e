use traction_stats::panel::{PanelBuilder, Row, Unbalanced};

use super::super::tests::methods::eight_of_twenty;
use super::super::{DrawnWave, Evidence, Good, prove};
use super::*;
use crate::contend::draw::Record;

/// Twenty units contend for eight slots from period 4 on; those that win and use it gain 4. Outcomes, and uses as
/// `used` has them of winner number n (from 0) or of any loser (`None`).
fn contest(used: impl Fn(Option<usize>) -> f64) -> (Panel, Panel, Record) {
    let record = eight_of_twenty();
    let (mut outcomes, mut uses) = (PanelBuilder::new(), PanelBuilder::new());
    for n in 0..20_usize {
        let unit = format!("u{n:02}");
        let won = record.granted.iter().position(|granted| *granted == unit);
        for number in 1..=6_usize {
            let is_used = if number >= 4 { used(won) } else { 0.0 };
            let period = Period::Number(number as i64);
            let start = won.map(|_| Period::Number(4));
            let outcome = 10.0 - 4.0 * is_used + ((n * n * 7 + number * number) as f64 * 0.37).sin();
            let row = |outcome| Row { line: 0, unit: &unit, period, outcome, start };
            outcomes.push(row(outcome)).unwrap();
            uses.push(row(is_used)).unwrap();
        }
    }
    (outcomes.finish(Unbalanced::Keep).unwrap(), uses.finish(Unbalanced::Keep).unwrap(), record)
}

fn asked((panel, used, record): &(Panel, Panel, Record)) -> Evidence {
    let draws = [DrawnWave { at: Period::Number(4), record }];
    let material = Material { draws: &draws, used: Some(used), ..Material::of(panel) };
    let question =
        Question { outcome: "Waiting".into(), measure: Some("hours".into()), good: Good::Down, worth: 1.0 };
    prove(&material, "", &Wish::default(), &question)
}

/// Six of eight winners use it: granted moves by 3, used by 4.
#[test]
fn the_effect_on_users_stands_beside_that_of_being_granted_a_slot() {
    let found = asked(&contest(|won| f64::from(u8::from(won.is_some_and(|n| n < 6)))));
    let users = found.on_users.unwrap();
    let numbers = users.found.unwrap();
    assert!((numbers.difference_in_use.value - 0.75).abs() < 1e-12);
    assert!((numbers.effect.value - numbers.granted.value / 0.75).abs() < 1e-12);
    assert_eq!(
        numbers.granted.value,
        found.effects.unwrap().overall.value,
        "the main answer keeps all as drawn"
    );
    assert!((numbers.effect.value + 4.0).abs() < 0.8, "{}", numbers.effect.value);
    assert!(
        users.says.starts_with("Units that got a slot used it for 75 percentage points more of the time"),
        "{}",
        users.says
    );
    assert!(users.says.contains("because they got one, Waiting moved by \u{2212}"), "{}", users.says);
}

#[test]
fn where_hardly_anybody_used_it_the_sentence_says_that_nothing_bounds_the_effect() {
    let found = asked(&contest(|won| if won == Some(0) { 1.0 } else { 0.0 }));
    let users = found.on_users.unwrap();
    assert!(!matches!(users.found.unwrap().not_ruled_out, WeakInterval::Between { .. }));
    assert!(users.says.contains("too little to"), "{}", users.says);
}

#[test]
fn without_a_difference_in_use_the_record_says_why_there_is_no_number() {
    let found = asked(&contest(|_| 0.0));
    let users = found.on_users.unwrap();
    assert!(users.found.is_none());
    assert!(users.says.contains("winners did not use their slots more than losers"), "{}", users.says);
}

#[test]
fn uses_without_a_draw_are_left_out_aloud() {
    let (panel, used, _) = contest(|won| f64::from(u8::from(won.is_some())));
    let material = Material { used: Some(&used), ..Material::of(&panel) };
    let question = Question { outcome: "y".into(), measure: None, good: Good::Up, worth: 0.0 };
    let found = prove(&material, "", &Wish::default(), &question);
    assert!(found.on_users.is_none());
    assert!(found.source.left_out.iter().any(|left| left.what() == "column of uses"));
}
