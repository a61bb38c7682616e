//! What must not change, what must collapse, and what is refused.

use proptest::prelude::*;

use super::*;
use crate::effect::{EfficientSettings, Settings, efficient, group_time};
use crate::uncertainty::{Law, Spread, WhyUnknown};

/// Four waves over 24 units in two bands, periods 0 to 11, waves at 3, 5, 7 and 9.
fn contest(seed: u64) -> (Vec<Vec<f64>>, Vec<Wave>) {
    let bands: Vec<i64> = (0..24).map(|row| if row < 8 { 1 } else { 2 }).collect();
    let starts = [[3; 5].as_slice(), &[5; 3], &[5; 3], &[7; 5], &[9; 4]].concat();
    let starts: Vec<Option<i64>> =
        starts.into_iter().map(Some).chain(std::iter::repeat(None)).take(24).collect();
    let y = |i: usize, t: usize| {
        let wave = ((i * 31 + t * 7) as f64 * (0.3 + seed as f64 * 0.011)).sin() * 2.0;
        let on = starts[i].is_some_and(|start| t as i64 >= start);
        wave + i as f64 * 0.4 + t as f64 * 0.1 + if on { 1.5 } else { 0.0 }
    };
    let outcomes = (0..24).map(|i| (0..12).map(|t| y(i, t)).collect()).collect();
    (outcomes, lists(&bands, &starts, &[3, 5, 7, 9]))
}

fn numbers(found: &RiskSetEffect) -> Vec<f64> {
    let one = |estimate: &Estimate| {
        let interval = estimate.interval();
        [estimate.value, interval.map_or(-1.0, |i| i.se), interval.map_or(-1.0, |i| i.low)]
    };
    let sets = found.sets.iter().flat_map(|set| one(&set.effect));
    let exposures = found.by_exposure.each.iter().flat_map(|part| one(&part.effect));
    one(&found.overall).into_iter().chain([found.beta]).chain(sets).chain(exposures).collect()
}

fn analyse(outcomes: &[Vec<f64>], waves: &[Wave], beta: Beta) -> Vec<f64> {
    let settings = RiskSetSettings { beta, ..RiskSetSettings::change_since_last() };
    numbers(&risk_set(&panel(outcomes), waves, &settings).unwrap())
}

#[track_caller]
fn same(a: &[f64], b: &[f64]) {
    super::super::super::tests::same(a, b);
}

#[test]
fn the_order_of_lists_and_entrants_does_not_matter() {
    let (outcomes, waves) = contest(1);
    let mut other = waves.clone();
    other.reverse();
    other.iter_mut().for_each(|wave| wave.entrants.reverse());
    for beta in [Beta::Zero, Beta::One, Beta::Best] {
        same(&analyse(&outcomes, &waves, beta), &analyse(&outcomes, &other, beta));
    }
}

#[test]
fn the_overall_effect_alone_is_the_one_of_the_whole() {
    let (outcomes, waves) = contest(3);
    for beta in [Beta::Zero, Beta::One, Beta::Best] {
        for weights in [SetWeights::AtRisk, SetWeights::Winners] {
            let settings = settings(beta, weights);
            let whole = risk_set(&panel(&outcomes), &waves, &settings).unwrap().overall;
            assert_eq!(overall(&panel(&outcomes), &waves, &settings).unwrap(), whole);
        }
    }
    let nothing = overall(&panel(&outcomes), &[], &RiskSetSettings::default());
    assert_eq!(nothing.unwrap_err(), RiskSetRefused::NoDraw);
}

#[test]
fn entrants_outside_the_risk_sets_move_nothing_and_are_counted() {
    let (outcomes, waves) = contest(2);
    let mut other = waves.clone();
    let more =
        [(Admission::Protected, Lot::Won), (Admission::Override, Lot::Won), (Admission::Open, Lot::Won)];
    for (k, (admission, lot)) in more.into_iter().enumerate() {
        other[0].entrants.push(Entrant {
            unit: Some(24 + k),
            tier: tier(0),
            admission,
            lot,
            probability: None,
        });
    }
    let wide: Vec<Vec<f64>> = outcomes.iter().cloned().chain(vec![vec![99.0; 12]; 3]).collect();
    same(&analyse(&outcomes, &waves, Beta::One), &analyse(&wide, &other, Beta::One));
    let outside =
        risk_set(&panel(&wide), &other, &RiskSetSettings::change_since_last()).unwrap().left_out.outside;
    assert_eq!((outside.n_protected, outside.n_overrides), (1, 1));
}

