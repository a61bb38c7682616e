//! Equality with R staggered 1.2.3 on the police training panel: 7,785 officers, 72 months, 48 starts.
//!
//! The values for beta zero and the permutation test come from a separate computation with the published formulas, as
//! the package fails there.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::*;
use crate::panel::{self, Columns, Unbalanced};
use crate::uncertainty::permutation::{Redraws, Tried};

const COLUMNS: Columns<'_> = Columns {
    unit: "unit",
    period: "period",
    outcome: "sustained",
    start: "start",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &[],
};

/// The police panel and the reference results, if they are there.
fn police() -> Option<&'static (Panel, Value)> {
    static READ: OnceLock<Option<(Panel, Value)>> = OnceLock::new();
    let read = |folder: &Path| {
        let table = std::fs::read(folder.join("../data/police_training.csv")).unwrap();
        let results = std::fs::read(folder.join("police_training_efficient.json")).unwrap();
        let panel = panel::read(table.as_slice(), &COLUMNS, Unbalanced::Keep).unwrap();
        (panel, serde_json::from_slice(&results).unwrap())
    };
    let found = READ.get_or_init(|| {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
        let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
        folder.is_dir().then(|| read(&folder))
    });
    if found.is_none() {
        println!("SKIPPED: no folder of reference results beside the project");
    }
    found.as_ref()
}

/// Both were computed in doubles; sums in another order differ by some 1e-13.
#[track_caller]
fn close(found: f64, expect: &Value, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= 1e-8 * expect.abs(), "{what}: {found} is not {expect}");
}

#[track_caller]
fn check_one(found: &Sharpened, expect: &Value, what: &str) {
    close(found.effect.value, &expect["estimate"], what);
    close(found.effect.se().unwrap(), &expect["se"], what);
    close(found.se_neyman.unwrap(), &expect["se_neyman"], what);
    if !expect["beta_star"].is_null() {
        close(found.beta, &expect["beta_star"], what);
    }
}

#[track_caller]
fn check(case: &str, settings: EfficientSettings) {
    let Some((panel, reference)) = police() else { return };
    let found = efficient(panel, &settings).unwrap();
    let expect = &reference["results"][case];
    check_one(&found.simple, &expect["simple"], "simple");
    check_one(&found.by_start.overall, &expect["cohort"], "by start");
    check_one(&found.by_period.overall, &expect["calendar"], "by period");
    let empty = Vec::new();
    for expect in expect["eventstudy"].as_array().unwrap_or(&empty) {
        let exposure = expect["eventTime"].as_i64().unwrap();
        let (_, part) = found.by_exposure.each.iter().find(|(at, _)| *at == exposure).unwrap();
        check_one(part, expect, &format!("exposure {exposure}"));
    }
    let joint = &found.exposure_covariance;
    let first = joint.exposures.iter().position(|exposure| *exposure == 0).unwrap();
    for (key, ours) in [("eventstudy_vcv", &joint.adjusted), ("eventstudy_vcv_neyman", &joint.neyman)] {
        for (i, row) in expect[key].as_array().unwrap_or(&empty).iter().enumerate() {
            for (j, expect) in row.as_array().unwrap().iter().enumerate() {
                close(ours[first + i][first + j], expect, key);
            }
        }
    }
}

#[test]
fn the_best_beta_equals_the_reference() {
    check("efficient", EfficientSettings::default());
}

#[test]
fn mean_changes_compared_with_the_not_yet_started_equal_the_reference() {
    check("cs_beta1", settings(Beta::One, Compare::NotYet));
}

#[test]
fn mean_changes_compared_with_the_last_to_start_equal_the_reference() {
    check("sa_beta1", settings(Beta::One, Compare::Never));
}

#[test]
fn differences_of_means_equal_the_reference() {
    check("beta0_numpy", settings(Beta::Zero, Compare::NotYet));
}

#[test]
fn the_starts_are_counted_as_in_the_reference() {
    let Some((panel, reference)) = police() else { return };
    let found = efficient(panel, &EfficientSettings::default()).unwrap();
    let sizes = reference["cohort_sizes"].as_object().unwrap();
    assert_eq!(found.starts.len(), sizes.len());
    for (start, n) in &found.starts {
        assert_eq!(sizes[&start.unwrap().to_string()].as_u64(), Some(*n as u64));
    }
    assert!(found.lone_starts.is_empty());
}

/// 20,000 deals each: the difference of two such shares has a standard error below 0.005, and 0.015 is three of them.
#[test]
fn permutation_agrees_with_the_reference_within_chance() {
    let Some((panel, reference)) = police() else { return };
    let expect = &reference["fisher_numpy_simple"];
    let near = |found: f64, key: &str| {
        let expect = expect[key].as_f64().unwrap();
        assert!((found - expect).abs() <= 0.015, "{key}: {found} is not {expect}");
    };
    let test = |beta| {
        permute_starts(panel, &settings(beta, Compare::NotYet), Estimand::Simple, Redraws::default()).unwrap()
    };
    let best = test(Beta::Best);
    near(best.p, "p_efficient_studentised_neyman");
    near(best.p_of_difference, "p_efficient_unstudentised");
    near(test(Beta::Zero).p_of_difference, "p_beta0_unstudentised");
    near(test(Beta::One).p, "p_cs_beta1_studentised_neyman(all cohorts, first not dropped)");
    let Tried::Sample { se_of_p, .. } = best.tried else { panic!("{best:?}") };
    near(se_of_p, "mc_se_at_p");
}
