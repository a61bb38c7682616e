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

/// Every way to change one place of a JSON text, with the pointer to it: each value becomes another of its kind, each key
/// and each element is taken away, and each element is put twice.
fn every_change(json: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    leaves(json, String::new(), &mut places);
    let mut changed = Vec::new();
    for place in places {
        let mut other = json.clone();
        let value = other.pointer_mut(&place).unwrap();
        *value = match value.take() {
            Value::String(text) if text.parse::<Moment>().is_ok() => json!("2026-11-05T08:00:00Z"),
            Value::String(text) if text == "open" => json!("protected"),
            Value::String(text) if text == "protected" => json!("open"),
            Value::String(text) if text.len() == 64 && text.starts_with('0') => {
                json!(text.replacen('0', "1", 1))
            }
            Value::String(text) if text.len() == 64 => json!(format!("0{}", &text[1..])),
            Value::String(text) => json!(format!("{text}x")),
            Value::Number(number) if number.is_u64() => json!(number.as_u64().unwrap() + 1),
            Value::Number(number) => json!(number.as_f64().unwrap() / 2.0 + 0.01),
            other => other,
        };
        changed.push((place.clone(), other));
        let (parent, last) = place.rsplit_once('/').unwrap();
        let mut without = json.clone();
        let mut twice = json.clone();
        match (without.pointer_mut(parent).unwrap(), twice.pointer_mut(parent).unwrap()) {
            (Value::Object(map), _) => drop(map.remove(last)),
            (Value::Array(fewer), Value::Array(more)) => {
                let at: usize = last.parse().unwrap();
                fewer.remove(at);
                more.insert(at, more[at].clone());
                changed.push((place.clone(), twice));
            }
            _ => unreachable!("a leaf is in a map or a list"),
        }
        changed.push((place, without));
    }
    changed
}

fn leaves(json: &Value, place: String, places: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| leaves(inner, format!("{place}/{key}"), places))
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                leaves(inner, format!("{place}/{at}"), places);
            }
        }
        _ => places.push(place),
    }
}

/// Parts that no hash binds (the slots where one more changes nobody's lot): beside the published record alone can a change
/// of them be found.
const UNBOUND: [&str; 8] = ["change", "wave", "opened", "closed", "drawn", "when", "slots", "overrides"];

#[test]
fn whatever_is_changed_is_found_and_beside_the_published_record_named() {
    let json: Value = serde_json::from_str(&full().to_json()).unwrap();
    let (mut n_unreadable, mut n_found, mut n_beside) = (0, 0, 0);
    for (place, changed) in every_change(&json) {
        assert_ne!(changed, json, "{place}");
        let key = place.split('/').nth(1).unwrap();
        let Ok(record) = Record::parse(&changed.to_string()) else {
            n_unreadable += 1;
            continue;
        };
        match verify(&record) {
            Err(_) => n_found += 1,
            Ok(_) => {
                n_beside += 1;
                let is_unbound = UNBOUND.contains(&key) || place.ends_with("/when");
                assert!(is_unbound, "{place} was changed, and the record still holds: {changed}");
            }
        }
        let beside = as_published(&record, &full()).expect_err(&place).to_string();
        assert_eq!(beside, format!("`{key}` is not what the published record says"), "{place}");
    }
    assert!(n_unreadable > 50 && n_found > 100 && n_beside > 5, "{n_unreadable} {n_found} {n_beside}");
}

#[test]
fn an_older_copy_may_lack_the_newest_overrides_and_nothing_else() {
    let mut older = full();
    older.overrides.clear();
    assert_eq!(as_published(&older, &full()), Ok(()));
    assert_eq!(as_published(&full(), &older), Err(Flaw::NotAsPublished { key: "overrides" }));
    assert_eq!(as_published(&full(), &full()), Ok(()));
}
