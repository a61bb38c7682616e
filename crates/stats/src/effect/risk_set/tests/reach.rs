//! Which effects the draw made again lets stand: held to panels freed of an effect, to lists made by hand, and to truth.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::choices::each_choice;
use super::super::deals::Deals;
use super::super::mechanism::Mechanism;
use super::super::seen::{Look, Looking};
use super::super::waves::Lists;
use super::recovery::Contest;
use super::*;
use crate::uncertainty::permutation::{Reach, Redraws};

const REDRAWS: Redraws = Redraws { n: 199, seed: 5 };

fn noise(n_units: usize, n_periods: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || {
        let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    };
    (0..n_units).map(|_| (0..n_periods).map(|_| normal()).collect()).collect()
}

fn freed(outcomes: &[Vec<f64>], starts: &[Option<i64>], effect: f64) -> Panel {
    let of_unit = |(row, start): (&Vec<f64>, &Option<i64>)| {
        let on = |t: i64| start.is_some_and(|start| t >= start);
        (0..).zip(row).map(|(t, y)| y - if on(t) { effect } else { 0.0 }).collect()
    };
    panel(&outcomes.iter().zip(starts).map(of_unit).collect::<Vec<Vec<f64>>>())
}

/// Whether an interval holds 0 just where the test does not refuse it.
#[track_caller]
fn agree(p: f64, reach: Reach) {
    let holds = reach.low.is_none_or(|low| low <= 0.0) && reach.high.is_none_or(|high| high >= 0.0);
    assert_eq!(holds, p > 1.0 - Level::default().share(), "p {p}, {reach:?}");
}

fn two_waves() -> (Vec<Vec<f64>>, Vec<Option<i64>>, Vec<Wave>) {
    let starts = [vec![Some(2); 3], vec![Some(4); 3], vec![None; 5]].concat();
    let mut outcomes = noise(11, 7, 77);
    for (row, start) in outcomes.iter_mut().zip(&starts) {
        (0..).zip(row).for_each(|(t, y)| *y += if start.is_some_and(|start| t >= start) { 2.0 } else { 0.0 });
    }
    let waves = lists(&[1; 11], &starts, &[2, 4]);
    (outcomes, starts, waves)
}

