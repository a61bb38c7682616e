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
        n_periods_made: TIMING.n_periods,
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
    println!("{:?}", found.points);
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
    println!("{:?}", found.points);
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
    println!("{:?}", found.points);
    assert!((0.0..=0.05 + 4.0 * (0.05_f64 * 0.95 / 200.0).sqrt()).contains(&found.points[0].power));
    assert!(found.points[1].power > 0.8);
    let smallest = found.smallest_effect(Level::new(0.8).unwrap()).unwrap();
    assert!(smallest.effect > 0.0 && smallest.effect < 3.0);
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

/// By hand: 12 and 20 of 20 plays find the two effects, so that 80 % lie half-way. Of the eight that find only the larger one
/// half counts: the spread is that of numbers 1 and 1/2, the slope 0.4.
#[test]
fn the_smallest_effect_is_read_between_the_points_it_lies_between() {
    let point = |effect, power| Point { effect, power, error: 0.02, mean: effect, silent: 0.0 };
    let found_by = |n: usize| (0..20).map(|play| play < n).collect::<Vec<bool>>();
    let found = Simulated {
        n_panels: 20,
        points: vec![point(0.0, 0.05), point(1.0, 0.6), point(2.0, 1.0)],
        found: vec![found_by(1), found_by(12), found_by(20)],
    };
    let power = Level::new(0.8).unwrap();
    let smallest = found.smallest_effect(power).unwrap();
    let spread = (12.0 * 0.2_f64.powi(2) + 8.0 * 0.3_f64.powi(2)).sqrt() / 20.0;
    assert!((smallest.effect - 1.5).abs() < 1e-12 && (smallest.error - spread / 0.4).abs() < 1e-12);
    // One play of 20 is 5 in 100, and so 0.125 of the effect: the same plays tell the same to within that.
    let (gain, error) = smallest.less_than(&smallest).unwrap();
    assert!(gain == 0.0 && (error - 0.125).abs() < 1e-12);
    let beyond = Simulated { points: vec![point(0.0, 0.05)], found: vec![found_by(1)], ..found };
    assert_eq!(beyond.smallest_effect(power), None);
}

/// A step from nothing to all leaves no spread; the error is then what so few plays can hide.
#[test]
fn where_all_plays_agree_there_is_an_error_all_the_same() {
    let point = |effect, power| Point { effect, power, error: 0.06, mean: effect, silent: 0.0 };
    let points = vec![point(0.0, 0.0), point(2.0, 1.0)];
    let found = Simulated { n_panels: 20, points, found: vec![vec![false; 20], vec![true; 20]] };
    assert!((found.smallest_effect(Level::new(0.8).unwrap()).unwrap().error - 0.12).abs() < 1e-12);
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let (contest, plan) = (lottery(20), simulation(&history, 20, 20));
    let sure = simulate(&plan, &[50.0], &|chance| contest.play(chance), &by_risk_set).unwrap();
    let expect = (22.0 / 24.0 * 2.0 / 24.0 / 24.0_f64).sqrt();
    assert_eq!(sure.points[0].power, 1.0);
    assert!((sure.points[0].error - expect).abs() < 1e-12, "20 of 20 is not certainty");
}

#[test]
fn a_draw_with_few_ways_to_fall_finds_nothing_however_large() {
    let check = |units: usize, slots: usize, expect: f64| {
        let contest = Contest::new(&vec![0; units], vec![slots]).unwrap();
        let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
        let timing = Timing::even(4, 4, 1).unwrap();
        let plan = Simulation {
            timing: &timing,
            n_periods_made: timing.n_periods,
            ..simulation(&history, units, 20)
        };
        let played = simulate(&plan, &[50.0], &|chance| contest.play(chance), &by_risk_set).unwrap();
        assert_eq!(played.points[0].power, expect, "{slots} of {units}");
    };
    // 20 ways, and each has a mirror image: p is one in ten at best.
    check(6, 3, 0.0);
    // 15 ways without one; 70 in 35 pairs; 21 ways.
    check(6, 2, 0.0);
    check(8, 4, 1.0);
    check(7, 2, 1.0);
}

