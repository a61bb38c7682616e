//! Cases that must collapse into others, changes that must not matter, and what cannot be imputed.

use super::*;
use crate::effect::{Settings, group_time, simple};
use crate::panel::{PanelBuilder, Row, Unbalanced};
use crate::uncertainty::{Spread, WhyUnknown};

fn made(unit: &str, start: Option<i64>, outcomes: &[f64]) -> Vec<Made> {
    (1..).zip(outcomes).map(|(t, y)| (unit.to_owned(), t, *y, start)).collect()
}

/// With two periods there is one way to impute: the change of those that never start. Errors too, with few and many.
#[test]
fn two_periods_collapse_to_the_difference_of_mean_changes() {
    for n in [5, 60] {
        let rollout = RollOut { starts: vec![(Some(2), n), (None, n + 1)], n_periods: 2, effect: 1.0 };
        let panel = panel_of(&rollout.play(7));
        let imputed = imputation(&panel, &ImputationSettings::default()).unwrap().overall;
        let compared = simple(&group_time(&panel, &Settings::default()).unwrap());
        let (a, b) = (imputed.interval().unwrap(), compared.interval().unwrap());
        assert!((imputed.value - compared.value).abs() < 1e-12);
        assert!((a.se - b.se).abs() < 1e-12 && (a.se_used - b.se_used).abs() < 1e-12, "{a:?} {b:?}");
        assert!((a.low - b.low).abs() < 1e-9, "{a:?} {b:?}");
    }
}

#[test]
fn order_names_levels_and_common_changes_do_not_matter() {
    let rows = small().play(1);
    let mut other: Vec<Made> = rows
        .iter()
        .map(|(u, t, y, g)| (format!("ward {u}"), *t, y + u.len() as f64 + (t * t) as f64, *g))
        .collect();
    other.reverse();
    same(&numbers(&plain(&rows)), &numbers(&plain(&other)));
}

#[test]
fn scaling_the_outcome_scales_effects_and_errors() {
    let rows = small().play(2);
    let scaled: Vec<Made> = rows.iter().map(|(u, t, y, g)| (u.clone(), *t, 50.0 * y, *g)).collect();
    let expect: Vec<f64> = numbers(&plain(&rows)).iter().map(|x| 50.0 * x).collect();
    same(&numbers(&plain(&scaled)), &expect);
}

#[test]
fn units_treated_from_the_first_period_change_nothing_but_their_count() {
    let rows = small().play(3);
    let early = RollOut { starts: vec![(Some(1), 3), (Some(-2), 1)], n_periods: 6, effect: 9.0 }.play(4);
    let early = early.into_iter().map(|(u, t, y, g)| (format!("early {u}"), t, y, g));
    let (with, without) = (plain(&early.chain(rows.clone()).collect::<Vec<_>>()), plain(&rows));
    same(&numbers(&with), &numbers(&without));
    assert_eq!((with.left_out.n_without_before, with.n_units), (4, 18));
}