/// Just inside an end the effect is not refused, just outside it is: tried on panels that were freed of it. Units that won
/// the first wave may in another deal lose it and win the second, with outcomes and baselines under the effect.
#[test]
fn ends_are_where_panels_freed_of_an_effect_begin_to_be_refused() {
    let (outcomes, starts, waves) = two_waves();
    for (way, settings) in ways().into_iter().enumerate() {
        let drawn =
            |effect| permute_draw(&freed(&outcomes, &starts, effect), &waves, &settings, REDRAWS).unwrap();
        let steps = |effect| {
            let found = permute_exposures(&freed(&outcomes, &starts, effect), &waves, &settings, REDRAWS);
            found.unwrap().unwrap()
        };
        let found = drawn(0.0);
        let by_exposure = steps(0.0);
        // Exposures 3 and 4 are reached by the first wave alone; at 2 both waves share losers.
        assert_eq!(by_exposure.iter().map(|part| part.at).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        agree(found.whole.unwrap().p, found.reach.unwrap());
        by_exposure.iter().for_each(|part| agree(part.p, part.reach.unwrap()));
        found.sets.iter().for_each(|set| agree(set.permuted.p, set.reach.unwrap()));
        let p = |k: usize, effect: f64| match k {
            0 => drawn(effect).whole.unwrap().p,
            k => steps(effect)[k - 1].p,
        };
        let reaches = [found.reach].into_iter().chain(by_exposure.iter().map(|part| part.reach));
        for (k, reach) in reaches.enumerate() {
            let reach = reach.unwrap();
            let (low, high) = (reach.low.unwrap(), reach.high.unwrap());
            println!("{way} {k}: {low} to {high}");
            let step = 1e-4 * (high - low);
            for (end, out) in [(low, -step), (high, step)] {
                assert!(p(k, end + out) <= 0.05, "{way} {k}, {end}: {}", p(k, end + out));
                assert!(p(k, end - out) > 0.05, "{way} {k}, {end}: {}", p(k, end - out));
            }
        }
    }
}

/// All 165 x 56 deals of two waves as lists of their own, each analysed by the estimator itself: its effect over its error a
/// step after the start, with the weights of those that still wait and what sets share.
#[test]
fn deals_count_as_the_estimator_would_on_their_lists() {
    let (outcomes, _, waves) = two_waves();
    let outcomes = panel(&outcomes);
    for settings in &ways()[1..] {
        count_as_the_estimator(&outcomes, &waves, settings);
    }
}

#[track_caller]
fn count_as_the_estimator(outcomes: &Panel, waves: &[Wave], settings: &RiskSetSettings) {
    let found = permute_exposures(outcomes, waves, settings, REDRAWS).unwrap().unwrap();
    let of = |waves: &[Wave]| {
        let effects = risk_set(outcomes, waves, settings).unwrap().by_exposure.each;
        [1, 2].map(|at: usize| (effects[at].effect.value / effects[at].effect.se().unwrap()).abs())
    };
    let happened = of(waves);
    let (mut n, mut as_far) = (0, [0; 2]);
    each_choice(11, 3, &mut |first| {
        let left: Vec<usize> = (0..11).filter(|row| !first.contains(row)).collect();
        each_choice(8, 3, &mut |second| {
            let mut starts = vec![None; 11];
            first.iter().for_each(|&row| starts[row] = Some(2));
            second.iter().for_each(|&place| starts[left[place]] = Some(4));
            let dealt = of(&lists(&[1; 11], &starts, &[2, 4]));
            n += 1;
            for ((count, dealt), happened) in as_far.iter_mut().zip(dealt).zip(happened) {
                *count += usize::from(dealt >= happened * (1.0 - 1e-9));
            }
        });
    });
    for (part, as_far) in found[1..3].iter().zip(as_far) {
        assert!(
            (part.p - as_far as f64 / n as f64).abs() < 1e-12,
            "{}: {} is not {as_far} of {n}",
            part.at,
            part.p
        );
    }
}

/// Freed of what its set's estimate says, a set's winners and losers do not differ, and no deal is less far: the estimate that
/// records show of a draw is the middle of the interval that its lots give.
#[test]
fn a_sets_own_lots_let_its_estimate_stand_before_any_other() {
    let (outcomes, starts, waves) = two_waves();
    for settings in [&ways()[1], &ways()[3], &ways()[4]] {
        let found = risk_set(&panel(&outcomes), &waves, settings).unwrap();
        for (k, set) in found.sets.iter().enumerate() {
            let only = |start: &Option<i64>| start.filter(|start| number(*start) == set.at);
            let starts: Vec<Option<i64>> = starts.iter().map(only).collect();
            let panel = freed(&outcomes, &starts, set.effect.value);
            let dealt = permute_draw(&panel, &waves, settings, REDRAWS).unwrap().sets[k];
            assert!(dealt.difference.abs() < 1e-9, "{settings:?}, {k}: {dealt:?}");
            assert_eq!(dealt.permuted.p, 1.0);
        }
    }
}

/// What is divided by what: of the deal that happened, the estimator's own effect and error at each step since the start, those
/// of sets that share losers among them.
#[test]
fn the_deal_that_happened_has_the_estimators_effect_and_error() {
    let (outcomes, _, waves) = two_waves();
    let panel = panel(&outcomes);
    let lists = Lists::of(&panel, &waves).unwrap();
    let mechanism = Mechanism::of(&lists, Numbers::Fresh).unwrap();
    for settings in ways() {
        let by_exposure = risk_set(&panel, &waves, &settings).unwrap().by_exposure.each;
        assert_eq!(by_exposure.len(), 5);
        for part in by_exposure {
            let look = Look::Exposure(part.at);
            let looking = Looking { panel: &panel, lists: &lists, settings: &settings, uses: None, look };
            let deals = Deals::of(&looking, mechanism.units());
            let found = deals.statistic(&deals.dealt(&Mechanism::happened(&lists)), 0.0);
            let expect = part.effect.value / part.effect.se().unwrap();
            assert!((found.studentised.abs() - expect.abs()).abs() < 1e-9, "{settings:?}, {}", part.at);
            assert!((found.difference - part.effect.value).abs() < 1e-9, "{settings:?}, {}", part.at);
        }
    }
}

/// 8 units, 4 slots: deal and counter-deal are as far, so that of 70 deals two are refused together, and not four: 97.1 %.
/// 3 of 6 give 20 deals, of which the rarest two are 10 %: nothing is ever refused.
#[test]
fn with_few_deals_the_level_is_what_they_allow() {
    let drawn = |n: usize, n_winners: usize, n_periods: usize| {
        let starts: Vec<Option<i64>> = (0..n).map(|row| (row < n_winners).then_some(3)).collect();
        let waves = lists(&vec![1; n], &starts, &[3]);
        permute_draw(&panel(&noise(n, n_periods, 3)), &waves, &RiskSetSettings::change_since_last(), REDRAWS)
            .unwrap()
            .reach
            .unwrap()
    };
    assert!((drawn(8, 4, 5).level.unwrap() - 68.0 / 70.0).abs() < 1e-12);
    assert_eq!(drawn(6, 3, 5), Reach { low: None, high: None, level: Some(1.0) });
    assert!((drawn(24, 2, 5).level.unwrap() - (1.0 - 13.0 / 276.0)).abs() < 1e-12);
}

/// One draw of few winners among few: the interval holds what is true, and never contradicts p. What is true moves the
/// interval along, so that 0 stands for every effect.
#[test]
fn few_winners_are_judged_by_the_lots() {
    for (n, n_winners, n_panels) in [(24, 2, 400), (24, 3, 200), (24, 4, 40), (12, 6, 200), (8, 4, 400)] {
        let mut held = 0;
        for replicate in 0..n_panels {
            let outcomes = noise(n, 5, 9_900_000 + replicate);
            let starts: Vec<Option<i64>> = (0..n).map(|row| (row < n_winners).then_some(3)).collect();
            let waves = lists(&vec![1; n], &starts, &[3]);
            let drawn = |effect: f64| {
                permute_draw(
                    &freed(&outcomes, &starts, -effect),
                    &waves,
                    &RiskSetSettings::change_since_last(),
                    REDRAWS,
                )
                .unwrap()
            };
            let found = drawn(0.0);
            let reach = found.reach.unwrap();
            agree(found.whole.unwrap().p, reach);
            found.sets.iter().for_each(|set| agree(set.permuted.p, set.reach.unwrap()));
            held += usize::from(found.whole.unwrap().p > 0.05);
            if replicate < 20 {
                let moved = drawn(2.0).reach.unwrap();
                let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
                    (Some(a), Some(b)) => (a + 2.0 - b).abs() < 1e-6,
                    (a, b) => a == b,
                };
                assert!(same(reach.low, moved.low) && same(reach.high, moved.high), "{reach:?} {moved:?}");
            }
        }
        let held = held as f64 / n_panels as f64;
        println!("{n_winners} of {n}, by the lots: coverage {held:.3}");
        let error = (0.05 * 0.95 / n_panels as f64).sqrt();
        assert!(held >= 0.95 - 4.0 * error, "{n_winners} of {n}: {held}");
    }
}

