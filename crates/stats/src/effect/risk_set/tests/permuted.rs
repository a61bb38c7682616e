//! Drawing again: what makes a pool drawable as a whole, and that no more is rejected than said.

use super::super::choices::{each_choice, n_choices};
use super::super::mechanism::Mechanism;
use super::super::waves::Lists;
use super::*;
use crate::uncertainty::permutation::{Dealer, Redraws, Tried, generator};

fn made(n: usize, seed: f64) -> Panel {
    let y = |i: usize, t: usize| ((i * 7 + t) as f64 * seed).sin() * 3.0 + i as f64;
    panel(&(0..n).map(|i| (0..6).map(|t| y(i, t)).collect()).collect::<Vec<_>>())
}

fn why(change: impl Fn(&mut Vec<Wave>)) -> Option<WhyNotWhole> {
    let mut waves = lists(&[1; 8], &[Some(2), Some(2), Some(4), Some(4), None, None, None, None], &[2, 4]);
    change(&mut waves);
    let redraws = Redraws { n: 99, seed: 1 };
    permute_draw(&made(8, 0.7), &waves, &RiskSetSettings::change_since_last(), redraws).unwrap().whole.err()
}

#[test]
fn a_pool_is_drawn_again_as_a_whole_only_where_its_lists_follow_from_the_draws() {
    let last = |waves: &mut Vec<Wave>| waves[1].entrants.len() - 1;
    assert_eq!(why(|_| ()), None);
    assert_eq!(why(|waves| waves[1].entrants.truncate(5)), Some(WhyNotWhole::GaveUp));
    assert_eq!(
        why(|waves| {
            let last = last(waves);
            waves[1].entrants[last].tier = tier(2);
        }),
        Some(WhyNotWhole::TierChanged)
    );
    assert_eq!(
        why(|waves| {
            let last = last(waves);
            waves[1].entrants[last].admission = Admission::Override;
        }),
        Some(WhyNotWhole::PastTheDraw)
    );
    assert_eq!(why(|waves| waves[1].entrants.push(open(0, 1, Lot::Lost))), Some(WhyNotWhole::PastTheDraw));
    assert_eq!(why(|waves| waves[0].entrants[7].unit = None), Some(WhyNotWhole::Unseen));
    assert_eq!(why(|waves| waves[1].at = number(2)), Some(WhyNotWhole::StartTogether));
    assert_eq!(why(|waves| waves[0].entrants[7].probability = Some(0.2)), Some(WhyNotWhole::AnotherRule));
}

/// Newcomers change nothing: who is on a list still follows from who was served before. 15 ways, then 35.
#[test]
fn newcomers_are_drawn_with_the_others() {
    let mut waves = lists(&[1; 6], &[Some(2), Some(2), None, None, None, None], &[2]);
    let lots = |row: usize| if row == 2 || row == 6 || row == 7 { Lot::Won } else { Lot::Lost };
    let entrants = (2..9).map(|row| open(row, 1, lots(row))).collect();
    waves.push(Wave { at: number(4), entrants, until: None });
    let redraws = Redraws { n: 99, seed: 1 };
    let drawn = permute_draw(&made(9, 0.3), &waves, &RiskSetSettings::change_since_last(), redraws).unwrap();
    assert_eq!(drawn.whole.unwrap().tried, Tried::All { n: 15 * 35 });
}

/// 20 of 40 is beyond counting by hand: a sample is drawn, and agrees with an exact answer where one is known.
#[test]
fn beyond_100000_ways_a_sample_is_drawn_that_does_not_depend_on_threads() {
    let starts: Vec<Option<i64>> = (0..40).map(|row| (row % 2 == 0).then_some(2)).collect();
    let waves = lists(&[1; 40], &starts, &[2]);
    let panel = made(40, 0.9);
    let test = || {
        let redraws = Redraws { n: 2_000, seed: 4 };
        permute_draw(&panel, &waves, &RiskSetSettings::change_since_last(), redraws).unwrap()
    };
    let on = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(test);
    let (one, three) = (on(1), on(3));
    assert_eq!(one, three);
    let whole = one.whole.unwrap();
    let Tried::Sample { se_of_p, .. } = whole.tried else { panic!("{whole:?}") };
    // One set of half its units: studentising orders the draws as the difference does, up to ties.
    assert!((whole.p - one.sets[0].permuted.p).abs() <= 5.0 * se_of_p, "{whole:?} {:?}", one.sets[0]);
}

#[test]
fn every_choice_comes_once() {
    let mut all = std::collections::BTreeSet::new();
    each_choice(7, 3, &mut |chosen| assert!(all.insert(chosen.to_vec())));
    assert_eq!((all.len(), n_choices(7, 3), n_choices(20, 18)), (35, Some(35), Some(190)));
    assert_eq!(n_choices(200, 100), None);
}

/// Without an effect the exact p is at most 0.05 in no more than 5 in 100 of all assignments, and the interval holds 0 in all
/// others, however much of what differed before is taken off: counted, not simulated.
#[test]
fn over_all_draws_the_exact_test_rejects_no_more_than_it_says() {
    for (n, n_winners) in [(8, 4), (24, 2), (12, 3)] {
        let panel = made(n, 0.7);
        for (way, settings) in ways().into_iter().enumerate() {
            let (mut rejected, mut all) = (0, 0);
            each_choice(n, n_winners, &mut |chosen| {
                let starts: Vec<Option<i64>> = (0..n).map(|row| chosen.contains(&row).then_some(3)).collect();
                let waves = lists(&vec![1; n], &starts, &[3]);
                let drawn = permute_draw(&panel, &waves, &settings, Redraws::default()).unwrap();
                let reach = drawn.reach.unwrap();
                let is_rejected = drawn.p().unwrap() <= 0.05;
                rejected += usize::from(is_rejected);
                all += 1;
                let holds =
                    reach.low.is_none_or(|low| low <= 0.0) && reach.high.is_none_or(|high| high >= 0.0);
                assert_eq!(holds, !is_rejected, "{way}: {reach:?}");
            });
            println!("{n_winners} of {n}, way {way}: {rejected} of {all}");
            assert!(
                rejected >= 1 && rejected * 20 <= all,
                "{n_winners} of {n}, way {way}: {rejected} of {all}"
            );
        }
    }
}

