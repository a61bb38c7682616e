//! Equality with R did 2.5.1 (analytic errors) on its minimum-wage panel: 500 counties, 2003 to 2007.

use std::path::PathBuf;

use serde_json::Value;

use crate::effect::*;
use crate::panel::{self, Columns, Panel, Period, Unbalanced};

const COLUMNS: Columns<'_> = Columns {
    unit: "countyreal",
    period: "year",
    outcome: "lemp",
    start: "first.treat",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &[],
};

/// The folder of reference results, if there is one.
fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn read(folder: &std::path::Path, file: &str) -> Panel {
    let bytes = std::fs::read(folder.join("../data").join(file)).unwrap();
    panel::read(bytes.as_slice(), &COLUMNS, Unbalanced::Keep).unwrap()
}

/// Both were computed in doubles; sums in another order differ by some 1e-13.
#[track_caller]
fn close(found: f64, expect: &Value, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= 1e-8 * expect.abs(), "{what}: {found} is not {expect}");
}

#[track_caller]
fn check_parts<K: std::fmt::Display>(found: &Summary<K>, expect: &Value, what: &str) {
    close(found.overall.value, &expect["overall_att"], what);
    close(found.overall.se().unwrap(), &expect["overall_se"], what);
    let by = expect["by"].as_array().unwrap();
    assert_eq!(found.each.len(), by.len(), "{what}");
    for (part, expect) in found.each.iter().zip(by) {
        assert_eq!(part.at.to_string(), expect["egt"].to_string(), "{what}");
        close(part.effect.value, &expect["att"], what);
        match part.effect.se() {
            Some(se) => close(se, &expect["se"], what),
            None => assert!(expect["se"].is_null(), "{what} {}", part.at),
        }
    }
}

#[track_caller]
fn check(file: &str, settings: Settings) {
    let Some(folder) = folder() else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect: Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
    let found = group_time(&read(&folder, "mpdta.csv"), &settings).unwrap();
    assert_eq!(Some(found.sample.n_units() as u64), expect["n"].as_u64());
    let cells = expect["att_gt"].as_array().unwrap();
    assert_eq!(found.cells.len(), cells.len());
    for (cell, expect) in found.cells.iter().zip(cells) {
        assert_eq!(Some(cell.start), expect["group"].as_i64().map(Period::Number));
        assert_eq!(Some(cell.period), expect["t"].as_i64().map(Period::Number));
        close(cell.effect.value, &expect["att"], "effect");
        match cell.effect.se() {
            Some(se) => close(se, &expect["se"], "error"),
            None => assert!(expect["se"].is_null()),
        }
    }
    let overall = simple(&found);
    close(overall.value, &expect["simple"]["overall_att"], "simple");
    close(overall.se().unwrap(), &expect["simple"]["overall_se"], "simple");
    check_parts(&by_start(&found), &expect["group"], "by start");
    check_parts(&by_period(&found), &expect["calendar"], "by period");
    check_parts(&by_exposure(&found), &expect["dynamic"], "by exposure");
    let test = pre_trends(&found).unwrap();
    close(test.statistic, &expect["W"][0][0], "W");
    // The reference rounds its p to five digits.
    assert!((test.p - expect["Wpval"][0][0].as_f64().unwrap()).abs() <= 5e-6, "{}", test.p);
}

#[test]
fn effects_compared_with_the_never_started_equal_the_reference() {
    check("mpdta_did_nevertreated_nocov.json", Settings::default());
}

#[test]
fn effects_compared_with_the_not_yet_started_equal_the_reference() {
    check("mpdta_did_notyettreated_nocov.json", Settings { compare: Compare::NotYet, ..Settings::default() });
}

#[test]
fn effects_from_a_universal_base_equal_the_reference() {
    check(
        "mpdta_did_nevertreated_nocov_universal.json",
        Settings { base: Base::Universal, ..Settings::default() },
    );
}

#[test]
fn effects_with_anticipation_equal_the_reference() {
    check("mpdta_did_nevertreated_nocov_anticip1.json", Settings { anticipation: 1, ..Settings::default() });
}