/// Effects that differ between units and grow, two waves: the interval by lots takes them for one, and holds their mean.
#[test]
fn the_mean_of_effects_that_differ_is_held_by_the_lots() {
    for (bands, slots) in [([2, 6], [4, 2]), ([4, 8], [6, 3]), ([6, 14], [10, 5]), ([12, 28], [20, 10])] {
        let (contest, n_panels) = (Contest { bands, slots }, 500);
        let mut held = 0;
        for replicate in 0..n_panels {
            let (panel, waves, truth) = contest.play(replicate);
            let found = permute_draw(&panel, &waves, &RiskSetSettings::change_since_last(), REDRAWS).unwrap();
            let reach = found.reach.unwrap();
            agree(found.whole.unwrap().p, reach);
            held += usize::from(
                reach.low.is_none_or(|low| low <= truth) && reach.high.is_none_or(|high| truth <= high),
            );
        }
        let held = held as f64 / n_panels as f64;
        println!("{} units, by the lots: coverage {held:.3}", bands[0] + bands[1]);
        assert!(held >= 0.91, "{bands:?}: {held}");
    }
}

/// Where somebody gave up, each draw is made again by itself and both are put together; and where these refuse that one
/// effect was that of all, there is no interval of such effects.
#[test]
fn draws_put_together_agree_with_their_p_or_give_no_interval() {
    let mut n_without = 0;
    for replicate in 0..60 {
        let starts = [vec![Some(2); 4], vec![Some(4); 4], vec![None; 6]].concat();
        let mut outcomes = noise(14, 6, 500 + replicate);
        // The first wave's winners gain, those of the second lose, in every third panel.
        let differ = if replicate % 3 == 0 { 9.0 } else { 0.0 };
        outcomes[..4].iter_mut().flat_map(|row| &mut row[2..]).for_each(|y| *y += differ);
        outcomes[4..8].iter_mut().flat_map(|row| &mut row[4..]).for_each(|y| *y -= differ);
        let mut waves = lists(&[1; 14], &starts, &[2, 4]);
        waves[1].entrants.pop();
        let drawn =
            permute_draw(&panel(&outcomes), &waves, &RiskSetSettings::change_since_last(), REDRAWS).unwrap();
        assert_eq!(drawn.whole, Err(WhyNotWhole::GaveUp));
        match drawn.reach {
            Some(reach) => agree(drawn.p().unwrap(), reach),
            None => n_without += 1,
        }
        drawn.sets.iter().for_each(|set| agree(set.permuted.p, set.reach.unwrap()));
    }
    // All of those 20, and by chance one or two of the others.
    assert!((20..=23).contains(&n_without), "{n_without}");
}

