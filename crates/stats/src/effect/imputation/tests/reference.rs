//! Equality with R didimputation 0.5.0 on the minimum-wage panel: 500 counties, 2003 to 2007.

use serde_json::Value;

use super::*;
use crate::effect::tests::reference::{folder, mpdta};

/// The reference demeans iteratively: exact least squares differs from it by some 1e-9, absolutely, of effects of 0.03.
#[track_caller]
fn close(found: f64, expect: &Value, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= 1e-8, "{what}: {found} is not {expect}");
}

#[test]
fn imputed_effects_and_leads_equal_the_reference() {
    let Some(folder) = folder() else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect = std::fs::read(folder.join("mpdta_bjs_nocov.json")).unwrap();
    let expect: Value = serde_json::from_slice(&expect).unwrap();
    let found = imputation(&mpdta(&folder), &ImputationSettings::default()).unwrap();
    close(found.overall.value, &expect["static"][0]["estimate"], "overall");
    close(found.overall.se().unwrap(), &expect["static"][0]["std.error"], "its error");
    let parts: Vec<_> = found.leads.iter().chain(&found.by_exposure.each).collect();
    let study = expect["event_study_with_pretrends"].as_array().unwrap();
    assert_eq!(parts.len(), study.len());
    for (part, expect) in parts.iter().zip(study) {
        assert_eq!(expect["term"], part.at.to_string());
        close(part.effect.value, &expect["estimate"], "effect");
        close(part.effect.se().unwrap(), &expect["std.error"], "error");
    }
    // 2209 untreated observations; five period effects and three leads.
    let SmallSample { n_clusters, n_observations, n_parameters } = found.small_sample;
    assert_eq!((n_clusters, n_observations, n_parameters), (500, 2209, 8));
}
