//! By hand, by brute force, and what must collapse into something simpler.

use super::*;
use crate::power::{Timing, TimingRefused};

fn rows(rows: &[&[f64]]) -> Schedule {
    Schedule::of_rows(rows.iter().map(|row| row.iter().map(|share| Some(*share)).collect()).collect())
        .unwrap()
}

/// By hand: three units, three steps, four periods; U = 6, W = V = 14, variance 0.1 within and 0.05 between give 0.1.
#[test]
fn the_hand_check_of_hussey_and_hughes_comes_out() {
    close(hussey_hughes(&Schedule::of_steps(3, 1).unwrap(), 0.05, 0.1).unwrap(), 0.1, "by hand");
}

#[test]
fn correlation_that_does_not_fade_collapses_to_hussey_and_hughes() {
    let schedule = Schedule::of_steps(4, 3).unwrap();
    let expect = hussey_hughes(&schedule, 0.05, 0.95 / 20.0).unwrap();
    let lasting = Variance::of_shares(1.0, 0.05, 1.0, 0.0).unwrap();
    let fading = Variance::of_decay(1.0, 0.05, 1.0).unwrap();
    close(constant(&schedule, &lasting, 20.0), expect, "cac 1");
    close(constant(&schedule, &fading, 20.0), expect, "decay 1");
    close(block_exchangeable(&schedule, (1.0, 20.0), (0.05, 0.05, 0.05)).unwrap(), expect, "blocks");
}

#[test]
fn correlation_gone_after_a_period_collapses_to_blocks() {
    let schedule = Schedule::of_steps(3, 2).unwrap();
    let fading = constant(&schedule, &Variance::of_decay(1.0, 0.1, 0.0).unwrap(), 10.0);
    let blocks = constant(&schedule, &Variance::of_shares(1.0, 0.1, 0.0, 0.0).unwrap(), 10.0);
    close(fading, blocks, "nothing kept");
}

/// Two units, two periods, one starts: a difference of two differences has four times the variance within. Levels that vary
/// without bound say nothing; here they vary 2e5 times as much, and leave half that inverse to be told from them.
#[test]
fn units_of_unknown_level_collapse_to_differences_in_differences() {
    let variance = Variance { lasting: 6e4, own: 0.3, ..Variance::default() };
    let found = constant(&rows(&[&[0.0, 1.0], &[0.0, 0.0]]), &variance, 1.0);
    assert!((found / 1.2 - 1.0).abs() < 5e-6, "{found}");
}

/// Brute force: the model written out person by person, 2 x 3 people, nothing averaged.
#[test]
fn means_of_units_give_what_single_people_give() {
    let schedule = rows(&[&[0.0, 1.0, 1.0], &[0.0, 0.0, 1.0]]);
    let variance =
        Variance { lasting: 0.4, passing: 0.2, kept: 0.5, person: 0.3, own: 1.1, ..Variance::default() };
    let n = 3;
    let people: Vec<(usize, usize, usize)> =
        (0..2).flat_map(|i| (0..3).flat_map(move |t| (0..n).map(move |k| (i, t, k)))).collect();
    let covariance = faer::Mat::from_fn(people.len(), people.len(), |a, b| {
        let ((i, s, k), (j, t, l)) = (people[a], people[b]);
        let of_unit = if i == j { 0.4 + 0.2 * 0.5_f64.powi(s.abs_diff(t) as i32) } else { 0.0 };
        let of_person = if (i, k) == (j, l) { 0.3 } else { 0.0 };
        of_unit + of_person + if a == b { 1.1 } else { 0.0 }
    });
    let design = faer::Mat::from_fn(people.len(), 4, |a, column| {
        let (i, t, _) = people[a];
        if column < 3 { f64::from(t == column) } else { schedule.rows()[i][t].unwrap() }
    });
    use faer::linalg::solvers::{DenseSolveCore, Solve};
    let normal = design.transpose() * covariance.partial_piv_lu().solve(&design);
    close(constant(&schedule, &variance, 3.0), normal.partial_piv_lu().inverse()[(3, 3)], "person by person");
}

#[test]
fn a_period_nobody_observes_changes_nothing() {
    let whole = rows(&[&[0.0, 1.0, 1.0], &[0.0, 0.0, 1.0], &[0.0, 0.0, 0.0]]);
    let holed = |row: &Vec<Option<f64>>| [&row[..1], &[None], &row[1..]].concat();
    let with_hole = whole.rows().iter().map(holed).collect();
    let variance = Variance { lasting: 1.0, own: 0.5, ..Variance::default() };
    let with_hole = Schedule::of_rows(with_hole).unwrap();
    // A level of a period nobody saw cannot be told, which is refused rather than guessed.
    let refused =
        variance_of_effect(&with_hole, &variance, &People::Same(1.0), &Estimand::Constant, Periods::Free);
    assert_eq!(refused, Err(ScheduleRefused::NothingCompared));
    let still = |schedule: &Schedule| {
        variance_of_effect(schedule, &variance, &People::Same(1.0), &Estimand::Constant, Periods::Still)
            .unwrap()
    };
    close(still(&with_hole), still(&whole), "a hole");
}

