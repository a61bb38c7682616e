//! From panel and draws to a record, by each method.

use super::*;
use crate::contend::draw::{Record, Slots};

pub(super) fn wish(method: Method) -> Wish {
    Wish { method: Some(method), ..Wish::default() }
}

fn many() -> Panel {
    panel(&[(Some(3), 8, -4.0), (Some(4), 7, -4.0), (Some(5), 6, -4.0), (None, 12, 0.0)])
}

/// The effect put in is 4 hours less; the wobble is far smaller.
#[test]
fn every_method_for_many_units_finds_what_was_put_in_and_says_what_it_compares_with() {
    for (method, says) in [
        (Method::GroupTime, "compared with the 12 units that never started"),
        (Method::Imputation, "compared with what units that started later or never (12) lead one to expect"),
        (Method::Efficient, "provided that who started when was as good as drawn by lot"),
        (Method::Interaction, "compared with the 12 units that never started"),
    ] {
        let found = prove(&Material::of(&many()), "", &wish(method), &question());
        assert_eq!(found.verdict.kind, Kind::Works, "{method:?}: {}", found.verdict.says);
        assert!(found.verdict.says.contains(says), "{method:?}: {}", found.verdict.says);
        let effects = found.effects.unwrap();
        assert!((effects.overall.value + 4.0).abs() < 0.5, "{method:?}: {}", effects.overall.value);
        assert!(!effects.group_time.is_empty() && effects.by_exposure.is_some(), "{method:?}");
    }
}