/// Chances that the record gives and that the tiers give are the same, and so is everything else.
#[test]
fn recorded_chances_that_equal_the_tiers_change_nothing() {
    let (outcomes, waves) = contest(3);
    let mut other = waves.clone();
    for wave in &mut other {
        let n = |band: i64, lot: Option<Lot>| {
            let counts = |e: &&Entrant| e.tier == tier(band) && lot.is_none_or(|lot| e.lot == lot);
            wave.entrants.iter().filter(counts).count() as f64
        };
        let chances = [1, 2].map(|band| n(band, Some(Lot::Won)) / n(band, None));
        wave.entrants.iter_mut().for_each(|e| e.probability = Some(chances[e.tier.band as usize - 1]));
    }
    same(&analyse(&outcomes, &waves, Beta::Best), &analyse(&outcomes, &other, Beta::Best));
}

/// Horvitz and Thompson's weights, normalised, by hand: chances of 1/4 and 1/2 in one tier.
#[test]
fn unequal_chances_weight_each_unit_by_what_it_stands_for() {
    let outcomes: Vec<Vec<f64>> = (0..6).map(|i| vec![0.0, [7.0, 4.0, 9.0, 1.0, 2.0, 5.0][i]]).collect();
    let starts: Vec<Option<i64>> = (0..6).map(|row| (row < 3).then_some(1)).collect();
    let mut waves = lists(&[1; 6], &starts, &[1]);
    let chances = [0.25, 0.5, 0.5, 0.25, 0.5, 0.25];
    waves[0].entrants.iter_mut().zip(chances).for_each(|(e, chance)| e.probability = Some(chance));
    let settings = RiskSetSettings { beta: Beta::Zero, ..RiskSetSettings::change_since_last() };
    let found = risk_set(&panel(&outcomes), &waves, &settings).unwrap().overall.value;
    let won = (4.0 * 7.0 + 2.0 * 4.0 + 2.0 * 9.0) / 8.0;
    let lost = (4.0 / 3.0 * 1.0 + 2.0 * 2.0 + 4.0 / 3.0 * 5.0) / (4.0 / 3.0 + 2.0 + 4.0 / 3.0);
    assert!((found - (won - lost)).abs() < 1e-12);
}

/// A step after the second wave: a loser that could have won it with chance 1/2 counts twice, one with 1/4 for 4/3.
#[test]
fn losers_that_still_wait_stand_for_those_that_no_longer_do() {
    let outcomes: Vec<Vec<f64>> =
        [8.0, 6.0, 1.0, 4.0, 50.0, 60.0].into_iter().map(|last| vec![0.0, 0.0, last]).collect();
    let mut waves = lists(&[1; 6], &[Some(1), Some(1), None, None, Some(2), Some(2)], &[1, 2]);
    let chances = [0.5, 0.25, 0.5, 0.25];
    waves[1]
        .entrants
        .iter_mut()
        .zip(chances)
        .for_each(|(entrant, chance)| entrant.probability = Some(chance));
    let settings = RiskSetSettings { beta: Beta::Zero, ..RiskSetSettings::change_since_last() };
    let later = &risk_set(&panel(&outcomes), &waves, &settings).unwrap().by_exposure.each[1];
    let waiting = (2.0 * 1.0 + 4.0 / 3.0 * 4.0) / (2.0 + 4.0 / 3.0);
    same(&[later.effect.value], &[7.0 - waiting]);
    assert_eq!(later.at, 1);
}

/// A step after the start, two sets are compared with the same six losers: what these have in common adds up.
#[test]
fn sets_that_share_losers_after_a_later_draw_vary_together() {
    let waiting = [[1.0, 2.0], [4.0, 6.0], [2.0, 1.0], [7.0, 9.0], [5.0, 4.0], [5.0, 8.0]];
    let of = |a: f64, b: f64| vec![0.0, 0.0, a, b];
    let winners = [of(9.0, 0.0), of(6.0, 0.0), of(0.0, 12.0), of(0.0, 8.0)];
    let outcomes: Vec<Vec<f64>> =
        winners.into_iter().chain(waiting.iter().map(|[a, b]| of(*a, *b))).collect();
    let starts: Vec<Option<i64>> = [1, 1, 2, 2].map(Some).into_iter().chain([None; 6]).collect();
    let settings = RiskSetSettings { beta: Beta::Zero, ..RiskSetSettings::change_since_last() };
    let found = risk_set(&panel(&outcomes), &lists(&[1; 10], &starts, &[1, 2]), &settings).unwrap();
    let later = &found.by_exposure.each[1].effect;
    let mean = |k: usize| waiting.iter().map(|row| row[k]).sum::<f64>() / 6.0;
    let cov = |i: usize, j: usize| {
        waiting.iter().map(|row| (row[i] - mean(i)) * (row[j] - mean(j))).sum::<f64>() / 5.0 / 6.0
    };
    // Two winners and six losers on either side of both: shares of a half.
    let variances = 4.5 / 2.0 + cov(0, 0) + 8.0 / 2.0 + cov(1, 1);
    same(&[later.value], &[(7.5 - mean(0) + 10.0 - mean(1)) / 2.0]);
    same(&[later.se().unwrap().powi(2)], &[(variances + 2.0 * cov(0, 1)) / 4.0]);
}

