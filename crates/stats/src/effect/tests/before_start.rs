//! The joint tests of interaction-weighted and imputed partings before the start: chance alone is refused as rarely as
//! they say, also where a few started, and a drift is found.

use rayon::prelude::*;

use super::*;
use crate::uncertainty::{Wald, WaldRefused};

const N_PANELS: u64 = 800;

/// Starts with the number of their units, and units that never start.
type Wave<'a> = (&'a [(i64, usize)], usize);

/// Shapes in which residuals of a start say little of how far chance reaches, and two in which they say enough.
const WAVES: [Wave<'_>; 7] = [
    (&[(5, 1)], 19),
    (&[(5, 2)], 48),
    (&[(4, 1), (5, 1), (6, 1)], 40),
    (&[(4, 2), (5, 2), (6, 2)], 40),
    (&[(4, 5), (5, 5), (6, 5)], 30),
    (&[(4, 5), (5, 5), (6, 5)], 0),
    (&[(5, 60)], 60),
];

/// Eight periods, no effect; units part by `drift` a period from those that never start.
fn drifting((starts, n_never): Wave<'_>, drift: f64, seed: u64) -> Vec<Made> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || {
        let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    };
    let mut rows = Vec::new();
    let groups = starts.iter().map(|&(start, n)| (Some(start), n)).chain([(None, n_never)]);
    for (start, unit) in groups.flat_map(|(start, n)| (0..n).map(move |unit| (start, unit))) {
        let level = normal();
        let parts = if start.is_some() { drift } else { 0.0 };
        let name = format!("{start:?} {unit}");
        rows.extend((1..=8).map(|t| (name.clone(), t, level + parts * t as f64 + normal(), start)));
    }
    rows
}

fn both(panel: &Panel) -> [Result<Wald, WaldRefused>; 2] {
    let weighted = interaction(panel, &InteractionSettings::default()).unwrap().pre_trends;
    [weighted, imputation(panel, &ImputationSettings::default()).unwrap().pre_trends]
}

