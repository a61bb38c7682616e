//! A first wave of a few among many: claims of an effect where there is none are as rare as intervals say.

use super::*;
use crate::uncertainty::Estimate;

const N_PANELS: u64 = 400;

/// Units that start, and that never do; nothing else differs between them, and each outcome varies for itself.
pub(in crate::effect) const WAVES: [(usize, usize); 5] = [(2, 48), (3, 47), (4, 200), (3, 36), (2, 30)];

/// No effect; six periods, a start in the fourth.
pub(in crate::effect) fn nothing((n_started, n_never): (usize, usize), seed: u64) -> Vec<Made> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || {
        let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    };
    let mut rows = Vec::new();
    for unit in 0..n_started + n_never {
        let (level, start) = (normal(), (unit < n_started).then_some(4));
        rows.extend((1..=6).map(|period| (format!("{unit}"), period, level + normal(), start)));
    }
    rows
}

/// The share of panels without an effect in which one is claimed at 95 %.
pub(in crate::effect) fn claims(wave: (usize, usize), estimate: impl Fn(&[Made]) -> Estimate) -> f64 {
    let claims = |panel: &u64| {
        let interval = estimate(&nothing(wave, 4_100_000 + panel)).interval().unwrap();
        interval.low > 0.0 || interval.high < 0.0
    };
    (0..N_PANELS).filter(claims).count() as f64 / N_PANELS as f64
}

/// The figures of docs/methods/few-units.md; one Monte Carlo error is 1.1 in 100.
#[track_caller]
pub(in crate::effect) fn check(name: &str, least: f64, estimate: impl Fn(&[Made]) -> Estimate) {
    for wave in WAVES {
        let share = claims(wave, &estimate);
        println!("{name}, {wave:?}: false claims {share:.3}");
        assert!((least..=0.08).contains(&share), "{name}, {wave:?}: {share}");
    }
}

#[test]
fn effects_by_start_and_period_claim_no_more_than_they_say() {
    check("group-time", 0.03, |rows| simple(&group_time(&panel_of(rows), &Settings::default()).unwrap()));
}

/// The same with a gap, which takes the other way to the influences.
#[test]
fn effects_with_gaps_claim_no_more_than_they_say() {
    check("group-time with a gap", 0.03, |rows| {
        let rows: Vec<Made> = rows[..rows.len() - 1].to_vec();
        simple(&group_time(&panel_of(&rows), &Settings::default()).unwrap())
    });
}

#[test]
fn imputed_effects_claim_no_more_than_they_say() {
    check("imputation", 0.03, |rows| {
        crate::effect::imputation(&panel_of(rows), &Default::default()).unwrap().overall
    });
}

/// Below 40 units the bias-reduced error goes with its own degrees of freedom, which are too few for a start of two.
#[test]
fn interaction_weighted_effects_claim_no_more_than_they_say() {
    check("interaction-weighted", 0.0, |rows| {
        crate::effect::interaction(&panel_of(rows), &Default::default()).unwrap().overall
    });
}

#[test]
fn two_way_coefficients_claim_no_more_than_they_say() {
    check("two-way", 0.0, |rows| {
        crate::effect::two_way(&panel_of(rows), Default::default()).unwrap().coefficient
    });
}

/// Whole wards start, and wards move together: three of fifty, and one of six, which borrows.
#[test]
fn clusters_that_start_claim_no_more_than_they_say() {
    for wave in [(3, 47), (2, 30), (1, 5)] {
        let share = claims(wave, |wards| {
            let members = |(ward, t, y, start): &Made| {
                let own = |i: i64| ((i * 7 + t * 5) as f64).sin();
                (0..4).map(|i| (format!("{ward}/{i}"), *t, y + 0.1 * own(i), *start)).collect::<Vec<_>>()
            };
            let rows: Vec<Made> = wards.iter().flat_map(members).collect();
            let ward = |(unit, ..): &Made| Besides {
                cluster: unit.split('/').next().map(str::to_owned),
                ..Besides::default()
            };
            simple(&group_time(&panel_with(&rows, &[], ward), &Settings::default()).unwrap())
        });
        println!("group-time, {wave:?} clusters: false claims {share:.3}");
        assert!((0.03..=0.08).contains(&share), "{wave:?}: {share}");
    }
}
