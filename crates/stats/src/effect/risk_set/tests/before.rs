//! Which periods before count, by hand, and what is found in them.

use super::*;

/// Four units, two of which win; by hand: what each came to after, and before in the periods that count.
fn effect(outcomes: &[Vec<f64>], at: i64, settings: &RiskSetSettings) -> f64 {
    let waves = lists(&[1; 4], &[Some(at), Some(at), None, None], &[at]);
    risk_set(&panel(outcomes), &waves, settings).unwrap().overall.value
}

const AFTER: [f64; 3] = [10.0, 20.0, 60.0];

/// All say nothing but the first, whose course before is 1, 2, 4, 8 and after is 10, 20, 60.
fn outcomes(before: &[f64]) -> Vec<Vec<f64>> {
    let first = [before, &AFTER].concat();
    let n = first.len();
    [vec![first], vec![vec![0.0; n]; 3]].concat()
}

#[track_caller]
fn check(baseline: Baseline, window: Window, expect: f64) {
    let settings = RiskSetSettings { beta: Beta::One, baseline, window, ..RiskSetSettings::default() };
    let found = effect(&outcomes(&[1.0, 2.0, 4.0, 8.0]), 4, &settings);
    assert!((found - expect).abs() < 1e-12, "{baseline:?} {window:?}: {found}, not {expect}");
}

#[test]
fn as_many_periods_count_before_as_after_or_the_last_so_many() {
    let last = |n: usize| Baseline::Last(NonZeroUsize::new(n).unwrap());
    // Of two winners one alone moves, so that half of it is the difference.
    check(Baseline::AsAfter, Window::UntilNextWave, (30.0 - 14.0 / 3.0) / 2.0);
    check(Baseline::AsAfter, Window::First, (10.0 - 8.0) / 2.0);
    check(last(1), Window::UntilNextWave, (30.0 - 8.0) / 2.0);
    check(last(2), Window::UntilNextWave, (30.0 - 6.0) / 2.0);
    // There are four.
    check(last(9), Window::UntilNextWave, (30.0 - 15.0 / 4.0) / 2.0);
    check(Baseline::BeforeFirst, Window::UntilNextWave, (30.0 - 8.0) / 2.0);
}

#[test]
fn by_exposure_as_many_periods_count_before_as_over_all() {
    let settings = RiskSetSettings { beta: Beta::One, ..RiskSetSettings::default() };
    let waves = lists(&[1; 4], &[Some(4), Some(4), None, None], &[4]);
    let found = risk_set(&panel(&outcomes(&[1.0, 2.0, 4.0, 8.0])), &waves, &settings).unwrap();
    for (part, after) in found.by_exposure.each.iter().zip(AFTER) {
        assert!((part.effect.value - (after - 14.0 / 3.0) / 2.0).abs() < 1e-12, "{part:?}");
    }
    // And so they do where the draw's fairness is looked at.
    let before = balance(&panel(&outcomes(&[1.0, 2.0, 4.0, 8.0])), &waves, &settings).unwrap();
    assert!((before.value - 14.0 / 3.0 / 2.0).abs() < 1e-12, "{before:?}");
}

/// A period in which no winner was seen does not count, and of a unit those do in which it was seen.
#[test]
fn of_each_unit_what_was_seen_counts() {
    let outcomes = outcomes(&[1.0, 2.0, 4.0, 8.0]);
    // No winner was seen in period 3, and the first not in period 1 either.
    let gone = |unit: usize, t: i64| (unit < 2 && t == 3) || (unit == 0 && t == 1);
    let rows = outcomes.iter().enumerate().flat_map(|(unit, outcomes)| {
        let seen = (0..).zip(outcomes).filter(move |(t, _)| !gone(unit, *t));
        seen.map(move |(t, y)| (format!("unit {unit}"), t, *y, None::<i64>))
    });
    let waves = lists(&[1; 4], &[Some(4), Some(4), None, None], &[4]);
    let settings = RiskSetSettings { beta: Beta::One, ..RiskSetSettings::default() };
    let found = risk_set(&panel_of(&rows.collect::<Vec<Made>>()), &waves, &settings).unwrap();
    // Periods 0, 1 and 2 count, of which the first was seen in 0 and 2.
    let expect = (30.0 - 5.0 / 2.0) / 2.0;
    assert!((found.overall.value - expect).abs() < 1e-12, "{}", found.overall.value);
}