#[test]
fn contests_with_other_slots_or_waves_meet_the_same_luck() {
    let tiers = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    let contest = |slots: &[usize]| Contest::new(&tiers, slots.to_vec()).unwrap();
    for replicate in 0..50 {
        let starts = |slots: &[usize]| contest(slots).play(&mut Chance::of(3, replicate)).starts;
        let (planned, more, longer) = (starts(&[2, 3]), starts(&[3, 4]), starts(&[2, 3, 3]));
        let (narrow, wide) = (starts(&[4, 1, 2]), starts(&[4, 2, 2]));
        let third = |starts: &[Option<usize>], unit: usize| starts[unit] == Some(2);
        let mut passed_by = (0..tiers.len()).filter(|&unit| third(&narrow, unit) && !third(&wide, unit));
        let is_served = |unit: usize| wide[unit] == Some(1);
        assert!(passed_by.all(is_served), "the third wave's numbers are the same, whoever waits");
        for unit in 0..tiers.len() {
            assert!(planned[unit] != Some(0) || more[unit] == Some(0), "who wins wins with one slot more");
            assert!(planned[unit].is_none() || longer[unit] == planned[unit], "a wave more comes after");
        }
    }
}

/// The estimator that looks at one cell tells which outcomes were made.
#[test]
fn roll_outs_of_different_length_meet_the_same_outcomes() {
    let longer = Timing::even(4, 2, 4).unwrap();
    let contest = lottery(20);
    let look = |trial: &Trial| {
        let law = crate::uncertainty::Law::Normal;
        let value = trial.panel.outcome(3, 2)? + trial.panel.outcome(7, 1)?;
        Some(crate::uncertainty::Estimate::known(value, 1.0, (1.0, law), Level::NINETY_FIVE))
    };
    let model =
        History::Model(Variance { lasting: 2.0, passing: 1.0, kept: 0.5, ..Variance::default() }, 1.0);
    for history in [model, History::Past(past(20, 40, None))] {
        let plan = Simulation { n_periods_made: longer.n_periods, ..simulation(&history, 20, 8) };
        let mean = |plan: &Simulation<'_>| {
            simulate(plan, &[0.0], &|chance| contest.play(chance), &look).unwrap().points[0].mean
        };
        let more = Contest::new(&[0; 20], vec![4; 4]).unwrap();
        let of_longer = Simulation { timing: &longer, ..plan };
        let found = simulate(&of_longer, &[0.0], &|chance| more.play(chance), &look).unwrap();
        assert!((found.points[0].mean - mean(&plan)).abs() < 1e-9);
        assert!(
            (mean(&plan) - mean(&simulation(&history, 20, 8))).abs() > 1e-6
                || matches!(history, History::Model(..))
        );
    }
}

#[test]
fn an_effect_that_fades_is_there_at_once_and_gone_in_the_end() {
    let shares: Vec<f64> = (0..6).map(|exposure| Shape::Fading(4).share(exposure)).collect();
    assert_eq!(shares, [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]);
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let (contest, plan) = (lottery(20), simulation(&history, 20, 200));
    let power = |shape| {
        let plan = Simulation { shape, ..plan };
        simulate(&plan, &[1.0], &|chance| contest.play(chance), &by_group_time).unwrap().points[0].power
    };
    assert!(power(Shape::Fading(2)) < power(Shape::Constant) - 0.1);
}

