use super::history::{Past, PastRefused};
use super::*;
use crate::panel::{PanelBuilder, Period, Row, Unbalanced};
use crate::power::stepped_wedge::{Estimand, People, Periods, Schedule, Waves, variance_of_effect};
use crate::power::{Test, Timing, Variance};
use crate::uncertainty::Level;

/// The tiers of lottery.md's worked example: A 3, B 10, C 7 units.
fn example() -> Contest {
    let bands: Vec<char> = "AAABBBBBBBBBBCCCCCCC".chars().collect();
    Contest::new(&bands, vec![5, 4, 6]).unwrap()
}

/// By hand: 2/10, 4/8 and 2/7 against 5/20, 4/15 and 6/11.
#[test]
fn the_priority_rule_costs_47_percent_of_the_information_in_the_example() {
    let (own, pure) = (example().information(), example().as_pure_lottery().information());
    assert!((own - (1.6 + 2.0 + 10.0 / 7.0)).abs() < 1e-12, "{own}");
    assert!((pure - (15.0 / 4.0 + 44.0 / 15.0 + 30.0 / 11.0)).abs() < 1e-12, "{pure}");
    assert_eq!(format!("{own:.2} {pure:.2} {:.0}", 100.0 * (1.0 - own / pure)), "5.03 9.41 47");
}

/// 4,000 contests, seed 5. Chances by hand: A 1; B 1/5, 2/5, 2/5; C 0, 0, 2/7. Four Monte Carlo errors of a unit's share.
#[test]
fn contests_are_played_with_the_chances_they_should_have() {
    let contest = example();
    let mut counts = vec![[0.0; 3]; 20];
    let n = 4000;
    for replicate in 0..n {
        let played = contest.play(&mut Chance::of(5, replicate));
        for (unit, wave) in played.starts.iter().enumerate() {
            wave.iter().for_each(|wave| counts[unit][*wave] += 1.0 / n as f64);
        }
        let sizes: Vec<(usize, usize, usize)> =
            played.risk_sets.iter().map(|set| (set.wave, set.won.len(), set.lost.len())).collect();
        assert_eq!(sizes, [(0, 2, 8), (1, 4, 4), (2, 2, 5)]);
    }
    for (unit, found) in counts.iter().enumerate() {
        let expect = match unit {
            0..3 => [1.0, 0.0, 0.0],
            3..13 => [0.2, 0.4, 0.4],
            _ => [0.0, 0.0, 2.0 / 7.0],
        };
        for (found, expect) in found.iter().zip(expect) {
            let error = (expect * (1.0 - expect) / n as f64).sqrt();
            assert!((found - expect).abs() <= 4.0 * error + 1e-9, "unit {unit}: {found} is not {expect}");
        }
    }
}

#[test]
fn a_contest_without_slots_or_rivals_is_refused() {
    assert_eq!(Contest::new(&[1, 2], vec![0, 0]), Err(ContestRefused::NoSlots));
    assert_eq!(Contest::new(&[1], vec![1]), Err(ContestRefused::TooFewUnits(1)));
}

static TIMING: std::sync::LazyLock<Timing> = std::sync::LazyLock::new(|| Timing::even(4, 2, 3).unwrap());

fn simulation(history: &History, n_units: usize, n_panels: usize) -> Simulation<'_> {
    Simulation {
        n_units,
        timing: &TIMING,
        history,
        shape: Shape::Constant,
        level: Level::NINETY_FIVE,
        n_panels,
        seed: 7,
    }
}

fn lottery(n_units: usize) -> Contest {
    Contest::new(&vec![0; n_units], vec![n_units / 5; 3]).unwrap()
}

