//! Covariates, weights, clusters, cross-sections: special cases that must collapse, brute force, and traps.

use super::*;
use crate::uncertainty::{Law, Spread, WhyUnknown};

const ADJUSTS: [Adjust; 3] = [Adjust::Dr, Adjust::Ipw, Adjust::Reg];

/// A wobble of the unit's own, the same on all its rows, between -1 and 1.
fn own(unit: &str) -> f64 {
    let sum: u32 = unit.bytes().fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 9973);
    (f64::from(sum) * 0.7).sin()
}

/// Outcomes whose trend depends on the wobble, and starts that do as well: the later half starts or never does.
fn drifting(rollout: &RollOut, seed: u64) -> Vec<Made> {
    let shift = |(unit, t, y, g): Made| {
        let y = y + own(&unit) * (t as f64) + if g.is_some() { 0.3 } else { 0.0 };
        (unit, t, y, g)
    };
    rollout.play(seed).into_iter().map(shift).collect()
}

fn big() -> RollOut {
    RollOut { starts: vec![(Some(3), 45), (Some(4), 40), (Some(6), 35), (None, 80)], ..small() }
}

fn with_covariate(rows: &[Made]) -> Panel {
    panel_with(rows, &["own"], |(unit, ..)| Besides {
        covariates: vec![Some(own(unit))],
        ..Besides::default()
    })
}

/// Each unit a cluster by itself makes the influences go another way, block by block; numbers stay the same.
#[test]
fn clusters_of_one_unit_change_nothing() {
    let rows = drifting(&big(), 21);
    let alone = |(unit, ..): &Made| Besides { cluster: Some(unit.clone()), ..Besides::default() };
    let weighing = |row: &Made| Besides { weight: Some(6.0 + own(&row.0)), ..alone(row) };
    for compare in BOTH {
        for base in [Base::Varying, Base::Universal] {
            let settings = Settings { compare, base, ..Settings::default() };
            same(&numbers(&panel_of(&rows), &settings), &numbers(&panel_with(&rows, &[], alone), &settings));
            let weighted = panel_with(&rows, &[], |row| Besides { cluster: None, ..weighing(row) });
            let clustered = panel_with(&rows, &[], weighing);
            same(&numbers(&weighted, &settings), &numbers(&clustered, &settings));
            let tests = [&weighted, &clustered]
                .map(|panel| pre_trends(&group_time(panel, &settings).unwrap()).unwrap());
            assert!((tests[0].statistic / tests[1].statistic - 1.0).abs() < 1e-9, "{tests:?}");
        }
    }
}

/// A covariate that is missing nowhere and matters to nobody's models: one that repeats in mirrored pairs.
#[test]
fn with_no_gaps_means_of_whoever_was_seen_are_changes_of_units() {
    let rows = drifting(&big(), 22);
    let clustered = |(unit, ..): &Made| Besides { cluster: Some(unit.clone()), ..Besides::default() };
    let panel = panel_with(&rows, &[], clustered);
    for compare in BOTH {
        let both = Settings { compare, ..Settings::default() };
        let either = Settings { seen: Seen::InEither, ..both };
        same(&numbers(&panel, &both), &numbers(&panel, &either));
    }
}

#[test]
fn weights_count_as_so_many_units() {
    let rows = drifting(&small(), 23);
    let times = |unit: &str| if own(unit) > 0.0 { 3 } else { 1 };
    let many: Vec<Made> = rows
        .iter()
        .flat_map(|(u, t, y, g)| (0..times(u)).map(move |copy| (format!("{u}/{copy}"), *t, *y, *g)))
        .collect();
    let weighted = |factor: f64| {
        panel_with(&rows, &[], move |(u, ..)| Besides {
            weight: Some(factor * f64::from(times(u))),
            ..Besides::default()
        })
    };
    for compare in BOTH {
        let settings = Settings { compare, ..Settings::default() };
        let values =
            |panel: &Panel| -> Vec<f64> { numbers(panel, &settings).into_iter().step_by(3).collect() };
        same(&values(&panel_of(&many)), &values(&weighted(1.0)));
        same(&numbers(&weighted(1.0), &settings), &numbers(&weighted(0.01), &settings));
    }
}

