//! What must not change when the data change in ways that do not matter.

use proptest::prelude::*;

use super::*;

fn settings(compare: Compare) -> Settings {
    Settings { compare, ..Settings::default() }
}

#[test]
fn always_treated_units_do_not_move_other_effects() {
    for compare in BOTH {
        let rows = small().play(1);
        let early = RollOut { starts: vec![(Some(1), 3), (Some(-4), 1)], n_periods: 6, effect: 9.0 }.play(2);
        let more: Vec<Made> =
            early.into_iter().map(|(unit, t, y, g)| (format!("early {unit}"), t, y, g)).collect();
        let with = panel_of(&[more, rows.clone()].concat());
        same(&numbers(&panel_of(&rows), &settings(compare)), &numbers(&with, &settings(compare)));
        assert_eq!(group_time(&with, &settings(compare)).unwrap().left_out.n_already_started, 4);
    }
}

#[test]
fn the_order_and_the_names_of_units_and_rows_do_not_matter() {
    for compare in BOTH {
        let rows = small().play(3);
        let mut other: Vec<Made> =
            rows.iter().map(|(u, t, y, g)| (format!("ward {u}"), *t, *y, *g)).collect();
        other.reverse();
        same(&numbers(&panel_of(&rows), &settings(compare)), &numbers(&panel_of(&other), &settings(compare)));
    }
}

/// In tons or in kilograms: weights count beside one another, also where a start of one unit borrows its spread.
#[test]
fn weights_in_another_unit_change_nothing() {
    let lone = RollOut { starts: vec![(Some(3), 1), (Some(4), 5), (None, 8)], ..small() };
    let rows = lone.play(5);
    let with = |times: f64| {
        let weight = |row: &Made| Some(times * (1.0 + (row.0.bytes().last().unwrap() % 3) as f64));
        panel_with(&rows, &[], |row| Besides { weight: weight(row), ..Besides::default() })
    };
    for compare in BOTH {
        let numbers = |times| numbers(&with(times), &settings(compare));
        same(&numbers(1.0), &numbers(1000.0));
    }
}

#[test]
fn a_start_after_the_last_period_is_as_good_as_never() {
    let rows = small().play(4);
    let late: Vec<Made> = rows.iter().map(|(u, t, y, g)| (u.clone(), *t, *y, g.or(Some(99)))).collect();
    for compare in BOTH {
        same(&numbers(&panel_of(&rows), &settings(compare)), &numbers(&panel_of(&late), &settings(compare)));
    }
}

/// The first period on or after the start is the first with the treatment; exposure is counted from the label.
#[test]
fn a_start_between_two_periods_acts_from_the_next_one_on() {
    let rows = small().play(5);
    let stretch = |shift: i64| -> Vec<Made> {
        rows.iter().map(|(u, t, y, g)| (u.clone(), 2 * t, *y, g.map(|g| 2 * g - shift))).collect()
    };
    let (on, between) = (panel_of(&stretch(0)), panel_of(&stretch(1)));
    for compare in BOTH {
        let (on, between) =
            (group_time(&on, &settings(compare)).unwrap(), group_time(&between, &settings(compare)).unwrap());
        for (on, between) in on.cells.iter().zip(&between.cells) {
            assert_eq!(on.effect, between.effect);
            assert_eq!(on.exposure + 1, between.exposure);
            assert_ne!(on.start, between.start);
        }
        assert_eq!(on.cells.len(), between.cells.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn constants_of_units_and_of_periods_change_nothing(seed in 0u64..1000, shift in -5.0..5.0f64, tilt in -2.0..2.0f64) {
        let rows = small().play(seed);
        let moved: Vec<Made> = rows
            .iter()
            .map(|(u, t, y, g)| (u.clone(), *t, y + shift * u.len() as f64 + tilt * (*t * *t) as f64, *g))
            .enumerate()
            .map(|(row, (u, t, y, g))| (u, t, y + shift * (row / 6) as f64, g))
            .collect();
        for compare in BOTH {
            for base in [Base::Varying, Base::Universal] {
                let settings = Settings { compare, base, ..Settings::default() };
                same(&numbers(&panel_of(&rows), &settings), &numbers(&panel_of(&moved), &settings));
            }
        }
    }

    #[test]
    fn scaling_the_outcome_scales_effects_and_errors(seed in 0u64..1000, scale in 0.01..100.0f64) {
        let rows = small().play(seed);
        let scaled: Vec<Made> = rows.iter().map(|(u, t, y, g)| (u.clone(), *t, scale * y, *g)).collect();
        let plain: Vec<f64> = numbers(&panel_of(&rows), &settings(Compare::NotYet)).iter().map(|x| scale * x).collect();
        let found = numbers(&panel_of(&scaled), &settings(Compare::NotYet));
        for (plain, found) in plain.iter().zip(&found) {
            prop_assert!((plain - found).abs() <= 1e-10 * scale * (10.0 + (plain / scale).abs()));
        }
    }
}

/// Any panel at all: up to nine units and six periods, starts anywhere or nowhere, cells missing, outcomes that repeat.
pub(super) fn any_rows() -> impl Strategy<Value = Vec<Made>> {
    let unit =
        (prop::option::of(-1..8i64), prop::collection::vec(prop::option::weighted(0.8, -3..4i32), 1..7));
    prop::collection::vec(unit, 1..10).prop_map(|units| {
        let mut rows = Vec::new();
        for (unit, (start, outcomes)) in units.into_iter().enumerate() {
            for (period, outcome) in (1..).zip(outcomes) {
                rows.extend(outcome.map(|y| (unit.to_string(), period, f64::from(y), start)));
            }
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_panel_is_refused_or_gives_finite_numbers(
        rows in any_rows().prop_filter("a panel has rows", |rows| !rows.is_empty()),
        not_yet in any::<bool>(),
        universal in any::<bool>(),
        either in any::<bool>(),
        anticipation in 0..3u32,
    ) {
        let settings = Settings {
            seen: if either { Seen::InEither } else { Seen::InBoth },
            compare: if not_yet { Compare::NotYet } else { Compare::Never },
            base: if universal { Base::Universal } else { Base::Varying },
            anticipation,
            ..Settings::default()
        };
        let panel = panel_of(&rows);
        if let Ok(found) = group_time(&panel, &settings) {
            prop_assert!(numbers(&panel, &settings).iter().all(|number| number.is_finite()));
            let intervals = found.cells.iter().filter_map(|cell| cell.effect.interval());
            for interval in intervals.chain(simple(&found).interval()) {
                prop_assert!(interval.low < interval.high && interval.se > 0.0 && (0.0..=1.0).contains(&interval.p));
            }
            let tests = [pre_trends(&found), pre_trends_by_exposure(&found)];
            for test in tests.into_iter().flatten() {
                prop_assert!(test.statistic >= 0.0 && (0.0..=1.0).contains(&test.p), "{test:?}");
            }
        }
    }
}