/// True effect 0 and 1; 400 panels of 40 units, seed 7. False alarms 5 in 100, the mean estimate the truth, each within four
/// Monte Carlo errors; the estimator needs no period for itself, so it stays below what all variances known would give.
#[test]
fn what_was_put_in_is_found_as_often_as_theory_allows() {
    let variance = Variance { lasting: 2.0, own: 1.0, ..Variance::default() };
    let (history, contest) = (History::Model(variance, 1.0), lottery(40));
    let plan = simulation(&history, 40, 400);
    let found =
        simulate(&plan, &[0.0, 0.4, 0.8, 1.2], &|chance| contest.play(chance), &by_group_time).unwrap();
    println!("{found:?}");
    let waves = Waves { n_units: 40, slots: vec![8; 3], timing: TIMING.clone() };
    let schedule = Schedule::of_waves(&waves).unwrap();
    let best =
        variance_of_effect(&schedule, &variance, &People::Same(1.0), &Estimand::Constant, Periods::Free)
            .unwrap();
    let test = Test::by_normal(Level::NINETY_FIVE);
    assert!((found.points[0].power - 0.05).abs() <= 4.0 * (0.05_f64 * 0.95 / 400.0).sqrt());
    for point in &found.points {
        // The estimator's own error is at most twice the best one here.
        assert!((point.mean - point.effect).abs() <= 4.0 * 2.0 * best.sqrt() / 20.0, "{point:?}");
        assert!(point.power <= test.power(point.effect, best.sqrt()) + 4.0 * point.error + 0.04, "{point:?}");
        assert_eq!(point.silent, 0.0);
    }
    assert!(found.points.is_sorted_by(|a, b| a.power <= b.power));
    assert!(found.points[3].power > 0.9);
}

/// True effects 0 and 1.5; 400 panels of 30 units in two tiers, seed 7: false alarms 5 in 100 and the mean the truth, each within
/// four Monte Carlo errors. A unit unseen in the first period keeps its place in the contest.
#[test]
fn the_draws_own_comparison_finds_what_was_put_in() {
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let tiers: Vec<usize> = (0..30).map(|unit| unit % 2).collect();
    let contest = Contest::new(&tiers, vec![6, 5, 4]).unwrap();
    let plan = simulation(&history, 30, 400);
    let found = simulate(&plan, &[0.0, 1.5], &|chance| contest.play(chance), &by_risk_set).unwrap();
    println!("{found:?}");
    assert!((found.points[0].power - 0.05).abs() <= 4.0 * (0.05_f64 * 0.95 / 400.0).sqrt());
    for point in &found.points {
        // Of single changes of variance 2 with information 15 x 15 / 30 at most, the estimate's error is about 0.6.
        assert!((point.mean - point.effect).abs() <= 4.0 * 0.6 / 20.0, "{point:?}");
        assert_eq!(point.silent, 0.0);
    }
    assert!(found.points[1].power > 0.5);
    let unseen = |trial: &Trial| {
        let mut builder = PanelBuilder::new();
        for (row, unit) in trial.panel.units().iter().enumerate() {
            for t in 0..trial.timing.n_periods {
                if let Some(outcome) = trial.panel.outcome(row, t).filter(|_| t > 0 || row > 0) {
                    let start =
                        trial.played.starts[row].map(|wave| Period::Number(trial.timing.starts[wave] as i64));
                    let period = Period::Number(t as i64);
                    // By period first, so that the unit that is unseen in the first one comes last.
                    builder.push(Row { line: 0, unit, period, outcome, start }).unwrap();
                }
            }
        }
        let panel = builder.finish(Unbalanced::Keep).unwrap();
        by_risk_set(&Trial { panel, ..trial.clone() })
    };
    let again = simulate(&plan, &[0.0, 1.5], &|chance| contest.play(chance), &unseen).unwrap();
    assert_eq!(again, found, "the first period is no baseline of any wave");
}

#[test]
fn results_are_the_same_to_the_last_bit_on_any_number_of_threads() {
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let (contest, plan) = (lottery(15), simulation(&history, 15, 40));
    let play = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| simulate(&plan, &[0.5, 1.0], &|chance| contest.play(chance), &by_group_time).unwrap())
    };
    assert_eq!(play(1), play(2));
    assert_eq!(play(1), play(5));
    let other = Simulation { seed: 8, ..plan };
    assert_ne!(
        play(1),
        simulate(&other, &[0.5, 1.0], &|chance| contest.play(chance), &by_group_time).unwrap()
    );
}

#[test]
fn an_effect_that_grows_is_found_less_often_than_one_that_is_there_at_once() {
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let (contest, plan) = (lottery(20), simulation(&history, 20, 200));
    let power = |shape| {
        let plan = Simulation { shape, ..plan };
        simulate(&plan, &[1.0], &|chance| contest.play(chance), &by_group_time).unwrap().points[0].power
    };
    assert!(power(Shape::Growing(6)) < power(Shape::Constant) - 0.1);
    assert_eq!(power(Shape::Growing(1)), power(Shape::Constant));
}

