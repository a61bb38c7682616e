//! What must not change when the data change in ways that do not matter, and what must collapse into what.

use proptest::prelude::*;

use super::*;
use crate::effect::StartsRefused;
use crate::effect::group_time;
use crate::effect::{Settings, simple};
use crate::panel::{self, Columns, Period, Unbalanced};
use crate::uncertainty::{Spread, WhyUnknown};

#[track_caller]
fn unmoved(one: &Panel, other: &Panel) {
    for beta in BETAS {
        for compare in BOTH {
            same(&numbers(one, &settings(beta, compare)), &numbers(other, &settings(beta, compare)));
        }
    }
}

#[test]
fn always_treated_units_do_not_move_other_effects() {
    let rows = small().play(1);
    let early = RollOut { starts: vec![(Some(1), 3), (Some(-4), 1)], n_periods: 7, effect: 9.0 }.play(2);
    let early = early.into_iter().map(|(unit, t, y, g)| (format!("early {unit}"), t, y, g)).collect();
    let with = panel_of(&[early, rows.clone()].concat());
    unmoved(&panel_of(&rows), &with);
    let left_out = efficient(&with, &EfficientSettings::default()).unwrap().left_out;
    assert_eq!(left_out, EfficientLeftOut { n_already_started: 4, n_with_gaps: 0 });
}

#[test]
fn units_with_gaps_are_left_out_and_counted() {
    let rows = small().play(1);
    let gappy: Vec<Made> = rows.iter().filter(|(u, t, ..)| u != "1-0" || *t != 5).cloned().collect();
    let without: Vec<Made> = rows.iter().filter(|(u, ..)| u != "1-0").cloned().collect();
    unmoved(&panel_of(&gappy), &panel_of(&without));
    let left_out = efficient(&panel_of(&gappy), &EfficientSettings::default()).unwrap().left_out;
    assert_eq!(left_out.n_with_gaps, 1);
}

#[test]
fn the_order_and_the_names_of_units_and_rows_do_not_matter() {
    let rows = small().play(3);
    let mut other: Vec<Made> = rows.iter().map(|(u, t, y, g)| (format!("ward {u}"), *t, *y, *g)).collect();
    other.reverse();
    unmoved(&panel_of(&rows), &panel_of(&other));
}

#[test]
fn relabelled_periods_change_labels_only() {
    let rows = small().play(4);
    let later = rows.iter().map(|(u, t, y, g)| (u.clone(), t + 2000, *y, g.map(|g| g + 2000)));
    unmoved(&panel_of(&rows), &panel_of(&later.collect::<Vec<Made>>()));
}

/// Every unit twice: means and beta stay, variances of means are those of half as large samples less a spare unit.
#[test]
fn doubled_units_leave_the_differences_and_shrink_their_errors() {
    let rows = RollOut { starts: vec![(Some(3), 30), (None, 30)], n_periods: 5, effect: 1.0 }.play(5);
    let again = rows.iter().map(|(u, t, y, g)| (format!("{u} again"), *t, *y, *g));
    let doubled: Vec<Made> = rows.iter().cloned().chain(again).collect();
    let of = |rows: &[Made]| efficient(&panel_of(rows), &EfficientSettings::default()).unwrap().simple;
    let (once, twice) = (of(&rows), of(&doubled));
    same(&[once.effect.value, once.beta], &[twice.effect.value, twice.beta]);
    let ratio = twice.se_neyman.unwrap() / once.se_neyman.unwrap();
    assert!((ratio.powi(2) - 29.0 / 59.0).abs() < 1e-12, "{ratio}");
}

/// With one start and beta one it is the difference of mean changes, which effects by start and period also are.
#[test]
fn beta_one_is_the_effect_by_start_and_period() {
    let panel = panel_of(&small().play(6));
    let ours = efficient(&panel, &settings(Beta::One, Compare::NotYet)).unwrap();
    let theirs = group_time(&panel, &Settings { compare: Compare::NotYet, ..Settings::default() }).unwrap();
    for cell in theirs.cells.iter().filter(|cell| cell.exposure >= 0) {
        let same_cell = |c: &&EfficientCell| (c.start, c.period) == (cell.start, cell.period);
        let own = ours.cells.iter().find(same_cell).unwrap();
        same(&[own.sharpened.effect.value], &[cell.effect.value]);
        assert_eq!((own.n_treated, own.n_compared), (cell.n_treated, cell.n_compared));
    }
    same(&[ours.simple.effect.value], &[simple(&theirs).value]);
}