/// Means of a tenth differ by rounding only, from which a slope would be anything.
#[test]
fn where_nothing_varied_before_nothing_is_taken_off() {
    let outcomes: Vec<Vec<f64>> = (0..24)
        .map(|row| {
            let after = (0..3).map(|t| f64::sin((row * 7 + t * 3) as f64));
            // The same in another order sums up to another last digit.
            let before = if row % 2 == 0 || row % 9 == 0 { [0.1, 0.2, 0.3] } else { [0.3, 0.2, 0.1] };
            before.into_iter().chain(after).collect()
        })
        .collect();
    let starts: Vec<Option<i64>> = (0..24).map(|row| (row % 3 == 0).then_some(3)).collect();
    let waves = lists(&[1; 24], &starts, &[3]);
    for best_of in [BestOf::AllSides, BestOf::EachSide] {
        let settings = RiskSetSettings { best_of, ..RiskSetSettings::default() };
        let found = risk_set(&panel(&outcomes), &waves, &settings).unwrap();
        assert_eq!(found.beta, 0.0);
        let level = RiskSetSettings { beta: Beta::Zero, ..settings };
        let redraws = crate::uncertainty::permutation::Redraws { n: 99, seed: 1 };
        let p = |settings| permute_draw(&panel(&outcomes), &waves, &settings, redraws).unwrap();
        let (best, level) = (p(settings), p(level));
        assert_eq!(best.whole.unwrap().p, level.whole.unwrap().p);
        assert_eq!(best.sets, level.sets);
    }
}

/// With 8 of 14 units each set has twelve to spare, one less and all is taken off.
#[test]
fn with_fewer_than_twelve_units_to_spare_all_is_taken_off() {
    let beta = |n: usize| {
        let outcomes: Vec<Vec<f64>> =
            (0..n).map(|row| (0..2).map(|t| f64::sin((row * 5 + t * 3) as f64)).collect()).collect();
        let starts: Vec<Option<i64>> = (0..n).map(|row| (row < 6).then_some(1)).collect();
        risk_set(&panel(&outcomes), &lists(&vec![1; n], &starts, &[1]), &RiskSetSettings::default())
            .unwrap()
            .beta
    };
    assert_eq!(beta(13), 1.0);
    assert!(beta(14) != 1.0);
}

/// A slope that was found fits the sample that it is judged by: it takes a degree of freedom, as a regression's does.
#[test]
fn a_multiple_that_was_found_raises_the_error_and_one_that_was_given_does_not() {
    let outcomes: Vec<Vec<f64>> =
        (0..20).map(|row| (0..2).map(|t| f64::sin((row * 5 + t * 3) as f64)).collect()).collect();
    let starts: Vec<Option<i64>> = (0..20).map(|row| (row < 8).then_some(1)).collect();
    let raised = |beta| {
        let settings = RiskSetSettings { beta, ..RiskSetSettings::default() };
        let found = risk_set(&panel(&outcomes), &lists(&[1; 20], &starts, &[1]), &settings).unwrap();
        let interval = found.overall.interval().unwrap();
        (interval.se_used / interval.se).powi(2)
    };
    assert_eq!([Beta::Zero, Beta::One].map(raised), [1.0; 2]);
    // Twenty units on two sides, and one slope.
    assert!((raised(Beta::Best) - 18.0 / 17.0).abs() < 1e-12, "{}", raised(Beta::Best));
}
