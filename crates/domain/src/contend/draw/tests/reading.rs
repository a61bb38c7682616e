//! What is not a record is refused with line and column, and nothing in it is guessed.

use super::*;
use serde_json::{Value, json};

fn written() -> String {
    record(six(), &BTreeSet::new(), slots(3), secret(1)).unwrap().to_json()
}

#[track_caller]
fn check(json: &str, line: usize, says: &str) {
    let unreadable = Record::parse(json).unwrap_err();
    assert_eq!(unreadable.line, line, "{unreadable}");
    assert!(unreadable.what.contains(says), "{unreadable}");
}

#[test]
fn what_is_written_has_the_keys_of_the_schema() {
    let json: Value = serde_json::from_str(&written()).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    let mut expected =
        "schema change wave opened closed drawn commitment secret public list list_hash withdrawn \
         slots seed order granted waiting probability overrides"
            .split_whitespace()
            .map(String::from)
            .collect::<Vec<_>>();
    // `serde_json` reads keys sorted unless told otherwise; the set is what matters.
    expected.sort();
    let mut keys = keys;
    keys.sort();
    assert_eq!(keys, expected);
    assert_eq!(json["change"], Value::Null);
    assert_eq!(json["list"][0], json!({"number": 1, "unit": "ash", "band": 1, "layer": 0, "place": "open"}));
}

#[test]
fn the_place_of_the_trouble_is_told() {
    check("", 1, "EOF");
    check("{\n  \"schema\": \"traction.draw/2\"}", 2, "the schema is `traction.draw/2`");
    check("[1, 2]", 1, "a record has the keys of traction.draw/1");
    let n_lines = written().lines().count();
    check(&written().replacen("\"slots\": 3,", "", 1), n_lines, "missing field `slots`");
}

#[test]
fn added_and_doubled_keys_are_refused() {
    check(&written().replacen("{", "{\"note\": 1,", 1), 1, "unknown field `note`");
    check(
        &written().replacen("\"slots\": 3,", "\"slots\": 3, \"slots\": 4,", 1),
        57,
        "duplicate field `slots`",
    );
}

#[test]
fn values_of_the_wrong_kind_are_refused() {
    let swap = |from: &str, to: &str| {
        let text = written();
        assert!(text.contains(from), "{from}");
        Record::parse(&text.replacen(from, to, 1)).expect_err(to).what
    };
    assert!(swap("\"slots\": 3", "\"slots\": -3").contains("-3"));
    assert!(swap("\"slots\": 3", "\"slots\": 2.5").contains("2.5"));
    assert!(swap("\"slots\": 3", "\"slots\": 3, \"cap\": 0").contains("nonzero"));
    assert!(swap("\"open\"", "\"ajar\"").contains("ajar"));
    assert!(swap("\"opened\": null", "\"opened\": \"soon\"").contains("`soon` is not a moment"));
    assert!(swap("0101", "01XX").contains("64 digits"));
    let hash = record(six(), &BTreeSet::new(), slots(3), secret(1)).unwrap().seed.to_string();
    assert!(swap(&hash, &hash.to_uppercase()).contains("64 digits"));
    assert!(swap(&hash, &hash[1..]).contains("64 digits"));
    assert!(swap("\"elm\": 0.5", "\"elm\": 0.5, \"elm\": 0.5").contains("`elm` has two probabilities"));
}

#[test]
fn probabilities_are_read_back_to_the_last_bit() {
    let eleven = ('a'..='k').map(|letter| open(&letter.to_string(), 1, 0)).collect();
    let written = record(eleven, &BTreeSet::new(), slots(4), secret(1)).unwrap().to_json();
    let read = Record::parse(&written).unwrap();
    assert_eq!(read.probability["a"].to_bits(), (4.0_f64 / 11.0).to_bits());
    assert_eq!(read.to_json(), written);
}