/// Leaving out each unit in turn and finding the effects anew gives the error without any formula of influence.
#[track_caller]
fn check_jackknife(panel_of: impl Fn(&[Made]) -> Panel, rows: &[Made], settings: &Settings, tolerance: f64) {
    let values = |rows: &[Made]| -> Vec<f64> {
        let found = group_time(&panel_of(rows), settings).unwrap();
        let mut values: Vec<f64> = found.cells.iter().map(|cell| cell.effect.value).collect();
        values.push(simple(&found).value);
        values.push(by_exposure(&found).overall.value);
        values
    };
    let found = group_time(&panel_of(rows), settings).unwrap();
    let mut se: Vec<f64> = found.cells.iter().map(|cell| cell.effect.se().unwrap()).collect();
    se.push(simple(&found).se().unwrap());
    se.push(by_exposure(&found).overall.se().unwrap());
    let mut units: Vec<&String> = rows.iter().map(|row| &row.0).collect();
    units.dedup();
    let without: Vec<Vec<f64>> = units
        .iter()
        .map(|unit| values(&rows.iter().filter(|row| row.0 != **unit).cloned().collect::<Vec<_>>()))
        .collect();
    let n = units.len() as f64;
    for (k, se) in se.iter().enumerate() {
        let mean = without.iter().map(|values| values[k]).sum::<f64>() / n;
        let squares: f64 = without.iter().map(|values| (values[k] - mean).powi(2)).sum();
        let jackknife = (squares * (n - 1.0) / n).sqrt();
        assert!((jackknife / se - 1.0).abs() < tolerance, "{settings:?} {k}: {jackknife} {se}");
    }
}

/// The jackknife exceeds by about 1 / (2 x 35 units), and more where few units weigh much.
#[test]
fn errors_that_include_the_models_agree_with_the_jackknife() {
    let rows = drifting(&big(), 24);
    for adjust in ADJUSTS {
        for compare in BOTH {
            let settings = Settings { compare, adjust, ..Settings::default() };
            check_jackknife(with_covariate, &rows, &settings, 0.06);
        }
    }
}

#[test]
fn errors_with_gaps_and_weights_agree_with_the_jackknife() {
    let rows: Vec<Made> = drifting(&big(), 25)
        .into_iter()
        .enumerate()
        .filter(|(row, _)| row % 13 != 5)
        .map(|(_, made)| made)
        .collect();
    let panel = |rows: &[Made]| {
        panel_with(rows, &["own"], |(unit, t, ..)| Besides {
            weight: Some(1.5 + own(&format!("w{unit}"))),
            covariates: vec![Some(own(unit) + 0.1 * *t as f64)],
            ..Besides::default()
        })
    };
    for adjust in ADJUSTS {
        let settings = Settings { adjust, compare: Compare::NotYet, ..Settings::default() };
        check_jackknife(panel, &rows, &settings, 0.09);
    }
}

#[test]
fn errors_of_cross_sections_agree_with_the_jackknife() {
    let rows = drifting(&big(), 26);
    for adjust in ADJUSTS {
        let settings = Settings { adjust, seen: Seen::InEither, ..Settings::default() };
        check_jackknife(with_covariate, &rows, &settings, 0.06);
    }
}

/// Where the covariate drives both who starts and the trend, plain means are off and every adjustment is right.
/// True effect 2.0; 60 panels; the mean may stray 4 Monte Carlo errors.
#[test]
fn adjustments_recover_an_effect_that_plain_means_miss() {
    let mean_of = |settings: &Settings, panel: &dyn Fn(&[Made]) -> Panel| {
        let values: Vec<f64> = (0..60)
            .map(|seed| {
                let rows: Vec<Made> = RollOut { starts: vec![(Some(4), 200)], ..small() }.play(9000 + seed);
                // Starts by chance that grows with the unit's own wobble; a trend that does as well.
                let rows: Vec<Made> = rows
                    .into_iter()
                    .map(|(u, t, y, _)| {
                        let x = own(&format!("{seed}{u}"));
                        let starts = own(&format!("s{seed}{u}")) < 0.6 * x;
                        let on = t >= 4;
                        let y = y - if on { 2.0 } else { 0.0 } + if on && starts { 2.0 } else { 0.0 };
                        (format!("{seed}{u}"), t, y + 0.5 * x * t as f64, starts.then_some(4))
                    })
                    .collect();
                simple(&group_time(&panel(&rows), settings).unwrap()).value
            })
            .collect();
        let mean = values.iter().sum::<f64>() / 60.0;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 59.0).sqrt();
        (mean, sd / f64::sqrt(60.0))
    };
    let (plain, error) = mean_of(&Settings::default(), &|rows| panel_of(rows));
    assert!(plain - 2.0 > 4.0 * error, "{plain} +- {error}");
    for adjust in ADJUSTS {
        let (mean, error) =
            mean_of(&Settings { adjust, ..Settings::default() }, &|rows| with_covariate(rows));
        assert!((mean - 2.0).abs() <= 4.0 * error, "{adjust:?}: {mean} +- {error}");
    }
}