/// One balanced lottery, one wave, one period before and one after: all methods say the same.
#[test]
fn on_one_balanced_lottery_all_methods_agree() {
    let y = |i: usize, t: usize| {
        ((i * 3 + t * 5) as f64).sin() + i as f64 + if i < 6 && t == 1 { 2.0 } else { 0.0 }
    };
    let outcomes: Vec<Vec<f64>> = (0..12).map(|i| (0..2).map(|t| y(i, t)).collect()).collect();
    let starts: Vec<Option<i64>> = (0..12).map(|row| (row < 6).then_some(1)).collect();
    let rows = outcomes.iter().enumerate().flat_map(|(unit, outcomes)| {
        let start = starts[unit];
        (0..).zip(outcomes).map(move |(t, y)| (format!("unit {unit}"), t, *y, start))
    });
    let rolled_out = panel_of(&rows.collect::<Vec<Made>>());
    let drawn = |beta| {
        let plain = RiskSetSettings::change_since_last();
        let settings = RiskSetSettings { beta, best_of: BestOf::EachSide, ..plain };
        risk_set(&panel(&outcomes), &lists(&[1; 12], &starts, &[1]), &settings).unwrap()
    };
    let sharp = |beta| {
        efficient(&rolled_out, &EfficientSettings { beta, ..EfficientSettings::default() }).unwrap().simple
    };
    let by_start = &group_time(&rolled_out, &Settings::default()).unwrap().cells[0].effect;
    let (drawn_change, sharp_change) = (drawn(Beta::One), sharp(Beta::One));
    same(&[drawn_change.overall.value; 2], &[sharp_change.effect.value, by_start.value]);
    same(
        &[drawn_change.overall.se().unwrap(); 2],
        &[sharp_change.se_neyman.unwrap(), by_start.interval().unwrap().se_used],
    );
    let (drawn_best, sharp_best) = (drawn(Beta::Best), sharp(Beta::Best));
    same(
        &[drawn_best.beta, drawn_best.overall.value, drawn_best.overall.se().unwrap()],
        &[sharp_best.beta, sharp_best.effect.value, sharp_best.se_neyman.unwrap()],
    );
}

/// With one winner or one loser in every set, single units borrow the losers' or winners' spread, with its degrees.
#[test]
fn a_side_of_one_unit_borrows_and_says_so() {
    let outcomes: Vec<Vec<f64>> = (0..5).map(|i| vec![0.0, [9.0, 1.0, 2.0, 4.0, 5.0][i]]).collect();
    let waves = lists(&[1; 5], &[Some(1), None, None, None, None], &[1]);
    let settings = RiskSetSettings { beta: Beta::Zero, ..RiskSetSettings::change_since_last() };
    let found = risk_set(&panel(&outcomes), &waves, &settings).unwrap();
    assert!(found.sets[0].borrows);
    let interval = found.overall.interval().unwrap();
    // The losers' variance is 10 / 3: once for the winner, a quarter for their own mean. Both rest on 3 degrees.
    let (lone, own) = (10.0 / 3.0, 10.0 / 12.0);
    same(&[interval.se.powi(2)], &[lone + own]);
    let Law::Student { df } = interval.law else { panic!("normal with five units") };
    same(&[df], &[3.0]);
    let two = risk_set(&panel(&outcomes[..2]), &lists(&[1; 2], &[Some(1), None], &[1]), &settings).unwrap();
    assert_eq!(two.overall.spread, Spread::Unknown(WhyUnknown::OneUnitEach));
}