/// A past of `n_periods` made by a known model: units with lasting differences, deviations of which 0.6 are kept.
fn past(n_units: usize, n_periods: usize, start: Option<i64>) -> Past {
    let mut chance = Chance::of(3, 0);
    let mut builder = PanelBuilder::new();
    for unit in 0..n_units {
        let level = 10.0 + 2.0 * chance.normal();
        let mut passing = chance.normal();
        for t in 0..n_periods as i64 {
            let outcome = level + passing + (t as f64 * 0.7).sin();
            let start = start.map(Period::Number);
            let row = Row { line: 0, unit: &unit.to_string(), period: Period::Number(t), outcome, start };
            builder.push(row).unwrap();
            passing = 0.6 * passing + 0.8 * chance.normal();
        }
    }
    Past::of(&builder.finish(Unbalanced::Keep).unwrap())
}

/// Truth: lasting 4, passing 1, kept 0.6; 300 units in 40 periods, one seed. Tolerance: some four standard errors.
#[test]
fn the_parts_of_the_variance_are_recovered_from_the_past() {
    let found = past(300, 40, None).variance().unwrap();
    println!("{found:?}");
    assert!((found.lasting - 4.0).abs() < 1.4, "{found:?}");
    assert!((found.passing - 1.0).abs() < 0.1, "{found:?}");
    assert!((found.kept - 0.6).abs() < 0.05, "{found:?}");
}

#[test]
fn only_what_was_before_the_first_start_is_the_past() {
    assert_eq!(past(5, 10, Some(6)).n_periods(), 6);
    assert_eq!(past(5, 10, None).n_periods(), 10);
    assert_eq!(past(2, 10, None).variance(), Err(PastRefused::TooLittle { n_units: 2, n_periods: 10 }));
}

/// 200 roll-outs on stretches of 20 units' own past, without an effect: 5 in 100 false alarms, four Monte Carlo errors.
#[test]
fn the_past_played_again_raises_no_more_false_alarms_than_it_should() {
    let history = History::Past(past(20, 40, None));
    let (contest, plan) = (lottery(20), simulation(&history, 20, 200));
    let found = simulate(&plan, &[0.0, 3.0], &|chance| contest.play(chance), &by_group_time).unwrap();
    println!("{found:?}");
    assert!((0.0..=0.05 + 4.0 * (0.05_f64 * 0.95 / 200.0).sqrt()).contains(&found.points[0].power));
    assert!(found.points[1].power > 0.8);
    let smallest = found.smallest_effect(Level::new(0.8).unwrap()).unwrap();
    assert!(smallest.0 > 0.0 && smallest.0 < 3.0);
}

#[test]
fn a_past_that_does_not_fit_is_refused() {
    let history = History::Past(past(20, 9, None));
    let contest = lottery(20);
    let refused = |plan: &Simulation<'_>| {
        simulate(plan, &[0.0], &|chance| contest.play(chance), &by_group_time).unwrap_err()
    };
    assert_eq!(refused(&simulation(&history, 20, 1)), SimulationRefused::NoOutcomes { n_periods: 10 });
    assert_eq!(
        refused(&simulation(&history, 19, 1)),
        SimulationRefused::OtherUnits { past: 20, contest: 19 }
    );
}

#[test]
fn the_smallest_effect_is_read_between_the_points_it_lies_between() {
    let point = |effect, power| Point { effect, power, error: 0.02, mean: effect, silent: 0.0 };
    let found = Simulated { n_panels: 100, points: vec![point(0.0, 0.05), point(1.0, 0.6), point(2.0, 1.0)] };
    let (effect, error) = found.smallest_effect(Level::new(0.8).unwrap()).unwrap();
    assert!((effect - 1.5).abs() < 1e-12 && (error - 0.05).abs() < 1e-12);
    assert_eq!(
        Simulated { n_panels: 100, points: vec![point(0.0, 0.05)] }.smallest_effect(Level::new(0.8).unwrap()),
        None
    );
}
