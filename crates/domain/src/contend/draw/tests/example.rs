//! The worked example, and small cases whose answer is plain.

use super::*;

/// Where the reference numbers stand beside the project, if they do.
fn reference(file: &str) -> Option<serde_json::Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference");
    let folder = std::env::var("TRACTION_REFERENCE").unwrap_or(beside.into());
    match std::fs::read_to_string(format!("{folder}/{file}")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("SKIPPED: {file} is not in {folder}; set TRACTION_REFERENCE to the folder that has it");
            None
        }
    }
}

fn texts(list: &serde_json::Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Reference: draw_example.json, computed by an independent program. Tolerance: none.
#[test]
fn the_worked_example_comes_out() {
    let Some(expected) = reference("draw_example.json") else { return };
    let secret = Secret::from_hex(expected["secret_hex"].as_str().unwrap()).unwrap();
    let terms = slots(u32::try_from(expected["k"].as_u64().unwrap()).unwrap());
    let entrants = Entrants::new(six()).unwrap();
    let record =
        Record::new(Heading::default(), secret.clone(), vec![], &entrants, &BTreeSet::new(), terms).unwrap();

    assert_eq!(record.commitment.to_string(), expected["commitment_hex"].as_str().unwrap());
    assert_eq!(entrants.canonical(), expected["canonical_list"].as_str().unwrap());
    assert_eq!(record.list_hash.to_string(), expected["list_hash_hex"].as_str().unwrap());
    assert_eq!(record.seed.to_string(), expected["seed_hex"].as_str().unwrap());
    for ranked in &record.order {
        assert_eq!(ranked.score.to_string(), expected["scores"][&ranked.unit].as_str().unwrap());
    }
    let order: Vec<_> = record.order.iter().map(|ranked| ranked.unit.clone()).collect();
    assert_eq!(order, texts(&expected["order"]));
    assert_eq!(record.granted, texts(&expected["granted"]));
    assert_eq!(record.waiting, texts(&expected["waiting"]));
    assert_eq!(serde_json::json!(record.probability), expected["probability"]);

    let public = &expected["with_public_source"];
    let text = |key: &str| public[key].as_str().map(String::from);
    let source = PublicSource::new(text("name").unwrap(), None, text("value")).unwrap();
    let record =
        Record::new(Heading::default(), secret, vec![source], &entrants, &BTreeSet::new(), terms).unwrap();
    assert_eq!(record.seed.to_string(), text("seed_hex").unwrap());
    let order: Vec<_> = record.order.iter().map(|ranked| ranked.unit.clone()).collect();
    assert_eq!(order, texts(&public["order"]));
    assert!(verify(&record).is_ok());
}

/// The same example from numbers typed here, so that the format is held where the reference is absent.
#[test]
fn the_format_does_not_drift() {
    let secret = Secret::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let record = record(six(), &BTreeSet::new(), slots(3), secret).unwrap();
    assert_eq!(record.seed.to_string(), "69bb2052b1c218bf52986560202124b6360f950c720ba1f4a92ea3ce2b8ecadf");
    assert_eq!(record.granted, ["ash", "elm", "cedar"]);
    assert_eq!(record.waiting, ["birch", "fir", "oak"]);
}

#[test]
fn the_risk_set_is_the_tier_that_the_cut_goes_through() {
    let record = record(six(), &BTreeSet::new(), slots(3), secret(1)).unwrap();
    let members = ["birch", "cedar", "elm", "fir"].map(|unit| (unit.to_owned(), 0.5));
    assert_eq!(verify(&record).unwrap().risk_set(), Some(RiskSet { members: members.into() }));
}

#[test]
fn a_cut_between_tiers_leaves_nothing_to_chance() {
    let record = record(six(), &BTreeSet::new(), slots(5), secret(1)).unwrap();
    assert_eq!(verify(&record).unwrap().risk_set(), None);
    assert_eq!(record.probability["oak"], 0.0);
    assert_eq!(record.probability["fir"], 1.0);
}

#[test]
fn a_unit_somebody_decided_about_is_in_no_risk_set() {
    let record = record(six(), &BTreeSet::new(), slots(3), secret(1)).unwrap().with_override(Override {
        unit: "elm".into(),
        what: "granted".into(),
        who: "the change lead".into(),
        why: "moves house in May".into(),
        when: None,
    });
    let members = ["birch", "cedar", "fir"].map(|unit| (unit.to_owned(), 0.5));
    assert_eq!(verify(&record).unwrap().risk_set(), Some(RiskSet { members: members.into() }));
}

#[test]
fn without_slots_nobody_and_with_enough_everybody_is_granted() {
    let none = record(six(), &BTreeSet::new(), slots(0), secret(1)).unwrap();
    assert_eq!((none.granted.len(), none.waiting.len()), (0, 6));
    let all = record(six(), &BTreeSet::new(), slots(60), secret(1)).unwrap();
    assert_eq!((all.granted.len(), all.waiting.len()), (6, 0));
    assert!(all.probability.values().all(|share| *share == 1.0));
}

#[test]
fn the_withdrawn_keep_number_and_order_and_get_nothing() {
    let whole = record(six(), &BTreeSet::new(), slots(3), secret(1)).unwrap();
    let without = record(six(), &units(["ash", "elm"]), slots(3), secret(1)).unwrap();
    assert_eq!(whole.list_hash, without.list_hash);
    assert_eq!(whole.order, without.order);
    assert_eq!(without.granted.len(), 3);
    assert_eq!(without.waiting, ["oak"]);
    assert_eq!(without.probability["ash"], 0.0);
    assert_eq!(without.probability["fir"], 1.0);
}

#[test]
fn all_may_withdraw_and_the_record_says_so() {
    let all = units(["ash", "birch", "cedar", "elm", "fir", "oak"]);
    let record = record(six(), &all, slots(3), secret(1)).unwrap();
    assert!(record.granted.is_empty() && record.waiting.is_empty());
    assert!(verify(&record).is_ok());
}

#[test]
fn protected_places_come_first_and_take_from_the_slots() {
    let mut entries = six();
    entries.push(Entry { band: 9, ..protected("yew") });
    let record = record(entries, &BTreeSet::new(), slots(2), secret(1)).unwrap();
    assert_eq!(record.granted, ["yew", "ash"]);
    assert_eq!(record.probability["yew"], 1.0);
    assert_eq!(record.probability["elm"], 0.0);
}

#[test]
fn more_protected_places_than_slots_are_refused() {
    let entries = vec![protected("ash"), protected("elm"), open("oak", 1, 0)];
    let refused = DrawRefused::ProtectedExceedSlots { protected: 2, slots: 1 };
    assert_eq!(record(entries.clone(), &BTreeSet::new(), slots(1), secret(1)), Err(refused));
    assert!(record(entries, &units(["ash"]), slots(1), secret(1)).is_ok());
}

#[test]
fn a_capped_parent_is_passed_over_and_waits_in_its_place() {
    let mut entries = vec![below("north", "a"), below("north", "b"), below("north", "c")];
    entries.push(Entry { layer: 1, ..below("south", "d") });
    entries.push(Entry { layer: 1, parent: None, ..below("", "e") });
    let record = record(entries, &BTreeSet::new(), capped(3, 1), secret(1)).unwrap();
    assert_eq!(record.granted.len(), 3);
    assert!(record.granted.contains(&"d".into()) && record.granted.contains(&"e".into()));
    assert_eq!(record.waiting.len(), 2);
    // Each of the three has the same chance, up to the chance of the fixed seeds: 4 standard errors of 1/3 in 10,000.
    for unit in ["a", "b", "c"] {
        assert!((record.probability[unit] - 1.0 / 3.0).abs() < 4.0 * 0.00472);
    }
    assert_eq!(record.probability["d"], 1.0);
}

#[test]
fn an_empty_list_and_a_unit_twice_are_refused() {
    assert_eq!(Entrants::new(vec![]), Err(EntrantsRefused::NoEntrants));
    let twice = vec![open("elm", 1, 0), open("ash", 1, 0), open("elm", 2, 0)];
    assert_eq!(Entrants::new(twice), Err(EntrantsRefused::Twice { unit: "elm".into() }));
    assert_eq!(Entrants::new(vec![open("", 1, 0)]), Err(EntrantsRefused::Nameless));
}

#[test]
fn a_draw_waits_for_every_public_value() {
    let source = PublicSource::new("national lottery".into(), None, None).unwrap();
    let entrants = Entrants::new(six()).unwrap();
    let none = BTreeSet::new();
    let refused = Record::new(Heading::default(), secret(1), vec![source], &entrants, &none, slots(3));
    let no_value = SourceRefused::NoValue { name: "national lottery".into() };
    assert_eq!(refused, Err(DrawRefused::Source(no_value)));
}

#[test]
fn one_text_cannot_be_read_as_two_sources() {
    let value = Some("3\u{1E}weather\u{1F}rain".to_owned());
    assert!(matches!(PublicSource::new("lottery".into(), None, value), Err(SourceRefused::Separator { .. })));
}

/// RFC 8785, section 3.2.2.2: two-character escapes where they exist, `\u00xx` in lower case, nothing else.
#[test]
fn units_are_escaped_as_jcs_demands() {
    let entrants = Entrants::new(vec![open("\u{8}\t\n\u{c}\r\"\\/\u{1f}\u{7f}€\u{2028}😂", 1, 0)]).unwrap();
    let text = "[{\"band\":1,\"layer\":0,\"number\":1,\"place\":\"open\",\"unit\":\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\u{7f}€\u{2028}😂\"}]";
    assert_eq!(entrants.canonical(), text);
}

#[test]
fn the_list_is_sorted_by_bytes() {
    let list = Entrants::new(["b", "B", "é", "a-b", "a.b", "a"].map(|unit| open(unit, 1, 0)).into()).unwrap();
    let order: Vec<_> = list.entries().iter().map(|entry| entry.unit.as_str()).collect();
    assert_eq!(order, ["B", "a", "a-b", "a.b", "b", "é"]);
}

#[test]
fn a_secret_does_not_show_in_debug() {
    assert_eq!(format!("{:?}", secret(7)), "Secret(hidden)");
}