#[test]
fn units_of_whom_not_enough_was_seen_are_left_out_and_counted() {
    let (outcomes, waves) = contest(4);
    let gone = |unit: usize, t: i64| (unit == 0 && t >= 3) || (unit == 7 && t == 2);
    let rows = outcomes.iter().enumerate().flat_map(|(unit, outcomes)| {
        let seen = (0..).zip(outcomes).filter(move |(t, _)| !gone(unit, *t));
        seen.map(move |(t, y)| (format!("unit {unit:03}"), t, *y, None::<i64>))
    });
    let found =
        risk_set(&panel_of(&rows.collect::<Vec<Made>>()), &waves, &RiskSetSettings::change_since_last())
            .unwrap();
    assert_eq!((found.left_out.n_winners_unseen, found.left_out.n_losers_unseen), (1, 1));
    assert_eq!((found.sets[0].n_winners, found.sets[0].n_losers), (4, 2));
    let mut unseen = waves.clone();
    unseen[0].entrants[0].unit = None;
    let found = risk_set(&panel(&outcomes), &unseen, &RiskSetSettings::change_since_last()).unwrap();
    assert_eq!((found.left_out.n_never_seen, found.sets[0].n_winners), (1, 4));
    // The odds are still those of the whole list: 5 of 8.
    let (sets, _) = risk_sets(&panel(&outcomes), &unseen).unwrap();
    assert_eq!(sets[0].winners[0].probability, 0.625);
}

#[test]
fn what_lists_and_panels_cannot_carry_is_refused() {
    let (outcomes, waves) = contest(5);
    let refused = |change: &dyn Fn(&mut Vec<Wave>)| {
        let mut waves = waves.clone();
        change(&mut waves);
        risk_set(&panel(&outcomes), &waves, &RiskSetSettings::change_since_last()).unwrap_err()
    };
    let no_such = RiskSetRefused::NoSuchUnit { row: 24, n_units: 24 };
    assert_eq!(refused(&|waves| waves[0].entrants[0].unit = Some(24)), no_such);
    let twice = RiskSetRefused::Twice { at: number(3), row: 1 };
    assert_eq!(refused(&|waves| waves[0].entrants[0].unit = Some(1)), twice);
    let past = RiskSetRefused::NotByTier { at: number(3), better: tier(1), worse: tier(2) };
    assert_eq!(refused(&|waves| waves[0].entrants[20].lot = Lot::Won), past);
    let impossible = RiskSetRefused::Impossible { at: number(3), probability: 0.0 };
    assert_eq!(refused(&|waves| waves[0].entrants[0].probability = Some(0.0)), impossible);
    assert_eq!(
        refused(&|waves| waves.iter_mut().flat_map(|w| &mut w.entrants).for_each(|e| e.lot = Lot::Won)),
        RiskSetRefused::ChanceDecidedNothing
    );
    assert_eq!(refused(&Vec::clear), RiskSetRefused::NoDraw);
    let later = |waves: &mut Vec<Wave>| waves.iter_mut().for_each(|wave| wave.at = number(50));
    assert_eq!(refused(&later), RiskSetRefused::NothingObserved);
    let earlier = |waves: &mut Vec<Wave>| waves.iter_mut().for_each(|wave| wave.at = number(-1));
    assert_eq!(refused(&earlier), RiskSetRefused::NothingBefore);
}

#[test]
fn a_constant_outcome_has_no_spread() {
    let (_, waves) = contest(6);
    let found =
        risk_set(&panel(&vec![vec![3.0; 12]; 24]), &waves, &RiskSetSettings::change_since_last()).unwrap();
    assert_eq!(found.overall.spread, Spread::Unknown(WhyUnknown::NoVariation));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// Levels move with periods only, changes with units too; scaling scales.
    #[test]
    fn constants_change_nothing_and_scaling_scales(seed in 0u64..1000, shift in -5.0..5.0f64, scale in 0.01..100.0f64) {
        let (outcomes, waves) = contest(seed);
        for beta in [Beta::Zero, Beta::One, Beta::Best] {
            let moved: Vec<Vec<f64>> = outcomes
                .iter()
                .enumerate()
                .map(|(i, row)| {
                    let own = if beta == Beta::One { i as f64 * shift } else { 0.0 };
                    row.iter().enumerate().map(|(t, y)| scale * (y + shift + own + shift * t as f64)).collect()
                })
                .collect();
            let settings = RiskSetSettings { beta, ..RiskSetSettings::change_since_last() };
            let one = risk_set(&panel(&outcomes), &waves, &settings).unwrap();
            let other = risk_set(&panel(&moved), &waves, &settings).unwrap();
            same(&[one.overall.value, one.overall.se().unwrap(), one.beta],
                &[other.overall.value / scale, other.overall.se().unwrap() / scale, other.beta]);
        }
    }
}