/// The shares of so many panels that each test refuses.
fn refused(n_panels: u64, panel: impl Fn(u64) -> Panel + Sync) -> [f64; 2] {
    let refused = (0..n_panels)
        .into_par_iter()
        .map(|seed| both(&panel(6_300_000 + seed)).map(|test| u64::from(test.unwrap().p < 0.05)));
    let sums = refused.reduce(|| [0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
    sums.map(|sum| sum as f64 / n_panels as f64)
}

#[track_caller]
fn check(what: &str, shares: [f64; 2]) {
    println!("{what}: refused {shares:?}");
    assert!(shares.iter().all(|share| (0.02..=0.08).contains(share)), "{what}: {shares:?}");
}

/// The figures of docs/methods/few-units.md; one Monte Carlo error is 0.8 in 100.
#[test]
fn chance_is_refused_no_more_than_said() {
    for wave in WAVES {
        let shares = refused(N_PANELS, |seed| panel_of(&drifting(wave, 0.0, seed)));
        check(&format!("{wave:?}"), shares);
    }
}

/// One outcome in thirty is missing: those seen throughout lend.
#[test]
fn gaps_do_not_make_chance_look_like_a_drift() {
    let panel = |seed| {
        let rows = drifting((&[(5, 3)], 47), 0.0, seed);
        let is_kept = |place: usize| place % 30 != 11;
        let kept = rows.into_iter().enumerate().filter(|(place, _)| is_kept(*place));
        panel_of(&kept.map(|(_, row)| row).collect::<Vec<_>>())
    };
    check("gaps", refused(N_PANELS, panel));
}

/// Units count from once to three times.
#[test]
fn weights_do_not_make_chance_look_like_a_drift() {
    let panel = |seed| {
        let rows = drifting((&[(4, 2), (5, 3)], 25), 0.0, seed);
        let weight =
            |row: &Made| Some(1.0 + (row.0.len() + row.0.as_bytes()[row.0.len() - 1] as usize) as f64 % 3.0);
        panel_with(&rows, &[], |row| Besides { weight: weight(row), ..Besides::default() })
    };
    check("weights", refused(N_PANELS, panel));
}

#[test]
fn a_strong_drift_is_found() {
    for (wave, drift) in [(WAVES[1], 1.6), (WAVES[3], 0.8), (WAVES[4], 0.6)] {
        let shares = refused(60, |seed| panel_of(&drifting(wave, drift, seed)));
        println!("{wave:?}, drift {drift}: refused {shares:?}");
        assert!(shares.iter().all(|share| *share > 0.8), "{wave:?}: {shares:?}");
    }
}

/// Whole wards start and move together: tested where enough of them start, else in one sentence.
#[test]
fn clusters_are_tested_where_enough_of_them_start() {
    let wards = |wave, seed| {
        let rows = drifting(wave, 0.0, seed);
        let members = |(ward, t, y, start): &Made| {
            let own = |i: i64| ((i * 7 + t * 5) as f64).sin();
            (0..3).map(|i| (format!("{ward}/{i}"), *t, y + 0.1 * own(i), *start)).collect::<Vec<_>>()
        };
        let rows: Vec<Made> = rows.iter().flat_map(members).collect();
        let ward = |(unit, ..): &Made| Besides {
            cluster: unit.split('/').next().map(str::to_owned),
            ..Besides::default()
        };
        panel_with(&rows, &[], ward)
    };
    let few = both(&wards((&[(5, 3)], 37), 1));
    assert_eq!(few, [Err(WaldRefused::TooFewUnits { n_units: 3, n_numbers: 3 }); 2]);
    assert_eq!(both(&wards((&[(4, 6), (5, 1)], 30), 1)), [Err(WaldRefused::SpreadUnknown); 2]);
    let shares = refused(N_PANELS, |seed| wards((&[(5, 12)], 28), seed));
    println!("12 of 40 clusters: refused {shares:?}");
    assert!(shares.iter().all(|share| (0.001..=0.06).contains(share)), "{shares:?}");
}

/// Brute force: clusters of one unit each, that were named: each side's own scatter about its mean, over n (n - 1), and an F
/// law with no more degrees of freedom than the smaller side has to spare.
#[test]
fn clusters_of_one_start_are_judged_side_by_side() {
    let rows = drifting((&[(5, 12)], 16), 0.3, 17);
    let changes = |unit: &str| -> Vec<f64> {
        let at = |t: i64| rows.iter().find(|row| row.0 == unit && row.1 == t).unwrap().2;
        (1..4).map(|t| at(t) - at(4)).collect()
    };
    let mut sides = [Vec::new(), Vec::new()];
    for row in rows.iter().filter(|row| row.1 == 1) {
        sides[usize::from(row.3.is_none())].push(changes(&row.0));
    }
    let mean = |side: &[Vec<f64>], k: usize| side.iter().map(|c| c[k]).sum::<f64>() / side.len() as f64;
    let spread = faer::Mat::<f64>::from_fn(3, 3, |i, j| {
        let own = |side: &Vec<Vec<f64>>| -> f64 {
            let about = |c: &Vec<f64>| (c[i] - mean(side, i)) * (c[j] - mean(side, j));
            let n = side.len() as f64;
            side.iter().map(about).sum::<f64>() / (n * (n - 1.0))
        };
        sides.iter().map(own).sum()
    });
    let inverse = crate::linear::least_squares::inverse(&spread).unwrap();
    let values: Vec<f64> = (0..3).map(|k| mean(&sides[0], k) - mean(&sides[1], k)).collect();
    let pairs = || (0..3).flat_map(|i| (0..3).map(move |j| (i, j)));
    let squared: f64 = pairs().map(|(i, j)| values[i] * inverse[(i, j)] * values[j]).sum();
    let named = |row: &Made| Besides { cluster: Some(row.0.clone()), ..Besides::default() };
    for test in both(&panel_with(&rows, &[], named)) {
        let test = test.unwrap();
        println!("{test:?} {squared} {}", test.statistic / squared);
        assert!((test.statistic / squared - 1.0).abs() < 1e-8, "{test:?} {squared}");
        // v = 11 of the twelve that start: v - q + 1 is 9.
        assert!((test.df_denominator.unwrap() - 9.0).abs() < 1e-9, "{test:?}");
        let p = statrs::function::beta::beta_reg(4.5, 1.5, 9.0 / (9.0 + 3.0 * squared * 9.0 / 33.0));
        assert!((test.p / p - 1.0).abs() < 1e-8, "{test:?} {p}");
    }
}

/// Times for how a covariate goes with the outcome are fitted besides: with few units nothing tells what that adds.
#[test]
fn covariates_are_tested_with_many_units_only() {
    let with = |wave| {
        let rows = drifting(wave, 0.0, 5);
        let x = |row: &Made| {
            ((row.0.len() * 7 + row.0.bytes().last().unwrap() as usize) as f64 * row.1 as f64).sin()
        };
        let panel =
            panel_with(&rows, &["x"], |row| Besides { covariates: vec![Some(x(row))], ..Besides::default() });
        imputation(&panel, &ImputationSettings::default()).unwrap().pre_trends
    };
    assert_eq!(with((&[(5, 4)], 40)), Err(WaldRefused::FewWithCovariates));
    assert!(with((&[(5, 60)], 60)).is_ok_and(|test| test.df_denominator.is_none()));
}

/// Brute force: for one start without gaps the covariance is the scatter about the means of both sides, and the law
/// Hotelling's with the units less two.
#[test]
fn one_start_is_judged_by_hotellings_law() {
    let rows = drifting((&[(5, 4)], 9), 0.3, 17);
    let changes = |unit: &str| -> Vec<f64> {
        let at = |t: i64| rows.iter().find(|row| row.0 == unit && row.1 == t).unwrap().2;
        (1..4).map(|t| at(t) - at(4)).collect()
    };
    let mut sides = [Vec::new(), Vec::new()];
    for row in rows.iter().filter(|row| row.1 == 1) {
        sides[usize::from(row.3.is_none())].push(changes(&row.0));
    }
    let mean = |side: &[Vec<f64>], k: usize| side.iter().map(|c| c[k]).sum::<f64>() / side.len() as f64;
    let spread = faer::Mat::<f64>::from_fn(3, 3, |i, j| {
        let about = |side: &Vec<Vec<f64>>| -> f64 {
            side.iter().map(|c| (c[i] - mean(side, i)) * (c[j] - mean(side, j))).sum()
        };
        sides.iter().map(about).sum::<f64>() / 11.0 * (1.0 / 4.0 + 1.0 / 9.0)
    });
    let inverse = crate::linear::least_squares::inverse(&spread).unwrap();
    let values: Vec<f64> = (0..3).map(|k| mean(&sides[0], k) - mean(&sides[1], k)).collect();
    let squared: f64 = (0..3)
        .flat_map(|i| (0..3).map(move |j| (i, j)))
        .map(|(i, j)| values[i] * inverse[(i, j)] * values[j])
        .sum();
    // q = 3, v = 11: T^2 (v - q + 1) / (v q) has an F law with 3 and 9 degrees of freedom.
    let p = statrs::function::beta::beta_reg(4.5, 1.5, 9.0 / (9.0 + 3.0 * squared * 9.0 / 33.0));
    for test in both(&panel_of(&rows)) {
        let test = test.unwrap();
        assert!((test.statistic / squared - 1.0).abs() < 1e-8, "{test:?} {squared}");
        assert!((test.p / p - 1.0).abs() < 1e-8, "{test:?} {p}");
    }
}