#[test]
fn two_way_regression_is_a_warning_with_its_parts_and_no_verdict() {
    let found = prove(&Material::of(&many()), "", &wish(Method::TwoWay), &question());
    assert_eq!(found.verdict.kind, Kind::CannotTell);
    assert!(found.verdict.says.contains("a warning and no answer"), "{}", found.verdict.says);
    let pairs = found.effects.unwrap().two_by_two;
    assert!((pairs.iter().map(|pair| pair.weight).sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(pairs.iter().any(|pair| pair.kind == "later against already started"));
}

/// Three of forty start, as good as drawn: by formula or dealt again, what is said goes with its p-value.
#[test]
fn with_a_handful_started_at_random_interval_p_and_verdict_agree() {
    for (effect, is_claimed) in [(-9.0, true), (0.0, false)] {
        let panel = panel(&[(Some(4), 3, effect), (None, 37, 0.0)]);
        for inference in [Inference::Analytic, Inference::Permutation] {
            let wish = Wish { assignment: Assignment::Random, inference, ..Wish::default() };
            let found = prove(&Material::of(&panel), "", &wish, &question());
            assert_eq!(found.design.method, Method::Efficient);
            assert!(found.design.why.contains("some start has a handful of units"), "{}", found.design.why);
            let interval = found.effects.unwrap().overall.interval().unwrap();
            assert_eq!(
                found.verdict.kind == Kind::Works,
                is_claimed,
                "{inference:?}: {}",
                found.verdict.says
            );
            assert_eq!(interval.p <= 0.05, interval.high < 0.0 || interval.low > 0.0, "{interval:?}");
        }
    }
}

#[test]
fn a_lone_unit_is_told_how_weak_its_ground_is() {
    let found = prove(&Material::of(&long(1, 0, 20)), "", &Wish::default(), &question());
    assert_eq!(found.design.method, Method::Interrupted);
    assert!(found.design.why.contains("the weakest ground there is"), "{}", found.design.why);
    assert!(found.verdict.says.contains("which nothing here can test"), "{}", found.verdict.says);
}

#[test]
fn how_far_trends_may_part_is_found_where_it_is_asked() {
    let asked = Wish { sensitivity: Further::Asked, ..wish(Method::GroupTime) };
    let wide = panel(&[(Some(4), 20, -4.0), (None, 20, 0.0)]);
    let found = prove(&Material::of(&wide), "", &asked, &question());
    let sensitivity = found.sensitivity.unwrap();
    assert!(sensitivity.rows.len() >= 5);
    let check = found.checks.iter().find(|check| check.name == CheckName::Sensitivity).unwrap();
    assert!(check.says.contains("times the most they did"), "{}", check.says);
    let unasked = prove(&Material::of(&wide), "", &wish(Method::GroupTime), &question());
    assert!(unasked.sensitivity.is_none());
}

/// The draw of eight slots among twenty units of one tier.
pub(in crate::prove) fn eight_of_twenty() -> Record {
    let units: Vec<String> = (0..20).map(|n| format!("u{n:02}")).collect();
    super::draws::drawn(&units, Slots(8), 7)
}

/// Twenty units in one tier contend for eight slots from period 4 on; winners gain what was put in.
pub(in crate::prove) fn drawn() -> (Panel, Record) {
    let record = eight_of_twenty();
    let mut builder = PanelBuilder::new();
    for n in 0..20 {
        let unit = format!("u{n:02}");
        let won = record.granted.contains(&unit);
        for period in 1..=6 {
            let gain = if won && period >= 4 { -4.0 } else { 0.0 };
            let outcome = 10.0 + gain + ((n * n * 7 + period * period) as f64 * 0.37).sin();
            let start = won.then_some(Period::Number(4));
            builder
                .push(Row { line: 0, unit: &unit, period: Period::Number(period), outcome, start })
                .unwrap();
        }
    }
    (builder.finish(Unbalanced::Keep).unwrap(), record)
}

#[test]
fn a_recorded_draw_carries_the_claim_by_itself() {
    let (panel, record) = drawn();
    let draws = [DrawnWave { at: Period::Number(4), record: &record }];
    let found = prove(&Material { draws: &draws, ..Material::of(&panel) }, "", &Wish::default(), &question());
    assert_eq!((found.design.method, found.design.second), (Method::RiskSet, Some(Method::GroupTime)));
    assert_eq!(found.verdict.kind, Kind::Works, "{}", found.verdict.says);
    assert!(found.verdict.says.contains("in the units that got a slot"), "{}", found.verdict.says);
    assert!(found.verdict.says.contains("(20 units in 1 draw, of 20, 6 periods)"), "{}", found.verdict.says);
    assert!(!found.verdict.says.contains("provided that"), "{}", found.verdict.says);
    let names: Vec<CheckName> = found.checks.iter().map(|check| check.name).collect();
    assert!(names.contains(&CheckName::Balance) && names.contains(&CheckName::Permutation), "{names:?}");
    assert_eq!(found.second.unwrap().agrees, Some(true));
}

#[test]
fn a_draw_whose_slots_have_not_started_says_nothing_yet() {
    let (panel, record) = drawn();
    let draws = [DrawnWave { at: Period::Number(7), record: &record }];
    let found = prove(&Material { draws: &draws, ..Material::of(&panel) }, "", &Wish::default(), &question());
    assert_eq!(found.design.method, Method::GroupTime);
}

#[test]
fn a_tampered_record_voids_the_claim() {
    let (panel, mut record) = drawn();
    let swapped = record.waiting[0].clone();
    record.waiting[0] = std::mem::replace(&mut record.granted[0], swapped);
    let draws = [DrawnWave { at: Period::Number(4), record: &record }];
    let found = prove(&Material { draws: &draws, ..Material::of(&panel) }, "", &Wish::default(), &question());
    assert_eq!(found.verdict.kind, Kind::Refused);
    assert!(
        found.verdict.says.contains("the record of the draw for 4 does not hold"),
        "{}",
        found.verdict.says
    );
    assert!(found.effects.is_none());
}

#[test]
fn a_showcase_within_the_periods_is_said_aloud() {
    let check = |shown: &[Period]| {
        let panel = many();
        let material = Material { shown: Some(shown), ..Material::of(&panel) };
        let found = prove(&material, "", &Wish::default(), &question());
        found.checks.into_iter().find(|check| check.name == CheckName::Contamination).unwrap()
    };
    assert_eq!(check(&[Period::Number(2), Period::Number(9)]).held, Held::Yes);
    let shown = check(&[Period::Number(5)]);
    assert_eq!(shown.held, Held::No);
    assert!(shown.says.contains("published in 5"), "{}", shown.says);
}

/// Sixteen units of which eight start in period 3, with what stands beside each.
fn beside(cluster: impl Fn(usize) -> Option<String>, age: impl Fn(usize, i64) -> Option<f64>) -> Panel {
    let mut builder = PanelBuilder::with_covariates(&["age"]);
    for unit in 0..16 {
        for period in 1..=5 {
            let outcome = 10.0 + ((unit as i64 * 97 + period * 389) as f64).sin();
            let (label, start) = (format!("u{unit}"), (unit < 8).then_some(Period::Number(3)));
            let row = Row { line: 1, unit: &label, period: Period::Number(period), outcome, start };
            let (cluster, known) = (cluster(unit), [age(unit, period)]);
            let beside = Beside { cluster: cluster.as_deref(), covariates: &known, ..Beside::default() };
            builder.push_beside(row, &beside).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

#[test]
fn units_whose_covariates_are_not_always_known_are_counted() {
    let age = |unit: usize, period: i64| (unit % 8 > 1 || period != 2).then_some((unit * unit % 7) as f64);
    let found = prove(&Material::of(&beside(|_| None, age)), "", &wish(Method::GroupTime), &question());
    let left_out: Vec<_> = found.source.left_out.iter().map(|left| (left.what(), left.count)).collect();
    assert_eq!(left_out, [("units with covariates that are not always known", 4)]);
    let unused = prove(&Material::of(&beside(|_| None, age)), "", &wish(Method::Interaction), &question());
    assert_eq!(unused.source.left_out.last().map(|left| (left.what(), left.count)), Some(("covariate", 1)));
}

#[test]
fn a_start_that_lies_within_one_cluster_is_said_aloud() {
    let found = |cluster: fn(usize) -> Option<String>| {
        let panel = beside(cluster, |unit, _| Some((unit * unit % 7) as f64));
        let found = prove(&Material::of(&panel), "", &wish(Method::GroupTime), &question());
        found.checks.into_iter().find(|check| check.name == CheckName::UnitsPerStart)
    };
    let alone = found(|unit| Some(format!("house {}", if unit < 8 { 0 } else { unit }))).unwrap();
    assert!(alone.says.starts_with("All units that started in 3 are in one cluster;"), "{}", alone.says);
    assert_eq!(found(|unit| Some(format!("house {}", unit % 4))), None);
}

/// Who asks for the lot without naming a draw is told what is missing.
#[test]
fn risk_sets_without_a_draw_say_that_its_record_is_missing() {
    let found = prove(&Material::of(&many()), "", &wish(Method::RiskSet), &question());
    assert_eq!(found.verdict.kind, Kind::Refused);
    assert!(found.verdict.says.contains("give the draw's record"), "{}", found.verdict.says);
}

/// Where chance is dealt to clusters, it is clusters that the sentence counts, and of which more would settle it.
#[test]
fn clusters_count_where_units_share_their_fate_in_them() {
    let in_houses = |unit: usize| Some(format!("house {}", unit / 2));
    let panel = beside(in_houses, |unit, _| Some((unit * unit % 7) as f64));
    let small = Question { worth: 0.1, ..question() };
    for method in [Method::GroupTime, Method::Imputation, Method::Interaction] {
        let found = prove(&Material::of(&panel), "", &wish(method), &small);
        let says = &found.verdict.says;
        assert_eq!(found.verdict.kind, Kind::CannotTell, "{method:?}: {says}");
        assert!(says.contains("(16 units in 8 clusters, 5 periods)"), "{method:?}: {says}");
        assert!(
            says.contains("more clusters like these") && !says.contains("units like these"),
            "{method:?}: {says}"
        );
        let few = found.checks.iter().find(|check| check.name == CheckName::FewUnits).unwrap();
        assert!(few.says.starts_with("With 8 clusters, intervals follow"), "{method:?}: {}", few.says);
    }
}

/// A twin does not look at clusters, and nothing that is said of it does.
#[test]
fn clusters_that_a_method_does_not_look_at_count_for_nothing() {
    let mut builder = PanelBuilder::new();
    for unit in 0..25_i64 {
        for period in 1..=16_i64 {
            let outcome = (((unit * 97 + period * 389) as f64).sin() * 43_758.545_3).fract();
            let (label, start) = (format!("u{unit}"), (unit == 0).then_some(Period::Number(13)));
            let row = Row { line: 1, unit: &label, period: Period::Number(period), outcome, start };
            let house = format!("house {}", unit / 5);
            let beside = Beside { cluster: Some(&house), ..Beside::default() };
            builder.push_beside(row, &beside).unwrap();
        }
    }
    let panel = builder.finish(Unbalanced::Keep).unwrap();
    let found = prove(&Material::of(&panel), "", &wish(Method::Synthetic), &question());
    assert!(!found.verdict.says.contains("cluster"), "{}", found.verdict.says);
    let few = found.checks.iter().find(|check| check.name == CheckName::FewUnits).unwrap();
    assert!(few.says.starts_with("With 25 units, "), "{}", few.says);
    let unused: Vec<_> = found.source.left_out.iter().map(|left| (left.what(), left.count)).collect();
    assert!(unused.contains(&("units' clusters", 25)), "{unused:?}");
}

/// One start leaves no started unit to be compared with; a gap keeps the regression from being taken apart.
#[test]
fn two_way_regression_is_blamed_for_nothing_it_does_not_do() {
    let one = panel(&[(Some(4), 10, -4.0), (None, 12, 0.0)]);
    let mut gappy = PanelBuilder::new();
    for (row, label) in one.units().iter().enumerate() {
        let start = (row < 10).then_some(Period::Number(4));
        for (t, period) in one.periods().iter().enumerate().filter(|(t, _)| row != 15 || *t != 2) {
            let outcome = one.outcome(row, t).unwrap();
            gappy.push(Row { line: 1, unit: label, period: *period, outcome, start }).unwrap();
        }
    }
    for panel in [one, gappy.finish(Unbalanced::Keep).unwrap()] {
        let says = prove(&Material::of(&panel), "", &wish(Method::TwoWay), &question()).verdict.says;
        assert!(says.contains("it is one number for all starts and periods, and does not show"), "{says}");
        assert!(!says.contains("of its weight"), "{says}");
    }
    let many = prove(&Material::of(&many()), "", &wish(Method::TwoWay), &question()).verdict.says;
    assert!(
        many.contains("% of its weight compares units that start with units that had started already"),
        "{many}"
    );
}

/// The strongest of several effects before the start is often strong by chance: its p counts as often as there are.
#[test]
fn before_random_starts_the_strongest_effect_is_allowed_for_how_many_were_looked_at() {
    let parted = early(panel(&[(Some(3), 8, 0.8), (Some(4), 7, 0.8), (Some(5), 6, 0.8), (None, 12, 0.0)]));
    let found = prove(&Material::of(&parted), "", &wish(Method::Efficient), &question());
    let check = found.checks.iter().find(|check| check.name == CheckName::PreTrends).unwrap();
    let effects = found.effects.unwrap();
    let before = effects.by_exposure.unwrap().each.into_iter().filter(|part| part.at < 0);
    let p: Vec<f64> = before.filter_map(|part| Some(part.effect.interval()?.p)).collect();
    let strongest = p.iter().copied().fold(1.0, f64::min);
    assert!(p.len() > 1 && strongest > 0.0 && strongest * (p.len() as f64) < 1.0, "{p:?}");
    assert_eq!(check.test.unwrap().p, strongest * p.len() as f64);
}
