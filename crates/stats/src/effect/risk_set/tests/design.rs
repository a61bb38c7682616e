//! The worked example's design check: all 66,150 assignments of known potential outcomes.

use super::super::compare::{TwoSides, Weighed};
use super::super::mechanism::{Mechanism, Parted};
use super::super::seen::Counted;
use super::super::waves::Lists;
use super::example::Example;
use super::*;
use crate::uncertainty::Law;

/// The estimator is without bias under the draw, its variance estimate at least the true one on average, and its
/// interval holds the truth as often as the example found. Outcome without a slot: Y0 + 2 t; effect of unit i: 3 + i / 4.
#[test]
fn over_all_assignments_the_estimator_is_as_the_example_found() {
    let Some(example) = Example::read() else { return };
    let panel = panel(&example.outcomes);
    let mechanism = Mechanism::of(&Lists::of(&panel, &example.waves).unwrap(), Numbers::Fresh).unwrap();
    assert_eq!(mechanism.n_assignments(), Some(66_150));
    let base = |unit: usize, wave: usize| example.outcomes[unit][0] + 2.0 * (wave + 1) as f64;
    for (weights, name) in WEIGHTS {
        let (mut sum, mut squares, mut variances, mut dfs) = (0.0, 0.0, 0.0, 0.0);
        let (mut by_normal, mut by_student, mut n) = (0, 0, 0_u32);
        let expect = &example.reference["design_based_check_full_enumeration"];
        let truth = expect["by_weight"][name]["truth"].as_f64().unwrap();
        mechanism.each(&mut |parted: &[Parted]| {
            let side = |set: &Parted, units: &[AtRisk], effect: fn(usize) -> f64| -> Vec<Counted> {
                let seen = |unit: usize| [base(unit, set.wave) + effect(unit), 0.0, 0.0];
                units
                    .iter()
                    .map(|one| Counted { unit: one.unit, weight: 1.0, seen: seen(one.unit) })
                    .collect()
            };
            let sides: Vec<TwoSides> = parted
                .iter()
                .map(|set| {
                    let winners = side(set, &set.winners, |unit| 3.0 + unit as f64 / 4.0);
                    TwoSides::of((&winners, &side(set, &set.losers, |_| 0.0))).unwrap()
                })
                .collect();
            let line = Weighed::of(&sides, weights).line([1.0, 0.0, 0.0]);
            let t = (line.value - truth) / line.variance.sqrt();
            by_normal += u32::from(Law::Normal.beyond(t) >= 0.05);
            // The example took the quantiles of its degrees of freedom rounded to one decimal.
            let df = (10.0 * line.df).round() / 10.0;
            by_student += u32::from(Law::Student { df }.beyond(t) >= 0.05);
            n += 1;
            sum += line.value;
            squares += line.value * line.value;
            variances += line.variance;
            dfs += line.df;
        });
        let n = f64::from(n);
        let close = |found: f64, expect: &serde_json::Value, tolerance: f64| {
            let expect = expect.as_f64().unwrap();
            assert!((found - expect).abs() <= tolerance, "{name}: {found} is not {expect}");
        };
        let (by, coverage) = (&expect["by_weight"][name], &expect["coverage"][name]);
        close(sum / n, &by["truth"], 1e-9);
        close(squares / n - (sum / n).powi(2), &by["true_var"], 1e-8);
        close(variances / n, &by["mean_var_hat"], 1e-9);
        close(dfs / n, &coverage["mean_df"], 1e-9);
        // Shares of 66,150: half an assignment.
        close(f64::from(by_normal) / n, &coverage["normal"], 0.5 / n);
        close(f64::from(by_student) / n, &coverage["satterthwaite_t"], 0.5 / n);
    }
}

/// Winners that start within a period have no number there: whether it counts as before the start or as the first with it,
/// change is measured from the period before, losers' numbers of that period are not looked at, and no draw is lost.
#[test]
fn where_no_winner_was_seen_nothing_is_compared_and_no_draw_is_lost() {
    let level = |unit: usize| (unit * unit) as f64;
    let starts: Vec<Option<i64>> = (0..6).map(|unit| (unit % 2 == 0).then_some(3)).collect();
    let outcomes: Vec<Vec<f64>> = (0..6)
        .map(|unit| {
            let has_it = starts[unit].is_some();
            let of = |t: usize| match t {
                2 if has_it => f64::NAN,
                3.. if has_it => level(unit) + t as f64 + 5.0,
                // A change in the missing period that none may be measured from.
                2 => level(unit) + 100.0 * unit as f64,
                _ => level(unit) + t as f64,
            };
            (0..5).map(of).collect()
        })
        .collect();
    let rows: Vec<Made> = outcomes
        .iter()
        .enumerate()
        .flat_map(|(unit, outcomes)| {
            (0..).zip(outcomes).map(move |(t, y)| (format!("unit {unit:03}"), t, *y, None))
        })
        .filter(|(_, _, y, _)| !y.is_nan())
        .collect();
    for at in [2, 3] {
        let starts: Vec<Option<i64>> = starts.iter().map(|start| start.map(|_| at)).collect();
        let waves = lists(&[1; 6], &starts, &[at]);
        for window in [Window::UntilNextWave, Window::First] {
            let settings =
                RiskSetSettings { beta: Beta::One, window, ..RiskSetSettings::change_since_last() };
            let found = risk_set(&panel_of(&rows), &waves, &settings).unwrap();
            assert_eq!((found.sets.len(), found.left_out.n_winners_unseen), (1, 0), "{at}");
            assert!((found.overall.value - 5.0).abs() < 1e-9, "{at}: {:?}", found.overall);
        }
    }
}
