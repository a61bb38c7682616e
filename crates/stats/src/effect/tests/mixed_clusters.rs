//! Clusters that hold units of several starts: nothing is refused that can be told.

use super::*;
use crate::effect::{imputation, interaction, two_way};
use crate::uncertainty::{Estimate, Spread, WhyUnknown};

/// Thirty units of each of three starts, and thirty that never start.
fn rows() -> Vec<Made> {
    let starts = vec![(Some(4), 30), (Some(5), 30), (Some(6), 30), (None, 30)];
    RollOut { starts, n_periods: 7, effect: 1.0 }.play(21)
}

/// Forty clusters of three: the first of units of the first start alone, all others mixed.
fn cluster(unit: &str) -> usize {
    let (group, i) = unit.split_once('-').unwrap();
    let (group, i): (usize, usize) = (group.parse().unwrap(), i.parse().unwrap());
    if group == 0 && i < 3 { 0 } else { 1 + (4 * (if group == 0 { i - 3 } else { i }) + group) % 39 }
}

fn panel(cluster: impl Fn(&str) -> usize) -> Panel {
    panel_with(&rows(), &[], |row| Besides {
        cluster: Some(cluster(&row.0).to_string()),
        ..Besides::default()
    })
}

fn estimates(panel: &Panel) -> [(&'static str, Estimate); 3] {
    [
        ("imputation", imputation(panel, &Default::default()).unwrap().overall),
        ("interaction-weighted", interaction(panel, &Default::default()).unwrap().overall),
        ("two-way", two_way(panel, Default::default()).unwrap().coefficient),
    ]
}

/// Two units change places between clusters, where each start stands in many: the answer hardly changes.
#[test]
fn a_cluster_that_happens_to_hold_one_start_takes_no_answer_away() {
    let swapped = |unit: &str| match unit {
        "0-0" => cluster("3-0"),
        "3-0" => cluster("0-0"),
        other => cluster(other),
    };
    for ((name, pure), (_, mixed)) in estimates(&panel(cluster)).iter().zip(estimates(&panel(swapped))) {
        let [pure, mixed] = [pure, &mixed].map(|estimate| estimate.interval().unwrap());
        let ratio = pure.se_used / mixed.se_used;
        assert!((0.8..1.25).contains(&ratio), "{name}: {pure:?} {mixed:?}");
    }
}

/// A start whose units are all in one cluster has no spread among clusters; effects of the others have.
#[test]
fn a_start_inside_one_cluster_is_refused_by_its_name_only() {
    let panel = panel(|unit| if unit.starts_with("0-") { 0 } else { cluster(unit) + 100 });
    for (name, estimate) in estimates(&panel) {
        assert_eq!(estimate.spread, Spread::Unknown(WhyUnknown::InOneCluster), "{name}");
    }
    let by_start = imputation(&panel, &Default::default()).unwrap().by_start.each;
    let known: Vec<bool> = by_start.iter().map(|part| part.effect.interval().is_some()).collect();
    assert_eq!(known, [false, true, true]);
}