#[test]
fn a_unit_that_is_hardly_seen_says_little() {
    let whole = rows(&[&[0.0, 1.0, 1.0], &[0.0, 0.0, 1.0], &[0.0, 0.0, 0.0]]);
    let mut less = whole.rows().to_vec();
    less[2][2] = None;
    let variance = Variance { lasting: 1.0, own: 0.5, ..Variance::default() };
    assert!(constant(&Schedule::of_rows(less).unwrap(), &variance, 1.0) > constant(&whole, &variance, 1.0));
}

#[test]
fn the_order_of_units_and_the_unit_of_measure_change_nothing() {
    let schedule =
        Schedule::of_waves(&Waves { n_units: 9, slots: vec![2, 3], timing: Timing::even(2, 2, 2).unwrap() })
            .unwrap();
    let mut reversed = schedule.rows().to_vec();
    reversed.reverse();
    let variance = Variance { lasting: 0.3, passing: 0.2, kept: 0.6, own: 0.5, ..Variance::default() };
    let thousands = Variance { lasting: 0.3e6, passing: 0.2e6, own: 0.5e6, ..variance };
    let found = constant(&schedule, &variance, 4.0);
    close(constant(&Schedule::of_rows(reversed).unwrap(), &variance, 4.0), found, "order");
    close(constant(&schedule, &thousands, 4.0), found * 1e6, "measure");
}

#[test]
fn a_schedule_without_comparison_is_refused() {
    let variance = Variance { lasting: 1.0, own: 0.5, ..Variance::default() };
    for at_once in [rows(&[&[0.0, 1.0], &[0.0, 1.0]]), rows(&[&[1.0, 1.0], &[1.0, 1.0]])] {
        let found =
            variance_of_effect(&at_once, &variance, &People::Same(1.0), &Estimand::Constant, Periods::Free);
        assert_eq!(found, Err(ScheduleRefused::NothingCompared));
        assert_eq!(hussey_hughes(&at_once, 1.0, 0.5), Err(ScheduleRefused::NothingCompared));
    }
}

#[test]
fn what_makes_no_schedule_is_refused_with_its_reason() {
    let of = |rows: Vec<Vec<Option<f64>>>| Schedule::of_rows(rows);
    assert_eq!(of(vec![]), Err(ScheduleRefused::TooSmall { n_units: 0, n_periods: 0 }));
    let ragged = of(vec![vec![Some(0.0); 2], vec![Some(0.0); 3]]);
    assert_eq!(ragged, Err(ScheduleRefused::Ragged { unit: 2, found: 3, expected: 2 }));
    let more = of(vec![vec![Some(0.0), Some(1.5)], vec![None; 2]]);
    assert_eq!(more, Err(ScheduleRefused::NotAShare { unit: 1, period: 2, share: 1.5 }));
    let waves = Waves { n_units: 5, slots: vec![0, 0], timing: Timing::even(1, 1, 2).unwrap() };
    assert_eq!(Schedule::of_waves(&waves), Err(ScheduleRefused::NobodyStarts));
    let waves = Waves { slots: vec![1], ..waves };
    assert_eq!(Schedule::of_waves(&waves), Err(ScheduleRefused::Slots { found: 1, expected: 2 }));
    assert!(matches!(Timing::new(vec![3, 2], 5), Err(TimingRefused::Start { wave: 2, start: 3, .. })));
    assert_eq!(Timing::new(vec![], 5), Err(TimingRefused::NoWave));
    let variance = Variance { lasting: 1.0, own: 0.5, ..Variance::default() };
    let ends = rows(&[&[0.0, 1.0, 0.0], &[0.0, 0.0, 0.0]]);
    let by_exposure =
        variance_of_effect(&ends, &variance, &People::Same(1.0), &Estimand::MeanByExposure, Periods::Free);
    assert_eq!(by_exposure, Err(ScheduleRefused::NotByExposure { unit: 1 }));
}

#[test]
fn slots_that_are_more_than_the_units_left_stay_empty() {
    let waves = Waves { n_units: 5, slots: vec![2, 2, 2, 2], timing: Timing::even(1, 1, 4).unwrap() };
    assert_eq!(waves.starts().iter().flatten().filter(|wave| **wave == 2).count(), 1);
    assert_eq!(waves.starts().len(), 5);
}

#[test]
fn the_first_size_that_is_enough_is_found() {
    let variance = Variance::of_shares(1.0, 0.05, 1.0, 0.0).unwrap();
    let power = |n_per_step: usize| {
        let schedule = Schedule::of_steps(4, n_per_step)?;
        let found = variance_of_effect(
            &schedule,
            &variance,
            &People::Same(20.0),
            &Estimand::Constant,
            Periods::Free,
        )?;
        Ok(test().power(0.2, found.sqrt()))
    };
    let eighty = Level::new(0.8).unwrap();
    // Kristunas and others (2017), table 2: 24 clusters, 480 people in all, 82.5 %.
    let found = n_needed(1..=20, eighty, power).unwrap().unwrap();
    assert_eq!(found.n, 6);
    assert!((found.power - 0.825).abs() < 5e-4, "{found:?}");
    assert_eq!(n_needed(1..=2, eighty, power), Ok(None));
}
