//! The record's shape, key by key, as programs rely on it: for every method, and for a refusal.

use serde_json::{Value, json};
use traction_domain::contend::draw::{Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};

use super::*;

/// The contract: what each key holds. One that ends with `?` may be absent; a list holds its one element over and over.
fn contract() -> Value {
    let estimate = |more: Value| {
        let mut all = json!({
            "estimate": "number", "se?": "number", "low?": "number", "high?": "number", "p?": "number",
            "se_used?": "number", "se_neyman?": "number", "df?": "number",
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let plain = estimate(json!({}));
    let summary = |each: Value| json!({ "overall": estimate(json!({})), "each": [each] });
    json!({
        "schema": "text", "traction": "text",
        "data": {
            "sha256": "text", "rows": "count", "units": "count", "periods": "count", "never": "count",
            "cohorts": [{ "start": "text", "units": "count" }],
            "effective_n?": { "all": "number", "never?": "number", "cohorts": [{ "start": "text", "n": "number" }] },
            "left_out": [{ "what": "text", "count": "count", "why": "text" }],
        },
        "question": { "outcome": "text", "measure?": "text", "worth": "number", "direction": "text" },
        "design": {
            "method": "text", "compare?": "text", "adjust?": "text", "covariates": ["text"], "base": "text",
            "anticipation": "count", "baseline?": "text", "beta?": "number", "inference": "text", "bootstrap?": "text", "band?": "text", "draws?": "count",
            "seed": "count", "level": "number", "exposure_in?": "text", "why": "text",
        },
        "group_time?": [estimate(json!({ "start": "text", "period": "text", "exposure": "number" }))],
        "overall?": plain,
        "by_start?": summary(estimate(json!({ "start": "text" }))),
        "by_period?": summary(estimate(json!({ "period": "text" }))),
        "by_exposure?": summary(estimate(json!({ "exposure": "number" }))),
        "two_by_two?": [{ "treated": "text", "control": "text", "kind": "text", "estimate": "number", "weight": "number" }],
        "weights?": [{ "unit": "text", "weight": "number" }],
        "sets?": [estimate(json!({
            "start": "text", "band": "number", "layer": "number", "winners": "count", "losers": "count", "share": "number",
        }))],
        "courses?": [{ "start": "text", "points": [{ "period": "text", "observed": "number", "expected": "number" }] }],
        "by_lot?": { "happened": "number", "first": "number", "step": "number", "counts": ["count"] },
        "second?": { "method": "text", "overall?": plain, "agrees?": "yes or no", "says": "text" },
        "checks": [{
            "name": "text", "holds?": "yes or no", "statistic?": "number", "df?": "count", "df_denominator?": "number",
            "p?": "number", "estimate?": "number", "low?": "number", "high?": "number", "says": "text",
        }],
        "sensitivity?": [{ "kind": "text", "m": "number", "low": "number", "high": "number" }],
        "verdict": { "kind": "text", "says": "text", "doubts?": ["text"] },
        "settings?": {
            "arguments": ["text"], "panel_sha256?": "text", "draws?": [{ "file": "text", "sha256": "text" }],
            "came": { "rows": "count", "absent": "count", "unseen": "count", "dropped": "count", "late": "count", "start_0?": "count" },
            "order?": "text",
        },
    })
}

/// Holds a value against what the contract says of it.
#[track_caller]
fn holds(value: &Value, contract: &Value, at: &str) {
    match contract {
        Value::Object(keys) => {
            let value = value.as_object().unwrap_or_else(|| panic!("{at} is no object: {value}"));
            for (key, contract) in keys {
                let name = key.trim_end_matches('?');
                match value.get(name) {
                    Some(value) => holds(value, contract, &format!("{at}.{name}")),
                    None => assert!(key.ends_with('?'), "{at} lacks {name}"),
                }
            }
            let is_known = |name: &String| keys.contains_key(name) || keys.contains_key(&format!("{name}?"));
            let strange: Vec<&String> = value.keys().filter(|name| !is_known(name)).collect();
            assert!(strange.is_empty(), "{at} has keys that the contract does not name: {strange:?}");
        }
        Value::Array(each) => {
            let values = value.as_array().unwrap_or_else(|| panic!("{at} is no list: {value}"));
            values.iter().enumerate().for_each(|(n, value)| holds(value, &each[0], &format!("{at}[{n}]")));
        }
        kind => {
            let is_right = match kind.as_str().unwrap() {
                "text" => value.as_str().is_some_and(|text| !text.is_empty()),
                "number" => value.is_number(),
                "count" => value.is_u64(),
                "yes or no" => value.is_boolean(),
                other => panic!("{other} is nothing the contract knows"),
            };
            assert!(is_right, "{at} is {value}, and should be a {kind}");
        }
    }
}

/// Twenty-five units over sixteen periods of which one starts in 13; the outcome moves by chance.
fn one_starts(n_units: usize) -> String {
    let mut text = String::from("unit,when,y,start\n");
    for unit in 0..n_units {
        for period in 1..=16_usize {
            let start = if unit == 0 { "13" } else { "" };
            let wobble = (((unit * 97 + period * 389) as f64).sin() * 43_758.545_3).fract();
            text.push_str(&format!("u{unit},{period},{},{start}\n", 10.0 + wobble));
        }
    }
    text
}

/// The record, held against the contract; and of the keys that some methods have, those that this one has.
fn shaped(table: &Table, more: &[&str]) -> (Value, Vec<&'static str>) {
    let record = table.record(more);
    holds(&record, &contract(), "record");
    assert_eq!(record["schema"], "traction.evidence/1");
    assert_eq!(record["traction"], env!("CARGO_PKG_VERSION"));
    let some = [
        "group_time",
        "by_start",
        "by_period",
        "by_exposure",
        "two_by_two",
        "weights",
        "sets",
        "courses",
        "by_lot",
    ];
    let has = some.into_iter().filter(|key| record.get(key).is_some()).collect();
    (record, has)
}

#[test]
fn every_methods_record_has_the_keys_that_the_contract_names() {
    let many = Table::of(&full());
    let effects = vec!["group_time", "by_start", "by_period", "by_exposure"];
    for (method, has) in [
        ("group-time", effects.clone()),
        ("imputation", effects.clone()),
        ("efficient", effects.clone()),
        ("interaction", effects),
        ("two-way", vec!["two_by_two"]),
    ] {
        let (record, found) = shaped(&many, &["--method", method, "--sensitivity"]);
        assert_eq!(found, has, "{method}");
        assert_eq!(record["design"]["method"], method);
        assert_eq!(
            record.get("sensitivity").is_some(),
            matches!(method, "group-time" | "interaction"),
            "{method}"
        );
        let overall = &record["overall"];
        let number = |name: &str| overall[name].as_f64().unwrap();
        assert!(
            number("low") < number("estimate") && number("estimate") < number("high"),
            "{method}: {overall}"
        );
        assert!(number("se") > 0.0 && (0.0..=1.0).contains(&number("p")), "{method}: {overall}");
    }
    for (method, has) in [
        ("synthetic", vec!["by_exposure", "weights", "courses"]),
        ("synthetic-control", vec!["by_exposure", "weights", "courses"]),
        ("interrupted", vec!["by_exposure", "courses"]),
    ] {
        let table = Table::of(&one_starts(if method == "interrupted" { 1 } else { 25 }));
        let (record, found) = shaped(&table, &["--method", method]);
        assert_eq!(found, has, "{method}");
        assert!(record["overall"]["low"].as_f64() < record["overall"]["high"].as_f64(), "{method}");
    }
}

/// Periods before the start are among the numbers; the universal base is 0 there and has no error.
#[test]
fn numbers_include_what_came_before_the_start() {
    let table = Table::of(&full());
    for base in ["varying", "universal"] {
        let (record, _) = shaped(&table, &["--method", "group-time", "--base", base]);
        let each = record["by_exposure"]["each"].as_array().unwrap();
        let at = |exposure: i64| each.iter().find(|part| part["exposure"] == exposure).unwrap();
        assert!(each[0]["exposure"].as_i64().unwrap() < 0 && at(0)["se"].is_number());
        assert_eq!(at(-1).get("se").is_none(), base == "universal", "{base}");
        let before = |cell: &&Value| cell["exposure"].as_i64().unwrap() < 0;
        assert!(record["group_time"].as_array().unwrap().iter().any(|cell| before(&cell)));
    }
}

#[test]
fn the_record_of_draws_has_each_draw_and_how_the_lot_fell() {
    let entry = |unit| Entry { unit, band: 1, layer: 0, place: Place::Open, parent: None };
    let entrants = Entrants::new((0..20).map(|n| entry(format!("u{n:02}"))).collect()).unwrap();
    let terms = Terms { slots: Slots(8), cap: None };
    let secret = Secret::from_bytes([7; 32]);
    let nobody = std::collections::BTreeSet::new();
    let drawn = Record::new(Heading::default(), secret, Vec::new(), &entrants, &nobody, terms).unwrap();
    let mut text = String::from("unit,when,y,start,used\n");
    for n in 0..20_usize {
        let unit = format!("u{n:02}");
        let won = drawn.granted.contains(&unit);
        for period in 1..=6_usize {
            let (start, used) = if won { ("4", u8::from(period >= 4 && n % 5 > 0)) } else { ("", 0) };
            let y = 10.0 + 4.0 * f64::from(used) + ((n * n * 7 + period * period) as f64 * 0.37).sin();
            text.push_str(&format!("{unit},{period},{y},{start},{used}\n"));
        }
    }
    let table = Table::of(&text);
    let file = table.folder.path().join("draw.json");
    std::fs::write(&file, drawn.to_json()).unwrap();
    let draw = format!("4={}", file.display());
    let (record, has) = shaped(&table, &["--draw", &draw]);
    assert_eq!(has, ["by_exposure", "sets", "by_lot"]);
    assert_eq!(
        (&record["design"]["method"], &record["design"]["inference"]),
        (&"risk-set".into(), &"permutation".into())
    );
    assert_eq!(record["settings"]["draws"][0]["file"], "draw-1.json");
    // Beside the contract stands what can be said of users, where uses are known.
    assert_eq!(record.get("on_users"), None);
    assert!(table.record(&["--draw", &draw, "--used", "used"])["on_users"]["effect"]["estimate"].is_number());
}

#[test]
fn a_refusal_has_the_keys_that_say_why_and_no_numbers() {
    let (record, has) = shaped(&Table::of(&roll_out(|_| "3")), &[]);
    assert_eq!((&record["verdict"]["kind"], has), (&"refused".into(), vec![]));
    assert!(record.get("overall").is_none() && record["checks"] == json!([]));
}

/// It moves the answer, so it stands beside it, and not only among the checks.
#[test]
fn a_start_between_two_periods_is_said_right_after_the_verdict() {
    let all = roll_out(ten_start);
    let lacking: String = all
        .lines()
        .filter(|line| !line.contains(",3,1") && !line.contains(",3,9"))
        .fold(String::new(), |text, line| text + line + "\n");
    let says = "The start 3 lies between two observed periods and counts from the next one on, 4.";
    for (text, is_said) in [(lacking.as_str(), true), (all.as_str(), false)] {
        let table = Table::of(text);
        let out = table.folder.path().join("out");
        table.prove(&["--out", out.to_str().unwrap()]).unwrap();
        let record: EvidenceJson =
            serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
        let lines = crate::prove::evidence::show::text(&record);
        assert_eq!(lines.split("\n\n").nth(1).unwrap().starts_with(says), is_said, "{lines}");
        let report = std::fs::read_to_string(out.join("report.html")).unwrap();
        assert_eq!(report.contains(&format!("<p class=\"notice\">{says}")), is_said);
    }
}
