use traction_stats::panel::{PanelBuilder, Row, Unbalanced};

use super::*;
use crate::prove::{Evidence, Good, Material, Question, prove};

/// `groups` of units by start; what each period adds to started units, by steps since their start; periods 1 to `n`.
fn panel(groups: &[(Option<i64>, usize)], n: i64, adds: impl Fn(i64) -> f64) -> Panel {
    let mut builder = PanelBuilder::new();
    for (group, (start, n_units)) in groups.iter().enumerate() {
        for unit in 0..*n_units {
            for period in 1..=n {
                let place = (group * 31 + unit) as i64 * 97 + period * 389;
                // As good as chance: the far digits of a sine.
                let noise = 2.0 * ((place as f64).sin() * 43_758.545_3).fract();
                let outcome = 10.0 + noise + start.map_or(0.0, |start| adds(period - start));
                let (unit, start) = (format!("{group}-{unit}"), start.map(Period::Number));
                let row = Row { line: 1, unit: &unit, period: Period::Number(period), outcome, start };
                builder.push(row).unwrap();
            }
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

fn record(panel: &Panel, method: Method) -> Evidence {
    let question = Question { outcome: "Waiting".into(), measure: None, good: Good::Up, worth: 0.0 };
    prove(&Material::of(panel), "", &Wish { method: Some(method), ..Wish::default() }, &question)
}

fn check(panel: &Panel, method: Method) -> Check {
    let found = record(panel, method);
    let check = found.checks.iter().find(|check| check.name == CheckName::PlaceboStarts);
    check.unwrap_or_else(|| panic!("{method:?}: {}", found.verdict.says)).clone()
}

const MANY: [(Option<i64>, usize); 3] = [(Some(7), 10), (Some(8), 10), (None, 14)];

fn step(steps: i64) -> f64 {
    if steps >= 0 { 4.0 } else { 0.0 }
}

#[test]
fn an_effect_that_begins_with_the_start_is_not_found_before_it_by_any_method() {
    for method in [Method::GroupTime, Method::Imputation, Method::Interaction, Method::Efficient] {
        let check = check(&panel(&MANY, 10, step), method);
        assert_eq!(check.held, Held::Yes, "{method:?}: {}", check.says);
        let found = check.test.unwrap().found.unwrap();
        assert!(found.value.abs() < 1.0 && found.interval.p > 0.05, "{method:?}: {}", check.says);
        assert!(check.says.contains("no more than chance makes of nothing"), "{}", check.says);
    }
    let one = check(&panel(&[(Some(20), 1), (None, 20)], 24, step), Method::Synthetic);
    assert_eq!(one.held, Held::Yes, "{}", one.says);
    let few = check(&panel(&[(Some(20), 1), (None, 8)], 24, step), Method::Synthetic);
    assert_eq!(few.held, Held::Untested, "{}", few.says);
    assert!(
        few.says.contains("with 8 stand-ins") && !few.says.contains("no more than chance"),
        "{}",
        few.says
    );
    let lone = check(&panel(&[(Some(25), 1)], 36, step), Method::Interrupted);
    assert!(lone.says.starts_with("Had the unit started 12 periods earlier"), "{}", lone.says);
}

/// What rises from three periods before the start on is no effect of the start.
#[test]
fn what_was_there_before_is_found() {
    let early = |steps: i64| if steps >= -3 { 4.0 } else { 0.0 };
    for method in [Method::GroupTime, Method::Imputation, Method::Interaction, Method::Efficient] {
        let check = check(&panel(&MANY, 10, early), method);
        assert_eq!(check.held, Held::No, "{method:?}: {}", check.says);
        assert!(check.says.contains("part of what looks like an effect was there before"), "{}", check.says);
    }
}

/// Nothing from the true start on is looked at: whatever happens then moves no digit.
#[test]
fn what_happens_from_the_true_start_on_changes_nothing() {
    for method in [Method::GroupTime, Method::Imputation, Method::Interaction, Method::Efficient] {
        let after = |size: f64| move |steps: i64| if steps >= 0 { size * (1 + steps) as f64 } else { 0.0 };
        let (small, large) =
            (check(&panel(&MANY, 10, after(1.0)), method), check(&panel(&MANY, 10, after(50.0)), method));
        assert_eq!(small, large, "{method:?}");
    }
}

#[test]
fn without_room_before_the_start_it_says_what_is_needed() {
    let short = check(&panel(&[(Some(2), 8), (None, 12)], 6, step), Method::GroupTime);
    assert_eq!((short.held, short.test), (Held::Untested, None));
    assert_eq!(
        short.says,
        "Earlier starts could not be tried: that needs 2 or more periods before the true start."
    );
    let lone = check(&panel(&[(Some(13), 1)], 24, step), Method::Interrupted);
    assert_eq!(
        lone.says,
        "Earlier starts could not be tried: that needs 13 or more periods before the true start."
    );
}

#[test]
fn the_regression_that_is_no_answer_is_not_tried() {
    let found = record(&panel(&MANY, 10, step), Method::TwoWay);
    assert!(found.checks.iter().all(|check| check.name != CheckName::PlaceboStarts));
}

/// A recorded draw is tried with its waves as they fell.
#[test]
fn a_recorded_draw_is_tried_too() {
    let (panel, record) = crate::prove::tests::methods::drawn();
    let draws = [crate::prove::DrawnWave { at: Period::Number(4), record: &record }];
    let question = Question { outcome: "Waiting".into(), measure: None, good: Good::Down, worth: 0.0 };
    let found = prove(&Material { draws: &draws, ..Material::of(&panel) }, "", &Wish::default(), &question);
    let check = found.checks.into_iter().find(|check| check.name == CheckName::PlaceboStarts).unwrap();
    assert_eq!(check.held, Held::Yes, "{}", check.says);
    assert!(check.test.unwrap().found.is_some(), "{}", check.says);
}

/// As many periods as are looked at from the start on, never more than half of those before it.
#[test]
fn starts_are_made_up_as_much_earlier_as_there_is_room_for() {
    for (start, n, earlier) in [(7, 12, 3), (7, 8, 2), (7, 7, 1), (11, 12, 2), (11, 20, 5), (4, 12, 1)] {
        let panel = panel(&[(Some(start), 12), (None, 14)], n, step);
        let says = check(&panel, Method::GroupTime).says;
        let expect = format!("started {} earlier", counted(earlier, "period", "periods"));
        assert!(says.contains(&expect), "start {start} of {n}: {says}");
    }
}