/// 40 seeds, 60 plays each: the differences of two schedules spread as the error says, within four errors of a spread of
/// 40 (1 / sqrt(80) = 0.11 each), and by much less than two schedules with chance of their own would.
#[test]
fn what_a_slot_more_buys_is_told_by_the_same_chance() {
    let history = History::Model(Variance { lasting: 2.0, own: 1.0, ..Variance::default() }, 1.0);
    let smallest = |slots: usize, seed| {
        let contest = Contest::new(&[0; 20], vec![slots; 3]).unwrap();
        let plan = Simulation { seed, ..simulation(&history, 20, 60) };
        let play = |effects: &[f64]| simulate(&plan, effects, &|chance| contest.play(chance), &by_risk_set);
        let found =
            search(&play, &[0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 6.0], &[], Level::new(0.8).unwrap()).unwrap();
        found.smallest_effect(Level::new(0.8).unwrap()).unwrap()
    };
    let n = 40.0;
    let (mut gains, mut said, mut apart) = (Vec::new(), 0.0, 0.0);
    for seed in 0..40 {
        let (planned, more) = (smallest(3, seed), smallest(5, seed));
        let (gain, error) = more.less_than(&planned).unwrap();
        assert!((gain - (planned.effect - more.effect)).abs() < 1e-12);
        gains.push(gain);
        said += error.powi(2) / n;
        apart += (planned.error.powi(2) + more.error.powi(2)) / n;
    }
    let mean = gains.iter().sum::<f64>() / n;
    let spread = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0);
    println!("gain {mean}, spread {}, said {}, by own chance {}", spread.sqrt(), said.sqrt(), apart.sqrt());
    assert!(mean > 0.1, "two slots more find less");
    assert!((spread.sqrt() / said.sqrt() - 1.0).abs() < 4.0 * 0.11, "{} for {}", spread.sqrt(), said.sqrt());
    assert!(said < 0.8 * apart, "what both share of chance drops out");
}

/// Seven sizes, of which a share of twice the size is found: the smallest at 80 % is 0.4. Few of them are played.
#[test]
fn few_sizes_are_played_to_find_the_smallest_effect() {
    let played = std::cell::RefCell::new(Vec::new());
    let play = |effects: &[f64]| {
        played.borrow_mut().extend_from_slice(effects);
        let share = |effect: &f64| (2.0 * effect).min(1.0);
        let point = |effect: &f64| Point {
            effect: *effect,
            power: share(effect),
            error: 0.1,
            mean: *effect,
            silent: 0.0,
        };
        let found = |effect: &f64| (0..100).map(|play| f64::from(play) < 100.0 * share(effect)).collect();
        Ok(Simulated {
            n_panels: 100,
            points: effects.iter().map(point).collect(),
            found: effects.iter().map(found).collect(),
        })
    };
    let sizes = [0.0, 0.1, 0.2, 0.3, 0.46, 1.0, 2.0];
    let found = search(&play, &sizes, &[7.0], Level::new(0.8).unwrap()).unwrap();
    assert!((found.smallest_effect(Level::new(0.8).unwrap()).unwrap().effect - 0.4).abs() < 1e-12);
    let expect = [0.0, 7.0, 0.3, 1.0, 0.46, 0.38, 0.42];
    assert_eq!(played.borrow().len(), expect.len(), "{played:?}");
    assert!(played.borrow().iter().zip(expect).all(|(a, b)| (a - b).abs() < 1e-12), "{played:?}");
    assert!(found.points.is_sorted_by(|a, b| a.effect < b.effect));
    played.borrow_mut().clear();
    let none = search(&play, &[0.0, 0.1, 0.2, 0.3], &[], Level::new(0.8).unwrap()).unwrap();
    assert_eq!(none.smallest_effect(Level::new(0.8).unwrap()), None);
    assert_eq!(*played.borrow(), [0.0, 0.2, 0.3], "the largest was tried");
}