#[test]
fn covariates_that_carry_nothing_are_refused_or_left_out() {
    let rows = small().play(27);
    let refused = |of: &dyn Fn(&Made) -> f64, adjust| {
        let panel = panel_with(&rows, &["x"], |row| Besides {
            covariates: vec![Some(of(row))],
            ..Besides::default()
        });
        group_time(&panel, &Settings { adjust, ..Settings::default() }).map(|found| found.left_out.cells)
    };
    for adjust in ADJUSTS {
        assert_eq!(refused(&|_| 0.1, adjust), Err(GroupTimeRefused::CovariatesRepeat));
    }
    let apart = |(_, _, _, start): &Made| if start.is_some() { 1.0 } else { 0.0 };
    assert_eq!(refused(&apart, Adjust::Ipw), Err(GroupTimeRefused::NoOverlap));
    assert_eq!(refused(&apart, Adjust::Reg), Err(GroupTimeRefused::CovariatesRepeat));
    // One start lies apart from all others: only it is left out, and said why.
    let one = |(unit, _, _, start): &Made| if *start == Some(6) { 9.0 } else { own(unit) };
    let left_out = refused(&one, Adjust::Dr).unwrap();
    assert_eq!(left_out.len(), 5);
    assert!(
        left_out.iter().all(|(start, _, why)| *start == Period::Number(6) && *why == WhyNoCell::NoOverlap)
    );
}

/// What no starting unit has makes comparison units that have it count for nothing: they might as well not be there.
#[test]
fn a_covariate_that_no_starting_unit_has_leaves_out_those_that_have_it() {
    let rows = RollOut { starts: vec![(Some(4), 25), (None, 60)], ..small() }.play(31);
    let has = |(unit, _, _, start): &Made| start.is_none() && unit.len() % 2 == 0;
    assert!(rows.iter().any(has) && rows.iter().any(|row| row.3.is_none() && !has(row)));
    let settings = Settings { adjust: Adjust::Ipw, ..Settings::default() };
    let panel = panel_with(&rows, &["has"], |row| Besides {
        covariates: vec![Some(f64::from(u8::from(has(row))))],
        ..Besides::default()
    });
    let found = group_time(&panel, &settings).unwrap();
    let without: Vec<Made> = rows.iter().filter(|row| !has(row)).cloned().collect();
    let expect = group_time(&panel_of(&without), &Settings::default()).unwrap();
    assert!(found.left_out.cells.is_empty() && found.cells.len() == expect.cells.len());
    for (a, b) in found.cells.iter().zip(&expect.cells) {
        // What is left of their odds when the logit's information is lost is some 1e-9.
        assert!((a.effect.value - b.effect.value).abs() < 1e-7, "{a:?} {b:?}");
        assert!((a.effect.se().unwrap() - b.effect.se().unwrap()).abs() < 1e-6, "{a:?} {b:?}");
    }
    let doubly = group_time(&panel, &Settings { adjust: Adjust::Dr, ..settings }).unwrap();
    assert!(doubly.left_out.cells.is_empty());
}

#[test]
fn a_unit_without_its_covariate_does_not_count_there() {
    let rows = drifting(&big(), 28);
    let gone = "3-7";
    let missing = panel_with(&rows, &["own"], |(unit, ..)| Besides {
        covariates: vec![Some(own(unit)).filter(|_| unit != gone)],
        ..Besides::default()
    });
    let without: Vec<Made> = rows.iter().filter(|row| row.0 != gone).cloned().collect();
    let (a, b) = (
        group_time(&missing, &Settings::default()).unwrap(),
        group_time(&with_covariate(&without), &Settings::default()).unwrap(),
    );
    for (a, b) in a.cells.iter().zip(&b.cells) {
        assert!(
            (a.effect.value - b.effect.value).abs() < 1e-10 && a.n_compared == b.n_compared,
            "{a:?} {b:?}"
        );
    }
}

#[test]
fn few_clusters_take_students_law_and_a_start_inside_one_borrows() {
    let rows = drifting(&big(), 29);
    let ward = |unit: &str| unit.split('-').nth(1).unwrap().parse::<usize>().unwrap();
    let cluster = |(unit, _, _, start): &Made| Besides {
        cluster: Some(if *start == Some(3) { "x".to_owned() } else { format!("{}", ward(unit) % 12) }),
        ..Besides::default()
    };
    let panel = panel_with(&rows, &[], cluster);
    let found = group_time(&panel, &Settings::default()).unwrap();
    let simple = simple(&found).interval().unwrap();
    let Law::Student { df } = simple.law else { panic!("normal with 13 clusters") };
    assert!(df > 4.0 && df < 30.0 && simple.se_used > simple.se, "{df} {simple:?}");
    assert_eq!(found.sample.starts_in_one_cluster(&panel), [Period::Number(3)]);
    // All starts inside one cluster each, and nobody else to borrow from: nobody knows.
    let each =
        |(_, _, _, start): &Made| Besides { cluster: Some(format!("{start:?}")), ..Besides::default() };
    let found = group_time(&panel_with(&rows, &[], each), &Settings::default()).unwrap();
    assert_eq!(found.cells[0].effect.spread, Spread::Unknown(WhyUnknown::OneClusterEach));
}