/// Every unit twice: the same effects, and errors as of twice as many units.
#[test]
fn doubled_units_give_the_same_effects_and_smaller_errors() {
    let rollout =
        RollOut { starts: vec![(Some(3), 20), (Some(5), 20), (None, 20)], n_periods: 6, effect: 1.0 };
    let rows = rollout.play(5);
    let twice: Vec<Made> =
        rows.iter().cloned().chain(rows.iter().map(|(u, t, y, g)| (format!("{u}'"), *t, *y, *g))).collect();
    let (one, two) = (plain(&rows), plain(&twice));
    assert!((one.overall.value - two.overall.value).abs() < 1e-12);
    let (one, two) = (one.overall.se().unwrap(), two.overall.se().unwrap());
    assert!((one / two - 2_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn an_effect_in_the_step_before_the_start_is_imputed_with_anticipation() {
    let mut rows = small().play(6);
    for (_, t, y, start) in &mut rows {
        *y += if start.is_some_and(|start| *t == start - 1) { 5.0 } else { 0.0 };
    }
    let settings = ImputationSettings { anticipation: 1, ..ImputationSettings::default() };
    let found = imputation(&panel_of(&rows), &settings).unwrap();
    assert_eq!(found.by_exposure.each[0].at, -1);
    assert!((found.by_exposure.each[0].effect.value - 5.0).abs() < 1.5, "{:?}", found.by_exposure.each[0]);
    assert_eq!(found.leads.iter().map(|part| part.at).collect::<Vec<_>>(), [-5, -4, -3]);
    assert!((found.overall.value - 2.0).abs() < 1.5, "{:?}", found.overall);
}

/// Where everybody has started, nothing tells what would have been: those observations are counted.
#[test]
fn periods_without_untreated_units_are_left_out_and_counted() {
    let rollout = RollOut { starts: vec![(Some(3), 4), (Some(5), 3)], n_periods: 6, effect: 2.0 };
    let found = plain(&rollout.play(7));
    let number = Period::Number;
    let cells: Vec<_> = found.cells.iter().map(|cell| (cell.start, cell.period)).collect();
    assert_eq!(cells, [(number(3), number(3)), (number(3), number(4))]);
    let lost = [(3, 5, 4), (3, 6, 4), (5, 5, 3), (5, 6, 3)];
    assert_eq!(found.left_out.cells, lost.map(|(g, t, n)| (number(g), number(t), n)));
    // Two starts seen two and four times before: six means, less two levels and three periods, leave one lead.
    assert_eq!(found.left_out.leads, [-4, -3]);
}

#[test]
fn a_start_of_one_unit_takes_its_spread_from_all_effects() {
    let rollout = RollOut { starts: vec![(Some(3), 1), (Some(4), 5), (None, 6)], n_periods: 6, effect: 2.0 };
    let found = plain(&rollout.play(8));
    assert_eq!(found.lone_starts, [Period::Number(3)]);
    let (lone, five) = (&found.by_start.each[0].effect, &found.by_start.each[1].effect);
    let (lone, five) = (lone.interval().unwrap(), five.interval().unwrap());
    // What is borrowed is in the error that is used, not in the one that is printed.
    assert!(lone.se_used > five.se_used && lone.se < 0.8 * lone.se_used, "{lone:?} {five:?}");
    let one = plain(&RollOut { starts: vec![(Some(3), 1), (None, 6)], n_periods: 6, effect: 2.0 }.play(9));
    assert_eq!(one.overall.spread, Spread::Unknown(WhyUnknown::OneUnitOfAll));
}

#[test]
fn an_outcome_that_never_changes_has_no_effect_and_no_spread() {
    let rows: Vec<Made> = small().play(10).into_iter().map(|(u, t, _, g)| (u, t, 3.0, g)).collect();
    let found = plain(&rows).overall;
    assert_eq!((found.value, found.spread), (0.0, Spread::Unknown(WhyUnknown::NoVariation)));
}

#[test]
fn covariates_that_never_change_are_left_out_and_those_that_say_nothing_are_refused() {
    let with = |value: &dyn Fn(usize, i64) -> f64| {
        let mut builder = PanelBuilder::with_covariates(&["beds"]);
        for (line, (unit, t, y, start)) in small().play(11).iter().enumerate() {
            let (period, start) = (Period::Number(*t), start.map(Period::Number));
            let row = Row { line: line as u64, unit, period, outcome: *y, start };
            let covariates = &[Some(value(unit.len(), *t))];
            builder.push_beside(row, &crate::panel::Beside { covariates, ..Default::default() }).unwrap();
        }
        imputation(&builder.finish(Unbalanced::Keep).unwrap(), &ImputationSettings::default())
    };
    let fixed = with(&|length, _| length as f64).unwrap();
    assert_eq!(fixed.left_out.covariates, ["beds"]);
    same(&numbers(&fixed), &numbers(&plain(&small().play(11))));
    let moving = with(&|length, t| length as f64 + t as f64).unwrap_err();
    assert_eq!(moving, ImputationRefused::SilentCovariate { name: "beds".to_owned() });
}

#[test]
fn what_cannot_be_imputed_is_refused() {
    let refused = |rows: &[Vec<Made>], anticipation| {
        let settings = ImputationSettings { anticipation, ..ImputationSettings::default() };
        imputation(&panel_of(&rows.concat()), &settings).unwrap_err()
    };
    let a = || made("a", Some(2), &[1.0, 2.0]);
    let one = refused(&[made("a", Some(1), &[1.0]), made("b", None, &[1.0])], 0);
    assert_eq!(one, StartsRefused::TooFewPeriods.into());
    assert_eq!(refused(&[a()], 0), StartsRefused::TooFewUnits.into());
    let nobody = refused(&[made("a", None, &[1.0, 2.0]), made("b", None, &[1.0, 2.0])], 0);
    assert_eq!(nobody, StartsRefused::NobodyStarts.into());
    let all = refused(&[a(), made("b", Some(2), &[1.0, 2.0])], 0);
    assert_eq!(all, ImputationRefused::NothingToImputeFrom);
    let early = refused(&[a(), made("c", None, &[1.0, 2.0])], 1);
    assert_eq!(early, StartsRefused::NothingBefore { n_units: 1, anticipation: 1 }.into());
}
