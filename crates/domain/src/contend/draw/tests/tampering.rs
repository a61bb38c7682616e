//! Whatever is changed in a record is found, and named.

use super::*;
use serde_json::{Value, json};

/// A record with everything in it: public source, withdrawn unit, protected place, cap, override, times.
fn full() -> Record {
    let mut entries: Vec<_> =
        six().into_iter().map(|entry| Entry { parent: Some("grove".into()), ..entry }).collect();
    entries.push(protected("yew"));
    entries.push(open("zelkova", 1, 1));
    let at = |text: &str| Some(text.parse().unwrap());
    let heading = Heading {
        change: Some("shade".into()),
        wave: Some("spring".into()),
        opened: at("2026-11-01T08:00:00Z"),
        closed: at("2026-11-30T17:00:00Z"),
        drawn: at("2026-12-02T09:00:00Z"),
    };
    let source = PublicSource::new(
        "national lottery".into(),
        Some("2026-12-01".into()),
        Some("3 9 14 27 33 41".into()),
    );
    let entrants = Entrants::new(entries).unwrap();
    let public = vec![source.unwrap()];
    Record::new(heading, secret(1), public, &entrants, &units(["birch"]), capped(4, 2))
        .unwrap()
        .with_override(Override {
            unit: "oak".into(),
            what: "granted".into(),
            who: "the change lead".into(),
            why: "its roof is open".into(),
            when: at("2026-12-03T09:00:00Z"),
        })
}

/// Changes the record's JSON and returns the sentence of the flaw that is found.
#[track_caller]
fn flaw(tamper: impl FnOnce(&mut Value)) -> String {
    let mut json: Value = serde_json::from_str(&full().to_json()).unwrap();
    let before = json.clone();
    tamper(&mut json);
    assert_ne!(json, before, "the test must change something");
    let record = Record::parse(&json.to_string()).unwrap();
    verify(&record).expect_err("the change must be found").to_string()
}

#[track_caller]
fn check(key: &str, tamper: impl FnOnce(&mut Value)) {
    let sentence = flaw(tamper);
    assert!(sentence.starts_with(&format!("`{key}`")), "{key} should be named, but: {sentence}");
}

fn some_hash() -> Value {
    json!("ab".repeat(32))
}

#[test]
fn the_untouched_record_holds() {
    let record = Record::parse(&full().to_json()).unwrap();
    assert_eq!(record, full());
    assert!(verify(&record).is_ok());
}

#[test]
fn hashes_and_the_secret_are_recomputed() {
    check("commitment", |json| json["commitment"] = some_hash());
    check("commitment", |json| json["secret"] = some_hash());
    check("list_hash", |json| json["list_hash"] = some_hash());
    check("seed", |json| json["seed"] = some_hash());
    check("order", |json| json["order"][2]["score"] = some_hash());
}

#[test]
fn public_values_are_part_of_the_seed() {
    check("seed", |json| json["public"][0]["value"] = json!("3 9 14 27 33 42"));
    check("seed", |json| json["public"][0]["name"] = json!("national Lottery"));
    check("seed", |json| json["public"] = json!([]));
    let twice = flaw(|json| {
        let source = json["public"][0].clone();
        json["public"].as_array_mut().unwrap().push(source);
    });
    assert!(twice.starts_with("`seed`"));
    let missing = flaw(|json| json["public"][0]["value"] = Value::Null);
    assert!(missing.contains("`national lottery` has no value yet"), "{missing}");
}

#[test]
fn a_secret_with_its_own_commitment_still_gives_another_seed() {
    check("seed", |json| {
        json["secret"] = json!("02".repeat(32));
        json["commitment"] = json!(secret(2).commitment().to_string());
    });
}

