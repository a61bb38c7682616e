//! Equality with R did 2.5.1 (analytic errors) on its minimum-wage panel: 500 counties, 2003 to 2007; without gaps and
//! with.

use std::path::PathBuf;

use serde_json::Value;

use crate::effect::*;
use crate::panel::{self, Columns, Panel, Period, Unbalanced};

/// The panel's columns; `state` and `popw` are added to the file as the references were made with them.
fn columns() -> Columns<'static> {
    Columns {
        unit: "countyreal",
        period: "year",
        outcome: "lemp",
        start: "first.treat",
        ..Columns::default()
    }
}

/// A case of the reference.
struct Case<'a> {
    data: &'a str,
    columns: Columns<'a>,
    settings: Settings,
    /// How far numbers may differ, relative to the reference's.
    tolerance: f64,
    /// The reference takes chi-square whatever the number of clusters.
    same_p: bool,
}

impl Default for Case<'_> {
    /// Both were computed in doubles; sums in another order differ by some 1e-13.
    fn default() -> Self {
        let settings = Settings::default();
        Case { data: "mpdta.csv", columns: columns(), settings, tolerance: 1e-8, same_p: true }
    }
}

/// The folder of reference results, if there is one.
pub(in crate::effect) fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn read(folder: &std::path::Path, case: &Case<'_>) -> Panel {
    let text = std::fs::read_to_string(folder.join("../data").join(case.data)).unwrap();
    let mut wide = String::new();
    for (number, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let added = match number {
            0 => "state,popw".to_owned(),
            _ => format!(
                "{},{}",
                cells[1].parse::<u32>().unwrap() / 1000,
                cells[2].parse::<f64>().unwrap().exp()
            ),
        };
        wide += &format!("{line},{added}\n");
    }
    panel::read(wide.as_bytes(), &case.columns, Unbalanced::Keep).unwrap()
}

/// The minimum-wage panel.
pub(in crate::effect) fn mpdta(folder: &std::path::Path) -> Panel {
    read(folder, &Case::default())
}

#[track_caller]
fn close(found: f64, expect: &Value, tolerance: f64, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= tolerance * expect.abs(), "{what}: {found} is not {expect}");
}

#[track_caller]
fn check_parts<K: std::fmt::Display>(found: &Summary<K>, expect: &Value, tolerance: f64, what: &str) {
    close(found.overall.value, &expect["overall_att"], tolerance, what);
    close(found.overall.se().unwrap(), &expect["overall_se"], tolerance, what);
    let by = expect["by"].as_array().unwrap();
    assert_eq!(found.each.len(), by.len(), "{what}");
    for (part, expect) in found.each.iter().zip(by) {
        assert_eq!(part.at.to_string(), expect["egt"].to_string(), "{what}");
        close(part.effect.value, &expect["att"], tolerance, what);
        match part.effect.se() {
            Some(se) => close(se, &expect["se"], tolerance, what),
            None => assert!(expect["se"].is_null(), "{what} {}", part.at),
        }
    }
}

#[track_caller]
fn check(file: &str, case: &Case<'_>) {
    let Some(folder) = folder() else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let tolerance = case.tolerance;
    let expect: Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
    let found = group_time(&read(&folder, case), &case.settings).unwrap();
    assert_eq!(Some(found.sample.n_units() as u64), expect["n"].as_u64());
    let cells = expect["att_gt"].as_array().unwrap();
    assert_eq!(found.cells.len(), cells.len());
    for (cell, expect) in found.cells.iter().zip(cells) {
        assert_eq!(Some(cell.start), expect["group"].as_i64().map(Period::Number));
        assert_eq!(Some(cell.period), expect["t"].as_i64().map(Period::Number));
        close(cell.effect.value, &expect["att"], tolerance, "effect");
        match cell.effect.se() {
            Some(se) => close(se, &expect["se"], tolerance, "error"),
            None => assert!(expect["se"].is_null()),
        }
    }
    let overall = simple(&found);
    close(overall.value, &expect["simple"]["overall_att"], tolerance, "simple");
    close(overall.se().unwrap(), &expect["simple"]["overall_se"], tolerance, "simple");
    check_parts(&by_start(&found), &expect["group"], tolerance, "by start");
    check_parts(&by_period(&found), &expect["calendar"], tolerance, "by period");
    check_parts(&by_exposure(&found), &expect["dynamic"], tolerance, "by exposure");
    let test = pre_trends(&found).unwrap();
    close(test.statistic, &expect["W"][0][0], tolerance, "W");
    // The reference rounds its p to five digits.
    let p = expect["Wpval"][0][0].as_f64().unwrap();
    assert_eq!((test.p - p).abs() <= 5e-6, case.same_p, "{} and {p}", test.p);
}