/// Two of one parent and one of another, two slots, no more than one under a parent: by hand 1/2, 1/2 and 1.
#[test]
fn a_cap_gives_the_chances_it_should_and_is_never_broken() {
    let cap = |most: usize, parents: &[Option<usize>]| {
        Some(Cap { most: most.try_into().unwrap(), parents: parents.to_vec() })
    };
    let contest = Contest::new(&[1, 1, 1], vec![2]).unwrap().with_cap(cap(1, &[Some(0), Some(0), Some(1)]));
    let played = contest.play(&mut Chance::of(1, 0));
    for (chance, expect) in played.chances[0].iter().zip([0.5, 0.5, 1.0]) {
        assert!((chance - expect).abs() < 0.02, "{:?}", played.chances);
    }
    assert!((contest.information() - 0.5).abs() < 0.01, "{}", contest.information());
    let bands: Vec<usize> = (0..20).map(|unit| unit / 7).collect();
    let parents: Vec<Option<usize>> = (0..20).map(|unit| (unit % 5 > 0).then_some(unit % 5)).collect();
    let contest = Contest::new(&bands, vec![5, 4, 6]).unwrap().with_cap(cap(1, &parents));
    for replicate in 0..200 {
        let played = contest.play(&mut Chance::of(2, replicate));
        for wave in 0..3 {
            let won = |unit: &usize| played.starts[*unit] == Some(wave);
            for parent in 1..5 {
                assert!((0..20).filter(won).filter(|unit| parents[*unit] == Some(parent)).count() <= 1);
            }
            // Whoever waits has a slot by chance, or none by it: shares of what is given out.
            let expected: f64 = played.chances[wave].iter().sum();
            let given = (0..20).filter(won).count() as f64;
            assert!((expected - given).abs() < 0.6, "{expected} {given}");
        }
    }
}

/// 3,000 plays, seed 9: how often each unit wins in the first wave is the chance that was counted, within four errors of both.
#[test]
fn chances_under_a_cap_are_how_often_units_win() {
    let bands = [0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2];
    let parents = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3].map(Some).to_vec();
    let cap = Cap { most: 2.try_into().unwrap(), parents };
    let contest = Contest::new(&bands, vec![6, 2]).unwrap().with_cap(Some(cap));
    let (n, mut wins, mut counted) = (3_000, [0.0; 12], Vec::new());
    for replicate in 0..n {
        let played = contest.play(&mut Chance::of(9, replicate));
        for (unit, start) in played.starts.iter().enumerate().filter(|(_, start)| **start == Some(0)) {
            wins[unit] += start.map_or(0.0, |_| 1.0 / n as f64);
        }
        counted.clone_from(&played.chances[0]);
    }
    for (unit, (won, chance)) in wins.iter().zip(&counted).enumerate() {
        let error = (won * (1.0 - won) / 1_000.0).sqrt();
        assert!((won - chance).abs() <= 4.0 * error + 2e-3, "unit {unit}: {won} {chance}");
    }
}

/// A cap that never binds leaves everybody's luck as it was.
#[test]
fn a_cap_that_never_binds_changes_no_play() {
    let loose = Cap { most: 20.try_into().unwrap(), parents: vec![Some(0); 20] };
    let capped = example().with_cap(Some(loose));
    for replicate in 0..50 {
        let [free, capped] = [&example(), &capped].map(|contest| contest.play(&mut Chance::of(4, replicate)));
        assert_eq!((free.starts, free.risk_sets), (capped.starts, capped.risk_sets));
    }
    assert!((capped.information() / example().information() - 1.0).abs() < 0.02);
}

/// No effect, and one of 2: the draws' comparison finds nothing too often of nothing, and the right mean of something.
/// 400 plays, seed 6: four Monte Carlo errors.
#[test]
fn roll_outs_under_a_cap_are_read_without_bias() {
    let history = History::Model(Variance { lasting: 1.0, own: 1.0, ..Variance::default() }, 1.0);
    let cap = Cap { most: 2.try_into().unwrap(), parents: (0..24).map(|unit| Some(unit / 5)).collect() };
    let contest = Contest::new(&[0; 24], vec![6, 4, 4]).unwrap().with_cap(Some(cap));
    let simulation = Simulation { seed: 6, ..simulation(&history, 24, 400) };
    let found = simulate(&simulation, &[0.0, 2.0], &|chance| contest.play(chance), &by_risk_set).unwrap();
    for point in &found.points {
        assert!((point.mean - point.effect).abs() < 0.12, "{point:?}");
        assert!(point.silent < 0.02, "{point:?}");
    }
    assert!(found.points[0].power < 0.05 + 4.0 * (0.05_f64 * 0.95 / 400.0).sqrt(), "{:?}", found.points[0]);
}
