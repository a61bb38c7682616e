use serde_json::Value;

use super::*;
use crate::effect::tests::dense::{Traits, play};
use crate::effect::tests::reference::{folder, mpdta};
use crate::effect::tests::{RollOut, panel_of};
use crate::effect::two_way;
use crate::uncertainty::Level;

/// Reference: R bacondecomp 0.1.3. Both in doubles, by other routes.
#[track_caller]
fn close(found: f64, expect: &Value) {
    let expect = expect.as_f64().unwrap();
    assert!((found - expect).abs() <= 1e-8 * expect.abs().max(1e-3), "{found} is not {expect}");
}

#[test]
fn comparisons_and_weights_equal_the_reference() {
    let Some(folder) = folder() else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect: Value =
        serde_json::from_slice(&std::fs::read(folder.join("mpdta_bacon_lemp.json")).unwrap()).unwrap();
    let found = bacon(&mpdta(&folder)).unwrap();
    close(found.coefficient, &expect["twfe"]);
    let two_by_twos = expect["two_by_twos"].as_array().unwrap();
    assert_eq!(found.comparisons.len(), two_by_twos.len());
    for expect in two_by_twos {
        let control = expect["untreated"].as_i64().map(Period::Number).map_or(Control::Never, Control::Start);
        let treated = Period::Number(expect["treated"].as_i64().unwrap());
        let own = |one: &&Comparison| one.treated == treated && one.control == control;
        let found = found.comparisons.iter().find(own).unwrap();
        close(found.estimate, &expect["estimate"]);
        close(found.weight, &expect["weight"]);
    }
    let kinds = [Kind::AgainstNotYet, Kind::AgainstStarted, Kind::AgainstNever];
    for (kind, expect) in kinds.into_iter().zip(expect["by_type"].as_array().unwrap()) {
        close(found.share(kind), &expect["weight"]);
        close(found.mean(kind).unwrap(), &expect["avg_estimate"]);
    }
    close(found.misleading_share(), &expect["by_type"][1]["weight"]);
}

/// With weights of units, units treated throughout, starts between periods: the parts make up the coefficient.
#[test]
fn the_parts_make_up_the_two_way_coefficient() {
    let starts: &[Option<i64>] = &[None, Some(3), Some(4), Some(6), Some(1), Some(0)];
    for (has_weights, starts) in [(false, starts), (true, starts), (true, &starts[1..4])] {
        let panel = play(Traits { n_units: 31, starts, gaps: 0.0, has_weights, n_clusters: None }, 8);
        let (found, whole) = (bacon(&panel).unwrap(), two_way(&panel, Level::NINETY_FIVE).unwrap());
        assert!((found.coefficient - whole.coefficient.value).abs() < 1e-12, "{found:?} {whole:?}");
        let total: f64 = found.comparisons.iter().map(|one| one.weight).sum();
        assert!((total - 1.0).abs() < 1e-12);
        let always = found.comparisons.iter().filter(|one| one.control == Control::Always).count();
        assert_eq!(always, if starts.contains(&Some(1)) { 3 } else { 0 });
    }
}

#[test]
fn gaps_and_nothing_to_compare_are_refused() {
    let traits =
        Traits { n_units: 10, starts: &[None, Some(3)], gaps: 0.2, has_weights: false, n_clusters: None };
    assert!(matches!(bacon(&play(traits, 1)), Err(BaconRefused::Gaps { n_units: 1.. })));
    let all = RollOut { starts: vec![(Some(3), 4)], n_periods: 4, effect: 1.0 };
    assert_eq!(bacon(&panel_of(&all.play(1))), Err(BaconRefused::NothingToCompare));
}
