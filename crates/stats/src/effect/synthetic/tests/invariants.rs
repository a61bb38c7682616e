//! What must not change the answer, what must collapse, and what is refused.

use super::super::simplex::{Offset, Problem, equal};
use super::*;

fn small() -> World {
    World { starts: vec![13], n_donors: 24, n_periods: 18, effect: 3.0 }
}

fn numbers(made: &Made, settings: &SyntheticSettings) -> Vec<f64> {
    let found = synthetic(&panel_of(made), settings).unwrap();
    let of = |estimate: &Estimate| [estimate.value, estimate.interval().map_or(-1.0, |i| i.se_used)];
    let mut all = of(&found.overall).to_vec();
    found.by_exposure.iter().for_each(|part| all.extend(of(&part.effect)));
    found.starts.iter().for_each(|start| all.extend([start.placebo_p, start.ratio_p]));
    all
}

/// Weights follow from outcomes of size 20 through a condition of some 1e6: 1e-8 of them is rounding.
#[track_caller]
fn same(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-7 * (1.0 + a.abs()), "{a} is not {b}");
    }
}

#[test]
fn the_order_of_units_does_not_matter() {
    let made = small().play(3);
    let reversed: Made = made.iter().rev().cloned().collect();
    for twin in TWINS {
        same(&numbers(&made, &exact(twin)), &numbers(&reversed, &exact(twin)));
    }
}

#[test]
fn no_p_value_is_smaller_than_the_placebos_can_bear() {
    let far =
        synthetic(&panel_of(&World { effect: 3000.0, ..small() }.play(3)), &exact(Twin::default())).unwrap();
    let p = far.overall.interval().unwrap().p;
    assert_eq!((p, far.starts[0].placebo_p), (0.04, 0.04));
    let near =
        synthetic(&panel_of(&World { effect: 0.1, ..small() }.play(3)), &exact(Twin::default())).unwrap();
    assert!(near.overall.interval().unwrap().p > 0.2, "{near:?}");
}

#[test]
fn a_constant_added_to_all_outcomes_changes_nothing_and_a_factor_goes_through() {
    let made = small().play(4);
    let changed = |factor: f64, more: f64| -> Made {
        let of = |outcomes: &[f64]| outcomes.iter().map(|y| factor * y + more).collect();
        made.iter().map(|(unit, start, outcomes)| (unit.clone(), *start, of(outcomes))).collect()
    };
    for twin in TWINS {
        let plain = numbers(&made, &exact(twin));
        same(&plain, &numbers(&changed(1.0, 7.0), &exact(twin)));
        let n = plain.len() - 2;
        let tripled: Vec<f64> =
            plain[..n].iter().map(|number| 3.0 * number).chain(plain[n..].to_vec()).collect();
        same(&tripled, &numbers(&changed(3.0, 0.0), &exact(twin)));
    }
}

#[test]
fn a_lasting_distance_moves_the_control_and_not_the_differences() {
    let made = small().play(5);
    let mut raised = made.clone();
    raised[0].2.iter_mut().for_each(|y| *y += 50.0);
    let did = exact(Twin::DifferenceInDifferences);
    same(&numbers(&made, &did), &numbers(&raised, &did));
    let control = exact(Twin::Control);
    let apart = numbers(&raised, &control)[0] - numbers(&made, &control)[0];
    assert!(apart > 30.0, "{apart}");
}

#[test]
fn units_that_always_had_it_or_have_gaps_change_nothing_and_are_counted() {
    let made = small().play(6);
    let mut more = made.clone();
    more.push(("always".into(), Some(1), vec![30.0; 18]));
    let mut gap = made[3].2.clone();
    gap[4] = f64::NAN;
    more.push(("gap".into(), None, gap));
    let settings = exact(Twin::DifferenceInDifferences);
    same(&numbers(&made, &settings), &numbers(&more, &settings));
    let left_out = synthetic(&panel_of(&more), &settings).unwrap().left_out;
    assert_eq!(left_out.n_donors_with_gaps, 1);
    assert_eq!(left_out.starts, vec![(Period::Number(1), SyntheticRefused::TooFewBefore { n_before: 0 })]);
}

/// Two units that start together are their mean; with two starts the summary is the mean by units times periods.
#[test]
fn several_starts_are_averaged_by_units_and_periods() {
    let world = World { starts: vec![13, 15, 15], n_donors: 20, n_periods: 18, effect: 3.0 };
    let found = synthetic(&panel_of(&world.play(7)), &exact(Twin::DifferenceInDifferences)).unwrap();
    let [first, second] = &found.starts[..] else { panic!("two starts") };
    assert_eq!((first.n_periods.1, second.n_periods.1, second.units.len()), (6, 4, 2));
    assert_eq!((first.placebos.len(), second.placebos.len()), (20, 190));
    let expect = (6.0 * first.effect.value + 8.0 * second.effect.value) / 14.0;
    assert!((found.overall.value - expect).abs() < 1e-12);
    let se = |estimate: &Estimate| estimate.interval().unwrap().se_used;
    let least = (6.0 * se(&first.effect) / 14.0).hypot(8.0 * se(&second.effect) / 14.0);
    assert!((0.5 * least..2.0 * least).contains(&se(&found.overall)), "{} {least}", se(&found.overall));
    let exposures: Vec<i64> = found.by_exposure.iter().map(|part| part.at).collect();
    assert_eq!(exposures, (-14..=5).collect::<Vec<i64>>());
}