#[test]
fn effects_compared_with_the_never_started_equal_the_reference() {
    check("mpdta_did_nevertreated_nocov.json", &Case::default());
}

#[test]
fn effects_compared_with_the_not_yet_started_equal_the_reference() {
    let settings = Settings { compare: Compare::NotYet, ..Settings::default() };
    check("mpdta_did_notyettreated_nocov.json", &Case { settings, ..Case::default() });
}

#[test]
fn effects_from_a_universal_base_equal_the_reference() {
    let settings = Settings { base: Base::Universal, ..Settings::default() };
    check("mpdta_did_nevertreated_nocov_universal.json", &Case { settings, ..Case::default() });
}

#[test]
fn effects_with_anticipation_equal_the_reference() {
    let settings = Settings { anticipation: 1, ..Settings::default() };
    check("mpdta_did_nevertreated_nocov_anticip1.json", &Case { settings, ..Case::default() });
}

/// The reference stops its logit within some 1e-8 of the answer, which influences feel.
#[test]
fn effects_allowing_for_a_covariate_equal_the_reference() {
    for (name, compare) in [("nevertreated", Compare::Never), ("notyettreated", Compare::NotYet)] {
        for (method, adjust, tolerance) in
            [("dr", Adjust::Dr, 1e-6), ("ipw", Adjust::Ipw, 1e-6), ("reg", Adjust::Reg, 1e-8)]
        {
            let settings = Settings { compare, adjust, ..Settings::default() };
            let columns = Columns { covariates: &["lpop"], ..columns() };
            let file = format!("mpdta_did_{name}_{method}_lpop.json");
            check(&file, &Case { columns, settings, tolerance, ..Case::default() });
        }
    }
}

#[test]
fn effects_of_weighted_units_equal_the_reference() {
    let columns = Columns { weight: Some("popw"), ..columns() };
    check("mpdta_did_nevertreated_nocov_weighted_explpop.json", &Case { columns, ..Case::default() });
}

/// Below 40 clusters the joint test is Hotelling's here, chi-square there.
#[test]
fn errors_by_cluster_equal_the_reference() {
    let columns = Columns { cluster: Some("state"), ..columns() };
    let case = Case { columns, same_p: false, ..Case::default() };
    check("mpdta_did_nevertreated_nocov_cluster_state.json", &case);
}

#[test]
fn means_of_whoever_was_seen_equal_the_reference() {
    let settings = Settings { seen: Seen::InEither, ..Settings::default() };
    let case = Case { data: "mpdta_unbalanced.csv", settings, ..Case::default() };
    check("mpdta_unbalanced_did_nevertreated_nocov.json", &case);
}

/// Without units every row stands for itself.
#[test]
fn repeated_cross_sections_equal_the_reference() {
    let settings = Settings { seen: Seen::InEither, ..Settings::default() };
    let columns = Columns { unit: "", ..columns() };
    check("mpdta_did_nevertreated_nocov_rcs.json", &Case { columns, settings, ..Case::default() });
    let columns = Columns { covariates: &["lpop"], ..columns };
    let case = Case { columns, settings, tolerance: 1e-6, ..Case::default() };
    check("mpdta_did_nevertreated_dr_lpop_rcs.json", &case);
}