#[test]
fn the_list_is_frozen() {
    check("list_hash", |json| json["list"][3]["band"] = json!(0));
    check("list_hash", |json| json["list"][3]["layer"] = json!(7));
    check("list_hash", |json| json["list"][3]["place"] = json!("protected"));
    check("list_hash", |json| json["list"][3]["parent"] = json!("heath"));
    check("list_hash", |json| json["list"][3]["unit"] = json!("elmo"));
    check("list_hash", |json| drop(json["list"].as_array_mut().unwrap().pop()));
    check("list", |json| drop(json["list"].as_array_mut().unwrap().remove(0)));
    check("list", |json| json["list"] = json!([]));
    check("list", |json| json["list"][3]["number"] = json!(3));
    check("list", |json| json["list"].as_array_mut().unwrap().swap(0, 1));
    check("list", |json| {
        let again = json["list"][0].clone();
        json["list"].as_array_mut().unwrap().insert(1, again);
    });
    check("list", |json| json["list"][0]["unit"] = json!(""));
}

#[test]
fn a_cap_cannot_be_taken_away_or_lowered() {
    check("list", |json| drop(json.as_object_mut().unwrap().remove("cap")));
    let sentence = flaw(|json| json["cap"] = json!(1));
    assert!(sentence.starts_with("`granted`") || sentence.starts_with("`waiting`"), "{sentence}");
}

#[test]
fn order_grants_and_waiting_are_recomputed() {
    check("order", |json| json["order"].as_array_mut().unwrap().swap(1, 2));
    check("order", |json| drop(json["order"].as_array_mut().unwrap().pop()));
    check("order", |json| json["order"][0]["unit"] = json!("nobody"));
    check("granted", |json| drop(json["granted"].as_array_mut().unwrap().pop()));
    check("granted", |json| json["granted"].as_array_mut().unwrap().push(json!("oak")));
    check("granted", |json| {
        let (granted, waiting) = (json["granted"][2].clone(), json["waiting"][0].clone());
        json["granted"][2] = waiting;
        json["waiting"][0] = granted;
    });
    check("waiting", |json| json["waiting"].as_array_mut().unwrap().reverse());
    check("waiting", |json| drop(json["waiting"].as_array_mut().unwrap().pop()));
}

#[test]
fn capacity_and_withdrawals_must_fit_the_grants() {
    check("granted", |json| json["slots"] = json!(3));
    check("granted", |json| json["slots"] = json!(1));
    let protected = flaw(|json| json["slots"] = json!(0));
    assert!(protected.contains("fewer slots (0) than protected places (1)"), "{protected}");
    check("withdrawn", |json| json["withdrawn"] = json!(["birch", "birch"]));
    let unknown = flaw(|json| json["withdrawn"] = json!(["nobody"]));
    assert!(unknown.contains("`nobody` is withdrawn but not on the list"), "{unknown}");
    let forgotten = flaw(|json| json["withdrawn"] = json!([]));
    assert!(forgotten.starts_with("`granted`") || forgotten.starts_with("`waiting`"), "{forgotten}");
}

#[test]
fn probabilities_are_recomputed() {
    check("probability", |json| json["probability"]["elm"] = json!(0.9));
    check("probability", |json| json["probability"]["birch"] = json!(0.5));
    check("probability", |json| drop(json["probability"].as_object_mut().unwrap().remove("elm")));
    check("probability", |json| json["probability"]["nobody"] = json!(0.0));
}

#[test]
fn fewer_printed_digits_are_not_a_flaw() {
    let mut json: Value = serde_json::from_str(&full().to_json()).unwrap();
    json["probability"]["elm"] = json!(json["probability"]["elm"].as_f64().unwrap() + 4e-10);
    assert!(verify(&Record::parse(&json.to_string()).unwrap()).is_ok());
}

#[test]
fn times_run_forward_and_overrides_have_reasons() {
    check("closed", |json| json["drawn"] = json!("2026-11-30T16:59:59Z"));
    check("opened", |json| json["closed"] = json!("2026-10-30T16:59:59Z"));
    check("overrides", |json| json["overrides"][0]["why"] = json!(" "));
}

#[test]
fn an_override_of_a_unit_that_is_not_on_the_list_is_found() {
    let nobody = flaw(|json| json["overrides"][0]["unit"] = json!("nobody"));
    assert_eq!(nobody, "`overrides`: the decision is on `nobody`, which is not on the list");
}
