//! Equality with R synthdid 0.0.9 on California's Proposition 99: 39 states, 1970 to 2000.

use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::panel::{self, Columns};

/// The reference results and the panel, if they are there.
fn found() -> Option<(Value, Panel)> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("SKIPPED: no folder of reference results beside the project");
        return None;
    }
    let json = std::fs::read(folder.join("california_prop99_synthdid.json")).unwrap();
    let table = std::fs::read(folder.join("../data/california_prop99.csv")).unwrap();
    let columns = Columns {
        unit: "State",
        period: "Year",
        outcome: "PacksPerCapita",
        treated: Some("treated"),
        ..Columns::default()
    };
    let panel = panel::read(table.as_slice(), &columns, Unbalanced::Keep).unwrap();
    Some((serde_json::from_slice(&json).unwrap(), panel))
}

/// The same 10,000 steps in doubles: sums in another order differ by some 1e-12.
#[track_caller]
fn close(found: f64, expect: &Value, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= 1e-8 * expect.abs().max(1.0), "{what}: {found} is not {expect}");
}

#[track_caller]
fn check(twin: Twin, name: &str) {
    let Some((json, panel)) = found() else { return };
    let expect = &json["results"][name];
    let found = synthetic(&panel, &SyntheticSettings { twin, ..SyntheticSettings::default() }).unwrap();
    let [california] = &found.starts[..] else { panic!("one start") };
    close(found.overall.value, &expect["estimate"], "estimate");
    close(california.penalties.on_units, &expect["zeta_omega"], "penalty on units");
    close(california.penalties.on_periods, &expect["zeta_lambda"], "penalty on periods");
    for (weight, expect) in california.unit_weights.iter().zip(expect["omega"].as_array().unwrap()) {
        close(*weight, &expect["omega"], "unit weight");
    }
    for (weight, expect) in california.period_weights.iter().zip(expect["lambda"].as_array().unwrap()) {
        close(*weight, &expect["lambda"], "period weight");
    }
    let placebos = &expect["placebo_exact_enumeration"];
    for placebo in &california.placebos {
        let name = &panel.units()[found.donors[placebo.donors[0]]];
        close(placebo.value, &placebos["placebo_estimates"][name], name);
    }
    close(found.overall.se().unwrap(), &placebos["se_exact"], "error");
    close(california.placebo_p, &placebos["rank_p"], "rank p");
    for expect in expect["effect_curve"].as_array().into_iter().flatten() {
        let exposure = expect["time"].as_str().unwrap().parse::<i64>().unwrap() - 1989;
        let (_, value) = california.curve.iter().find(|(at, _)| *at == exposure).unwrap();
        close(*value, &expect["tau"], "curve");
    }
}

#[test]
fn synthetic_differences_in_differences_equal_the_reference() {
    check(Twin::DifferenceInDifferences, "synthdid");
}

#[test]
fn the_synthetic_control_equals_the_reference() {
    check(Twin::Control, "sc");
}

/// The steps have not arrived after 10,000: the optimum of the same objective gives -15.605 instead of -15.604.
#[test]
fn the_optimum_for_california_lies_beside_the_steps() {
    let Some((_, panel)) = found() else { return };
    let found = synthetic(&panel, &exact(Twin::DifferenceInDifferences)).unwrap();
    assert_eq!(format!("{:.3}", found.overall.value), "-15.605");
}