/// With one start and two periods it is a regression's adjusted difference: beta by hand from the two groups.
#[test]
fn two_groups_and_two_periods_agree_with_a_computation_by_hand() {
    let made = |unit: &str, start, before, after| {
        vec![(unit.to_owned(), 1, before, start), (unit.to_owned(), 2, after, start)]
    };
    let rows = [
        made("a", Some(2), 1.0, 4.0),
        made("b", Some(2), 2.0, 4.0),
        made("c", Some(2), 6.0, 7.0),
        made("f", Some(2), 3.0, 5.0),
        made("d", None, 1.0, 1.0),
        made("e", None, 3.0, 2.0),
        made("g", None, 2.0, 3.0),
        made("h", None, 2.0, 2.0),
    ];
    let found = efficient(&panel_of(&rows.concat()), &EfficientSettings::default()).unwrap().simple;
    // Sums about the means: squares before 14 and 2, after 6 and 2, products 9 and 1. So few have their slope together.
    let beta = (9.0 + 1.0) / (14.0 + 2.0);
    let mean = |sum: f64| sum / 3.0 / 4.0;
    let (before, after, product) = (mean(14.0 + 2.0), mean(6.0 + 2.0), mean(9.0 + 1.0));
    let variance = after - 2.0 * beta * product + beta * beta * before;
    same(
        &[found.beta, found.effect.value, found.se_neyman.unwrap()],
        &[beta, 5.0 - 2.0 - beta * (3.0 - 2.0), variance.sqrt()],
    );
}

#[test]
fn the_best_beta_has_the_smallest_neyman_error_of_all() {
    let panel = panel_of(&small().play(7));
    let se = |beta| efficient(&panel, &settings(beta, Compare::NotYet)).unwrap().simple.se_neyman.unwrap();
    assert!(se(Beta::Best) < se(Beta::Zero) && se(Beta::Best) < se(Beta::One));
}

#[test]
fn a_start_of_one_unit_borrows_its_spread_and_is_named() {
    let rollout = RollOut { starts: vec![(Some(3), 1), (Some(4), 5), (None, 5)], n_periods: 5, effect: 1.0 };
    let found = efficient(&panel_of(&rollout.play(8)), &EfficientSettings::default()).unwrap();
    assert_eq!(found.lone_starts, [Some(Period::Number(3))]);
    assert!(found.by_start.each.iter().all(|(_, part)| part.se_neyman.is_some()));
    // Alone against three: their variance, 7, once for the one and a third for their mean.
    let made =
        |unit: &str, start, after| vec![(unit.to_owned(), 1, 0.0, start), (unit.to_owned(), 2, after, start)];
    let one =
        [made("a", Some(2), 9.0), made("b", None, 1.0), made("c", None, 2.0), made("d", None, 6.0)].concat();
    let one = efficient(&panel_of(&one), &settings(Beta::Zero, Compare::NotYet)).unwrap().simple;
    same(&[one.effect.value, one.se_neyman.unwrap().powi(2)], &[6.0, 7.0 + 7.0 / 3.0]);
    let alone = RollOut { starts: vec![(Some(3), 1), (Some(4), 1), (None, 1)], n_periods: 5, effect: 1.0 };
    let panel = panel_of(&alone.play(9));
    assert_eq!(efficient(&panel, &EfficientSettings::default()).unwrap_err(), EfficientRefused::OneUnitEach);
    let plain = efficient(&panel, &settings(Beta::Zero, Compare::NotYet)).unwrap();
    assert_eq!(plain.simple.effect.spread, Spread::Unknown(WhyUnknown::OneUnitEach));
}

#[test]
fn what_the_data_cannot_carry_is_refused() {
    let refused = |starts: &[(Option<i64>, usize)], n_periods| {
        let rollout = RollOut { starts: starts.to_vec(), n_periods, effect: 1.0 };
        efficient(&panel_of(&rollout.play(1)), &EfficientSettings::default()).unwrap_err()
    };
    assert_eq!(refused(&[(Some(1), 3), (None, 3)], 1), StartsRefused::TooFewPeriods.into());
    assert_eq!(refused(&[(Some(2), 1)], 3), StartsRefused::TooFewUnits.into());
    assert_eq!(refused(&[(None, 4)], 3), StartsRefused::NobodyStarts.into());
    assert_eq!(refused(&[(Some(2), 4)], 3), StartsRefused::EveryoneAtOnce { n_units: 4 }.into());
    assert_eq!(
        refused(&[(Some(1), 4), (None, 2)], 3),
        StartsRefused::NothingBefore { n_units: 4, anticipation: 0 }.into()
    );
    let gaps = vec![
        ("a".to_owned(), 1, 1.0, Some(2)),
        ("a".to_owned(), 2, 1.0, Some(2)),
        ("b".to_owned(), 2, 1.0, None),
        ("b".to_owned(), 3, 1.0, None),
    ];
    let refused = efficient(&panel_of(&gaps), &EfficientSettings::default()).unwrap_err();
    assert_eq!(refused, EfficientRefused::AllHaveGaps { n_units: 2 });
    let days =
        |unit: &str, start| (0..7_100).map(|t| (unit.to_owned(), t, 1.0, start)).collect::<Vec<Made>>();
    let long = panel_of(&[days("a", Some(9)), days("b", None)].concat());
    let refused = efficient(&long, &EfficientSettings::default()).unwrap_err();
    assert_eq!(refused, EfficientRefused::TooManyPeriods { n_starts: 2, n_periods: 7_100 });
}