/// No move of weight from one column to another gains anything at the optimum, and the steps stay above it.
#[test]
fn the_optimum_cannot_be_bettered() {
    for (seed, (n_donors, n_periods)) in [(6, 40), (12, 20), (40, 12), (60, 30)].into_iter().enumerate() {
        let made = World { starts: vec![11], n_donors, n_periods, effect: 0.0 }.play(seed as u64);
        for (offset, penalty) in [(Offset::Free, 1.0), (Offset::None, 1e-6), (Offset::Free, 1e-6)] {
            let columns = made[1..].iter().map(|(_, _, y)| y[..10].to_vec()).collect();
            let problem = Problem::new(columns, made[0].2[..10].to_vec(), offset, penalty);
            let best = problem.solve(Solver::Exact, &equal(n_donors), 1.0);
            assert!((best.iter().sum::<f64>() - 1.0).abs() < 1e-12 && best.iter().all(|w| *w >= 0.0));
            let value = problem.value(&best);
            for from in (0..n_donors).filter(|&j| best[j] > 1e-6) {
                for to in (0..n_donors).filter(|to| *to != from) {
                    let mut moved = best.clone();
                    let part = 1e-4 * moved[from];
                    moved[from] -= part;
                    moved[to] += part;
                    assert!(problem.value(&moved) >= value - 1e-11 * (1.0 + value), "{offset:?} {penalty}");
                }
            }
            let stepped = problem.value(&problem.solve(Solver::Iterate, &equal(n_donors), 1.0));
            assert!(stepped >= value - 1e-11 * (1.0 + value), "{stepped} {value}");
        }
    }
}

#[track_caller]
fn refused(world: World, change: impl Fn(&mut Made), expect: SyntheticRefused, says: &str) {
    let mut made = world.play(9);
    change(&mut made);
    let why = synthetic(&panel_of(&made), &SyntheticSettings::default()).unwrap_err();
    assert_eq!(why, expect);
    assert!(why.to_string().contains(says), "{why}");
}

#[test]
fn what_cannot_be_compared_is_refused_in_one_sentence() {
    refused(small(), |made| made[0].1 = None, SyntheticRefused::NobodyStarts, "no unit starts");
    let few = SyntheticRefused::TooFewDonors { n_donors: 4, n_with_gaps: 0 };
    refused(small(), |made| made.truncate(5), few, "4 units never start");
    let gaps = SyntheticRefused::TooFewDonors { n_donors: 4, n_with_gaps: 20 };
    let holes = |made: &mut Made| made[5..].iter_mut().for_each(|(_, _, outcomes)| outcomes[2] = f64::NAN);
    refused(small(), holes, gaps, "(20 more have gaps: fill these)");
    let early = SyntheticRefused::TooFewBefore { n_before: 7 };
    refused(World { starts: vec![8], ..small() }, |_| (), early, "7 periods were seen before");
    let gap = |made: &mut Made| made[0].2[1] = f64::NAN;
    refused(small(), gap, SyntheticRefused::Gaps { n_units: 1 }, "the one started unit lacks");
    let many = SyntheticRefused::TooManyStarted { n_started: 6, n_donors: 6 };
    refused(World { starts: vec![13; 6], n_donors: 6, ..small() }, |_| (), many, "6 units start together");
    let flat = |made: &mut Made| made.iter_mut().for_each(|(_, _, outcomes)| outcomes.fill(4.0));
    refused(small(), flat, SyntheticRefused::NothingVaries, "changed at all");
}

/// By hand: the variance of a weighted mean of two starts, from how far each one's placebos stray, and how far pairs of
/// placebos that share no donor stray together.
#[test]
fn two_starts_vary_together_as_their_placebos_do() {
    let made = World { starts: vec![13, 15], n_donors: 24, n_periods: 20, effect: 1.0 }.play(8);
    let found = synthetic(&panel_of(&made), &exact(Twin::default())).unwrap();
    let mean = |placebos: &[Placebo]| placebos.iter().map(|p| p.value).sum::<f64>() / placebos.len() as f64;
    let together = |a: &Twinned, b: &Twinned| {
        let (of_a, of_b) = (mean(&a.placebos), mean(&b.placebos));
        let pairs = || a.placebos.iter().flat_map(|one| b.placebos.iter().map(move |other| (one, other)));
        let apart = || pairs().filter(|(one, other)| a.start == b.start || one.donors != other.donors);
        let same = |(one, other): &(&Placebo, &Placebo)| a.start != b.start || one.donors == other.donors;
        let products = apart().filter(same).map(|(one, other)| (one.value - of_a) * (other.value - of_b));
        let n = apart().filter(same).count() as f64;
        products.sum::<f64>() / if a.start == b.start { n - 1.0 } else { n }
    };
    let weights: Vec<f64> = found.starts.iter().map(|start| start.n_periods.1 as f64).collect();
    let total: f64 = weights.iter().sum();
    let mut variance = 0.0;
    for (a, one) in found.starts.iter().enumerate() {
        for (b, other) in found.starts.iter().enumerate() {
            variance += weights[a] * weights[b] / total.powi(2) * together(one, other);
        }
    }
    let used = found.overall.interval().unwrap().se_used;
    assert!((used / variance.sqrt() - 1.0).abs() < 1e-9, "{used} {}", variance.sqrt());
}
