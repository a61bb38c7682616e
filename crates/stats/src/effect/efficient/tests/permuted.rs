//! Dealing the starts again gives what the estimator itself gives, and rejects no more than it says.

use super::*;
use crate::uncertainty::permutation::{Redraws, Tried};

/// Brute force: relabel the panel for every deal, estimate each, and count; 10 units, 4 and 3 and 3, 4,200 deals.
#[test]
fn dealing_projections_is_estimating_every_deal() {
    let rollout = RollOut { starts: vec![(Some(3), 3), (Some(4), 3), (None, 4)], n_periods: 5, effect: 1.1 };
    let rows = rollout.play(21);
    let labels: Vec<String> = panel_of(&rows).units().iter().map(str::to_owned).collect();
    let starts = |unit: &str| rows.iter().find(|(u, ..)| u == unit).unwrap().3;
    let t = |deal: &[Option<i64>]| {
        let place = |unit: &String| labels.iter().position(|label| label == unit).unwrap();
        let dealt: Vec<Made> = rows.iter().map(|(u, t, y, _)| (u.clone(), *t, *y, deal[place(u)])).collect();
        let simple = efficient(&panel_of(&dealt), &EfficientSettings::default()).unwrap().simple;
        simple.effect.value / simple.se_neyman.unwrap()
    };
    let happened: Vec<Option<i64>> = labels.iter().map(|label| starts(label)).collect();
    let observed = t(&happened).abs();
    let mut deals = vec![Vec::new()];
    for _ in 0..labels.len() {
        let choices = |deal: &Vec<Option<i64>>| {
            let left = |start: &Option<i64>| {
                let n = |all: &[Option<i64>]| all.iter().filter(|other| *other == start).count();
                n(deal) < n(&happened)
            };
            let next = [Some(3), Some(4), None].into_iter().filter(left);
            next.map(|start| [deal.clone(), vec![start]].concat()).collect::<Vec<_>>()
        };
        deals = deals.iter().flat_map(choices).collect();
    }
    assert_eq!(deals.len(), 4200);
    let n_extreme = deals.iter().filter(|deal| t(deal).abs() >= observed * (1.0 - 1e-9)).count();
    let exact = n_extreme as f64 / 4200.0;
    let redraws = Redraws { n: 20_000, seed: 3 };
    let found =
        permute_starts(&panel_of(&rows), &EfficientSettings::default(), Estimand::Simple, redraws).unwrap();
    let Tried::Sample { se_of_p, .. } = found.tried else { panic!("{found:?}") };
    println!("exact {exact}, sampled {} +- {se_of_p}", found.p);
    assert!((found.p - exact).abs() <= 4.0 * se_of_p, "{} is not {exact} +- {se_of_p}", found.p);
    assert!((0.001..0.9).contains(&exact), "{exact} would not tell");
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let panel = panel_of(&small().play(22));
    let test = || {
        let redraws = Redraws { n: 2_000, seed: 5 };
        permute_starts(&panel, &EfficientSettings::default(), Estimand::ByExposure, redraws).unwrap()
    };
    let on = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(test);
    assert_eq!(on(1), on(3));
}

/// No effect, 400 panels of 12 units, a start of one unit among them: p below 0.05 in 5 in 100; 4 Monte Carlo errors.
#[test]
fn without_an_effect_no_more_is_rejected_than_said() {
    let starts = vec![(Some(3), 1), (Some(4), 4), (None, 7)];
    let rollout = RollOut { starts, n_periods: 5, effect: 0.0 };
    let rejected = (0..400).filter(|panel| {
        let panel = panel_of(&rollout.play(2_300_000 + panel));
        let redraws = Redraws { n: 199, seed: 1 };
        permute_starts(&panel, &EfficientSettings::default(), Estimand::Simple, redraws).unwrap().p <= 0.05
    });
    let share = rejected.count() as f64 / 400.0;
    println!("rejected {share}");
    assert!((0.006..=0.094).contains(&share), "{share}");
}

#[test]
fn an_exposure_nobody_reaches_is_refused() {
    let panel = panel_of(&small().play(24));
    let test = |exposure| {
        let redraws = Redraws { n: 10, seed: 1 };
        permute_starts(&panel, &EfficientSettings::default(), Estimand::Exposure(exposure), redraws)
    };
    assert!(test(2).is_ok() && test(-2).is_ok());
    assert_eq!(test(9).unwrap_err(), EfficientRefused::NoSuchExposure { exposure: 9 });
}

/// Brute force: every deal of the panel freed of an effect, estimated anew.
#[test]
fn the_ends_are_where_dealing_again_begins_to_refuse() {
    for (starts, beta) in [
        (vec![(Some(3), 3), (Some(4), 3), (None, 4)], Beta::Best),
        (vec![(Some(3), 3), (Some(4), 3), (None, 4)], Beta::Zero),
        (vec![(Some(3), 1), (Some(4), 4), (None, 7)], Beta::Best),
        (vec![(Some(3), 30), (None, 30)], Beta::Best),
    ] {
        let rollout = RollOut { starts, n_periods: 5, effect: 0.7 };
        let rows = rollout.play(21);
        let settings = settings(beta, Compare::NotYet);
        let redraws = Redraws { n: 499, seed: 3 };
        let value = efficient(&panel_of(&rows), &settings).unwrap().simple.effect.value;
        let found = permuted_reach(&panel_of(&rows), &settings, (Estimand::Simple, value), redraws).unwrap();
        let p = |effect: f64| {
            let freed = rows.iter().map(|(u, t, y, g)| {
                let is_on = g.is_some_and(|start| *t >= start);
                (u.clone(), *t, y - if is_on { effect } else { 0.0 }, *g)
            });
            let panel = panel_of(&freed.collect::<Vec<Made>>());
            permute_starts(&panel, &settings, Estimand::Simple, redraws).unwrap().p
        };
        let (low, high) = (found.low.unwrap(), found.high.unwrap());
        println!("{beta:?}: {low} to {high} about {value}");
        assert!(low < value && value < high);
        // A step of a thousandth is wide beside rounding, and narrow beside what one deal more or less moves.
        let step = 1e-3 * (high - low);
        for (end, out) in [(low, -step), (high, step)] {
            assert!(p(end + out) <= 0.05, "{end}: {}", p(end + out));
            assert!(p(end - out) > 0.05, "{end}: {}", p(end - out));
        }
    }
}

#[test]
fn an_end_that_no_deal_can_refuse_is_open() {
    let rollout = RollOut { starts: vec![(Some(3), 3), (None, 3)], n_periods: 4, effect: 9.0 };
    let panel = panel_of(&rollout.play(2));
    let redraws = Redraws { n: 999, seed: 1 };
    let settings = EfficientSettings::default();
    let found = permuted_reach(&panel, &settings, (Estimand::Simple, 9.0), redraws).unwrap();
    assert_eq!(found, Reach { low: None, high: None, level: Some(1.0) });
}