#[test]
fn weights_and_clusters_are_refused_rather_than_passed_over() {
    let file = "u,t,y,g,w\na,1,1,2,1\na,2,2,2,1\nb,1,1,2,2\nb,2,3,2,2\nc,1,1,,1\nc,2,1,,1\n";
    let plain = Columns { unit: "u", period: "t", outcome: "y", start: "g", ..Columns::default() };
    let refused = |columns: Columns<'_>| {
        let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep).unwrap();
        efficient(&panel, &EfficientSettings::default()).err()
    };
    assert_eq!(refused(plain), None);
    assert_eq!(refused(Columns { weight: Some("w"), ..plain }), Some(EfficientRefused::Weighted));
    assert_eq!(refused(Columns { cluster: Some("w"), ..plain }), Some(EfficientRefused::Clustered));
}

#[test]
fn a_constant_outcome_has_no_spread() {
    let rows = small().play(1).into_iter().map(|(u, t, _, g)| (u, t, 5.0, g)).collect::<Vec<Made>>();
    let found = efficient(&panel_of(&rows), &EfficientSettings::default()).unwrap();
    assert_eq!(found.simple.effect.spread, Spread::Unknown(WhyUnknown::NoVariation));
    assert_eq!((found.simple.effect.value, found.simple.beta), (0.0, 0.0));
}

/// Where gaps alone leave nobody to compare, that is what the refusal says.
#[test]
fn gaps_that_leave_one_start_are_named() {
    let rollout = RollOut { starts: vec![(Some(3), 2), (None, 4)], n_periods: 4, effect: 1.0 };
    let without = |gaps: &dyn Fn(&Made) -> bool| {
        let rows: Vec<Made> = rollout.play(9).into_iter().filter(|row| !gaps(row)).collect();
        efficient(&panel_of(&rows), &EfficientSettings::default()).unwrap_err()
    };
    let starting = without(&|row| row.3.is_some() && row.1 == 1 + i64::from(row.0.ends_with('1')));
    let expect = EfficientRefused::GapsLeaveOneStart { n_starting: 2, n_never: 4, n_left: 4, left: None };
    assert_eq!(starting, expect);
    assert!(
        starting
            .to_string()
            .starts_with("of 2 units that start and 4 that never do, only 4 that never start are seen"),
        "{starting}"
    );
    let others = without(&|row| row.3.is_none() && row.1 == 2);
    let left = Some(Period::Number(3));
    assert_eq!(others, EfficientRefused::GapsLeaveOneStart { n_starting: 2, n_never: 4, n_left: 2, left });
    assert!(others.to_string().contains("only 2 that start in 3 are seen in every period"), "{others}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn constants_of_periods_change_nothing(seed in 0u64..1000, shift in -5.0..5.0f64, tilt in -2.0..2.0f64) {
        let rows = small().play(seed);
        let moved: Vec<Made> = rows
            .iter()
            .map(|(u, t, y, g)| (u.clone(), *t, y + shift + tilt * (*t * *t) as f64, *g))
            .collect();
        unmoved(&panel_of(&rows), &panel_of(&moved));
    }

    #[test]
    fn scaling_the_outcome_scales_effects_and_errors(seed in 0u64..1000, scale in 0.01..100.0f64) {
        let rows = small().play(seed);
        let scaled: Vec<Made> = rows.iter().map(|(u, t, y, g)| (u.clone(), *t, scale * y, *g)).collect();
        let of = |rows: &[Made]| efficient(&panel_of(rows), &EfficientSettings::default()).unwrap().simple;
        let (one, other) = (of(&rows), of(&scaled));
        same(&[one.beta, scale * one.effect.value, scale * one.effect.se().unwrap()],
             &[other.beta, other.effect.value, other.effect.se().unwrap()]);
    }
}