/// Numbers that are kept over two waves, with newcomers in the second: losers of the first are less likely to win it. The
/// draw is made again by numbers, chances and all, and refuses what is true as often as it says.
#[test]
fn kept_numbers_are_kept_when_the_draw_is_made_again() {
    let settings = RiskSetSettings { numbers: Numbers::Kept, ..RiskSetSettings::change_since_last() };
    let (mut held, mut held_by_formula, n_panels) = (0, 0, 400);
    for replicate in 0..n_panels {
        // 12 units with 4 slots, then the losers and 8 newcomers with 6.
        let mut order: Vec<usize> = (0..20).collect();
        crate::uncertainty::permutation::Dealer::new(crate::uncertainty::permutation::generator(
            3, replicate,
        ))
        .deal(&mut order, 20);
        let number = |row: &usize| order[*row];
        let mut first: Vec<usize> = (0..12).collect();
        first.sort_by_key(number);
        let mut second: Vec<usize> = first[4..].iter().copied().chain(12..20).collect();
        second.sort_by_key(number);
        let lost_at: Vec<f64> = second
            .iter()
            .map(|&row| if row < 12 { kept_number(&[0.0; 12], 4).cutoff } else { 0.0 })
            .collect();
        let chances = kept_number(&lost_at, 6).chances;
        let entrant = |(place, row): (usize, &usize), n_slots: usize, chance: f64| Entrant {
            probability: Some(chance),
            ..open(*row, 1, if place < n_slots { Lot::Won } else { Lot::Lost })
        };
        let waves = [
            Wave {
                at: super::number(2),
                entrants: first.iter().enumerate().map(|one| entrant(one, 4, 1.0 / 3.0)).collect(),
                until: None,
            },
            Wave {
                at: super::number(4),
                entrants: second
                    .iter()
                    .enumerate()
                    .zip(&chances)
                    .map(|(one, p)| entrant(one, 6, *p))
                    .collect(),
                until: None,
            },
        ];
        let mut outcomes = noise(20, 6, 40_000 + replicate);
        first[..4].iter().for_each(|&row| outcomes[row][2..].iter_mut().for_each(|y| *y += 2.0));
        second[..6].iter().for_each(|&row| outcomes[row][4..].iter_mut().for_each(|y| *y += 2.0));
        let panel = panel(&outcomes);
        let found = permute_draw(&panel, &waves, &settings, REDRAWS).unwrap();
        let reach = found.reach.unwrap();
        agree(found.whole.unwrap().p, reach);
        let holds = |low: f64, high: f64| usize::from(low <= 2.0 && 2.0 <= high);
        held += holds(reach.low.unwrap_or(f64::NEG_INFINITY), reach.high.unwrap_or(f64::INFINITY));
        let interval = risk_set(&panel, &waves, &settings).unwrap().overall;
        let interval = interval.interval().unwrap();
        held_by_formula += holds(interval.low, interval.high);
    }
    let [held, by_formula] = [held, held_by_formula].map(|held| held as f64 / n_panels as f64);
    println!("kept numbers, by the lots: coverage {held:.3}, by formula {by_formula:.3}");
    // Within four Monte Carlo errors.
    assert!((0.906..=0.994).contains(&held) && by_formula > 0.9, "{held} {by_formula}");
}
