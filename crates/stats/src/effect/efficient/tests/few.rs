//! With a handful of started units: how often an effect is claimed where there is none, and what the multiple rests on.

use rayon::prelude::*;

use super::super::super::tests::few_among_many::{claims_of, nothing};
use super::*;
use crate::effect::Summary;
use crate::uncertainty::Law;
use crate::uncertainty::permutation::Redraws;

const N_PANELS: u64 = 1000;

/// The figures of docs/methods/efficient.md; 1,000 panels each, so that 4 Monte Carlo errors are 2.8 in 100.
#[test]
fn the_efficient_estimate_claims_no_more_than_it_says() {
    for (beta, waves) in [
        (Beta::Best, &[(2, 48), (3, 47), (5, 45), (10, 40), (4, 200), (6, 6)][..]),
        (Beta::Zero, &[(2, 48), (6, 6)]),
        (Beta::One, &[(2, 48), (6, 6)]),
    ] {
        for &wave in waves {
            let share = claims_of(N_PANELS, wave, |rows| {
                efficient(&panel_of(rows), &settings(beta, Compare::NotYet)).unwrap().simple.effect
            });
            println!("efficient, {beta:?}, {wave:?}: false claims {share:.3}");
            assert!((0.022..=0.078).contains(&share), "{beta:?} {wave:?}: {share}");
        }
    }
}

/// Three first waves of two or three among many, all in pairs, and one alone beside two.
#[test]
fn several_starts_of_few_claim_no_more_than_they_say() {
    for starts in [
        vec![(Some(3), 2), (Some(4), 3), (Some(5), 2), (None, 43)],
        vec![(Some(2), 2), (Some(3), 2), (Some(4), 2), (Some(5), 2), (Some(6), 2), (None, 2)],
        vec![(Some(3), 1), (Some(4), 2), (None, 47)],
    ] {
        for beta in BETAS {
            let rollout = RollOut { starts: starts.clone(), n_periods: 6, effect: 0.0 };
            let claimed = |panel: &u64| {
                let panel = panel_of(&rollout.play(5_200_000 + panel));
                let found = efficient(&panel, &settings(beta, Compare::NotYet)).unwrap();
                let interval = found.simple.effect.interval().unwrap();
                interval.low > 0.0 || interval.high < 0.0
            };
            let share = (0..400_u64).into_par_iter().filter(claimed).count() as f64 / 400.0;
            println!("efficient, {beta:?}, {starts:?}: false claims {share:.3}");
            assert!((0.01..=0.08).contains(&share), "{beta:?} {starts:?}: {share}");
        }
    }
}

/// The last exposures, and placebos before the start, rest on the same few.
#[test]
fn parts_by_exposure_claim_no_more_than_they_say() {
    let of =
        |summary: &Summary<i64>, at| summary.each.iter().find(|part| part.at == at).unwrap().effect.clone();
    for at in [-2, 0, 2] {
        let share = claims_of(400, (3, 47), |rows| {
            of(&efficient(&panel_of(rows), &EfficientSettings::default()).unwrap().by_exposure.effects(), at)
        });
        println!("efficient, exposure {at}, (3, 47): false claims {share:.3}");
        assert!((0.02..=0.08).contains(&share), "{at}: {share}");
    }
}

#[test]
fn dealing_again_claims_no_more_than_it_says_with_two_of_fifty() {
    let refused = (0..400).filter(|panel| {
        let panel = panel_of(&nothing((2, 48), 6_300_000 + panel));
        let redraws = Redraws { n: 199, seed: 1 };
        permute_starts(&panel, &EfficientSettings::default(), Estimand::Simple, redraws).unwrap().p <= 0.05
    });
    let share = refused.count() as f64 / 400.0;
    println!("refused {share}");
    assert!((0.01..=0.08).contains(&share), "{share}");
}

/// The multiple is found from each start's own units where these are many, from all together where some start has a
/// handful, and from nobody where there is nothing to spare.
#[test]
fn how_many_units_each_start_has_decides_whose_outcomes_the_multiple_is_found_from() {
    let from = |starts: &[(Option<i64>, usize)]| {
        let rollout = RollOut { starts: starts.to_vec(), n_periods: 5, effect: 1.0 };
        let found = efficient(&panel_of(&rollout.play(3)), &EfficientSettings::default()).unwrap().simple;
        (found.beta_from, found.beta)
    };
    assert_eq!(from(&[(Some(3), 40), (None, 40)]).0, BetaFrom::EachStart);
    assert_eq!(from(&[(Some(3), 2), (None, 400)]).0, BetaFrom::AllStarts);
    assert_eq!(from(&[(Some(3), 2), (None, 2)]), (BetaFrom::TooFew, 1.0));
    let given = efficient(&panel_of(&small().play(3)), &settings(Beta::Zero, Compare::NotYet)).unwrap();
    assert_eq!(given.simple.beta_from, BetaFrom::Given);
}

/// Two units that happen to agree before and after are no reason to be sure.
#[test]
fn two_units_that_agree_are_judged_by_the_law_of_two() {
    let mut rows = nothing((2, 48), 5);
    let first: Vec<f64> = rows.iter().filter(|(unit, ..)| unit == "0").map(|row| row.2).collect();
    for row in rows.iter_mut().filter(|(unit, ..)| unit == "1") {
        row.2 = first[row.1 as usize - 1] + 1e-3 * (row.1 * row.1) as f64;
    }
    let interval = |rows: &[Made]| {
        efficient(&panel_of(rows), &EfficientSettings::default()).unwrap().simple.effect.interval().unwrap()
    };
    let (agree, differ) = (interval(&rows), interval(&nothing((2, 48), 5)));
    let df = |law| if let Law::Student { df } = law { df } else { f64::INFINITY };
    let (agree, differ) = (df(agree.law), df(differ.law));
    assert!(agree < 3.0 && (agree / differ - 1.0).abs() < 0.5, "{agree} {differ}");
}
