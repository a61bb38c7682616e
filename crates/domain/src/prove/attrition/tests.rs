use traction_stats::panel::{PanelBuilder, Row, Unbalanced};

use super::*;

/// Twenty units that start in 5 and twenty that never do, over eight periods, of which `is_seen` tells (unit, period).
fn panel(is_seen: impl Fn(i64, i64) -> bool) -> Panel {
    let mut builder = PanelBuilder::new();
    for unit in 0..40 {
        for period in (1..=8).filter(|period| is_seen(unit, *period)) {
            let start = (unit < 20).then_some(Period::Number(5));
            let (label, period) = (format!("u{unit}"), Period::Number(period));
            builder.push(Row { line: 1, unit: &label, period, outcome: unit as f64, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

#[track_caller]
fn held(is_seen: impl Fn(i64, i64) -> bool, expect: Held, words: &str) {
    let check = check(&panel(is_seen), Seen::InBoth, &[]).unwrap();
    assert_eq!(check.held, expect, "{}", check.says);
    assert!(check.says.contains(words), "{}", check.says);
}

/// A quarter of the started units sends nothing from its second period on; that as many of the others do makes it even.
#[test]
fn who_goes_missing_from_the_start_on_is_found_on_either_side() {
    assert_eq!(check(&panel(|_, _| true), Seen::InBoth, &[]), None);
    assert_eq!(check(&panel(|unit, _| unit > 0), Seen::InEither, &[]), None);
    let gone = |unit: i64, period: i64| !(unit % 4 == 0 && period >= 6);
    held(
        |u, t| u >= 20 || gone(u, t),
        Held::No,
        "81 % of what was to be seen of the units that started was seen, and 100 %",
    );
    held(|u, t| u < 20 || gone(u, t), Held::No, "units that never did went missing");
    held(gone, Held::Yes, "no more apart than chance");
}

/// What was missing before the start already is no loss, and one row is little.
#[test]
fn only_what_is_lost_from_before_to_after_counts() {
    held(|unit, period| unit >= 20 || (unit + period) % 3 != 0, Held::Yes, "no more apart");
    held(|unit, period| (unit, period) != (0, 7), Held::Yes, "99 %");
    // Two of twenty gone for good are a tenth less, and nothing that chance would not do.
    held(|unit, period| unit >= 2 || period < 5, Held::Yes, "90 %");
}

/// By hand: five of twenty lose three quarters, so that the mean is 3/16 and its squared error 0.75² × 0.25 × 0.75 / 19.
#[test]
fn the_test_is_welchs() {
    let check =
        check(&panel(|unit, period| unit >= 20 || unit % 4 != 0 || period < 6), Seen::InBoth, &[]).unwrap();
    let z = (3.0 / 16.0) / (0.75_f64.powi(2) * 0.25 * 0.75 / 19.0).sqrt();
    assert!((check.test.unwrap().p - Law::Student { df: 19.0 }.beyond(z)).abs() < 1e-12);
}

#[test]
fn one_unit_on_a_side_tells_nothing() {
    let mut builder = PanelBuilder::new();
    for (unit, period) in (0..5).flat_map(|unit| (1..=8).map(move |period| (unit, period))) {
        let start = (unit == 0).then_some(Period::Number(5));
        let (label, at) = (format!("u{unit}"), Period::Number(period));
        if (unit, period) != (3, 7) {
            builder.push(Row { line: 1, unit: &label, period: at, outcome: 1.0, start }).unwrap();
        }
    }
    let check = check(&builder.finish(Unbalanced::Keep).unwrap(), Seen::InBoth, &[]).unwrap();
    assert_eq!(check.held, Held::Untested);
    assert!(check.says.starts_with("From the start on 1 outcome"), "{}", check.says);
}