/// Pairs of which one won leave no error to divide by, so the difference decides: by hand, 2 of 4 ways are as far from 0
/// (5 / 2, -1 / 2, 1 / 2, -5 / 2).
#[test]
fn pairs_are_drawn_again_by_their_difference() {
    let mut waves = lists(&[1; 2], &[Some(1), None], &[1]);
    waves.push(Wave {
        at: number(2),
        entrants: vec![open(1, 1, Lot::Lost), open(2, 1, Lot::Won)],
        until: None,
    });
    let rising = panel(&[vec![0.0, 2.0, 2.0], vec![0.0, 0.0, 0.0], vec![0.0, 0.0, 3.0]]);
    assert_eq!(
        risk_set(&rising, &waves, &RiskSetSettings::change_since_last()).unwrap().overall.interval(),
        None
    );
    let drawn =
        permute_draw(&rising, &waves, &RiskSetSettings::change_since_last(), Redraws::default()).unwrap();
    let whole = drawn.whole.unwrap();
    assert_eq!((whole.tried, whole.p, whole.p_of_difference), (Tried::All { n: 4 }, 0.5, 0.5));
}

#[test]
fn units_with_chances_of_their_own_are_not_dealt_alike() {
    let mut waves = lists(&[1; 8], &[Some(2), Some(2), None, None, None, None, None, None], &[2]);
    for (k, entrant) in waves[0].entrants.iter_mut().enumerate() {
        entrant.probability = Some(if k % 2 == 0 { 0.3 } else { 0.2 });
    }
    let redraws = Redraws { n: 99, seed: 1 };
    let drawn = permute_draw(&made(8, 0.7), &waves, &RiskSetSettings::change_since_last(), redraws).unwrap();
    assert_eq!((drawn.whole, drawn.n_unequal), (Err(WhyNotWhole::AnotherRule), 1));
    assert_eq!((drawn.p(), drawn.sets.len()), (None, 0));
}

/// The baseline of the example's kind of panel was drawn fairly; one sorted by its baseline was not.
#[test]
fn a_draw_by_the_baseline_is_found_out() {
    let sorted = panel(&(0..10).map(|i| vec![i as f64, i as f64, 5.0, 6.0]).collect::<Vec<_>>());
    let starts: Vec<Option<i64>> = (0..10).map(|row| (row < 5).then_some(2)).collect();
    let waves = lists(&[1; 10], &starts, &[2]);
    let balance_of =
        permute_balance(&sorted, &waves, &RiskSetSettings::change_since_last(), Redraws::default()).unwrap();
    assert!((balance_of.p().unwrap() - 2.0 / 252.0).abs() < 1e-12);
    let difference = balance(&sorted, &waves, &RiskSetSettings::change_since_last()).unwrap();
    assert!((difference.value + 5.0).abs() < 1e-12);
    assert!(difference.interval().unwrap().p < 0.01);
}

/// Two of four win; the losers keep their numbers and two newcomers join for two slots: chances of 1/3 and 2/3, as an
/// enumeration of all 720 orders has them, in every deal and as often as they say.
#[test]
fn numbers_that_are_kept_give_losers_less_of_a_chance() {
    let lot = |won: bool| if won { Lot::Won } else { Lot::Lost };
    let with =
        |row: usize, won: bool, chance: f64| Entrant { probability: Some(chance), ..open(row, 1, lot(won)) };
    let first =
        Wave { at: number(2), entrants: (0..4).map(|row| with(row, row < 2, 0.5)).collect(), until: None };
    let second = [
        with(2, false, 1.0 / 3.0),
        with(3, true, 1.0 / 3.0),
        with(4, true, 2.0 / 3.0),
        with(5, false, 2.0 / 3.0),
    ];
    let second = Wave { at: number(4), entrants: second.to_vec(), until: None };
    let lists = Lists::of(&made(6, 0.7), &[first, second]).unwrap();
    assert_eq!(Mechanism::of(&lists, Numbers::Fresh).unwrap_err(), WhyNotWhole::AnotherRule);
    let mechanism = Mechanism::of(&lists, Numbers::Kept).unwrap();
    let mut n_lost_and_won = 0;
    for replicate in 0..3_000 {
        let dealt = mechanism.draw(&mut Dealer::new(generator(1, replicate)));
        let again: Vec<usize> = dealt[0].losers.iter().map(|loser| loser.unit).collect();
        for one in dealt[1].winners.iter().chain(&dealt[1].losers) {
            let expect = if again.contains(&one.unit) { 1.0 / 3.0 } else { 2.0 / 3.0 };
            assert!((one.probability - expect).abs() < 1e-12, "{dealt:?}");
        }
        assert_eq!((dealt[1].winners.len(), dealt[1].losers.len()), (2, 2));
        n_lost_and_won += dealt[1].winners.iter().filter(|one| again.contains(&one.unit)).count();
    }
    let share = n_lost_and_won as f64 / 6_000.0;
    // Four Monte Carlo errors of 6,000.
    assert!((share - 1.0 / 3.0).abs() < 0.025, "{share}");
}
