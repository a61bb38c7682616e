//! Whatever arrives, a reader comes to an end with an answer. Each reader is also held to what it cannot do: make an
//! event without an id, or one that happened after it arrived.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use traction_domain::measure::usage::N_CHARACTERS_MOST;
use traction_domain::time::Moment;

use super::letter::{Form, Letter, fingerprint};
use super::parts::{person, with_person, without_names};
use super::{cloud_event, otlp, segment};

fn received() -> Moment {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// Names that the readers look for, and others.
fn key() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "batch",
        "type",
        "messageId",
        "userId",
        "anonymousId",
        "event",
        "timestamp",
        "sentAt",
        "properties",
        "context",
        "value",
        "unit",
        "change",
        "specversion",
        "id",
        "source",
        "subject",
        "time",
        "data",
        "data_base64",
        "datacontenttype",
        "resourceLogs",
        "resource",
        "attributes",
        "scopeLogs",
        "scope",
        "name",
        "logRecords",
        "eventName",
        "timeUnixNano",
        "observedTimeUnixNano",
        "traceId",
        "spanId",
        "body",
        "key",
        "stringValue",
        "intValue",
        "doubleValue",
        "boolValue",
        "arrayValue",
        "kvlistValue",
        "values",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "track",
        "page",
        "1.0",
        "jo",
        "2026-03-02T07:50:00Z",
        "9999-12-30T00:00:00Z",
        "-009998-01-01T00:00:00Z",
        "feature_flag.evaluation",
        "feature_flag.key",
        "feature_flag.context.id",
        "traction.change",
        "user.id",
        "18446744073709551615",
        "application/json",
        "e30=",
        "log.record.uid",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn holds(letter: &Letter) {
    for wish in letter.events.iter().chain(&letter.showings).map(|event| &event.wish) {
        assert!(!wish.id.trim().is_empty() && wish.id.chars().count() <= N_CHARACTERS_MOST, "{wish:?}");
        assert!(wish.occurred <= received(), "{wish:?}");
        assert!(wish.person.is_some() || wish.unit.is_some(), "{wish:?}");
    }
}

fn read_all(bytes: &[u8]) {
    let now = received();
    if let Ok(object) = segment::object(bytes) {
        holds(&segment::call("track", object.clone(), now));
        segment::batch(object, now).iter().for_each(holds);
    }
    cloud_event::structured(bytes, now).iter().for_each(holds);
    cloud_event::batched(bytes, now).iter().for_each(holds);
    cloud_event::binary(vec![], None, bytes, now).iter().for_each(holds);
    if let Ok(origins) = otlp::json::read(bytes) {
        holds(&otlp::letter_of(origins, now));
    }
    if let Ok(origins) = otlp::wire::read(bytes) {
        holds(&otlp::letter_of(origins, now));
    }
}

proptest! {
    #[test]
    fn bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn json_is_read_or_refused(value in json()) {
        read_all(value.to_string().as_bytes());
        read_all(json!({ "batch": [value] }).to_string().as_bytes());
        let logs = json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [value]}]}]});
        read_all(logs.to_string().as_bytes());
    }

    #[test]
    fn a_body_without_names_names_nobody_and_is_not_large(mut value in json()) {
        for form in [Form::Segment, Form::CloudEvent, Form::LogRecord] {
            without_names(form, &mut value, 400);
            prop_assert_eq!(person(form, &value), None);
            prop_assert!(value.to_string().len() <= 400);
            let mut named = value.clone();
            with_person(form, &mut named, "jo");
            if let Some(found) = person(form, &named) {
                prop_assert_eq!(found, "jo");
            }
        }
    }
}

#[test]
fn what_is_sent_again_has_the_same_fingerprint_and_what_differs_another() {
    let sent = |at: &str, n: u32| fingerprint(&json!({"event": "x", "sentAt": at, "n": n}));
    assert_eq!(sent("2026-03-02T08:00:00Z", 1), sent("2026-03-02T09:00:00Z", 1));
    assert_ne!(sent("2026-03-02T08:00:00Z", 1), sent("2026-03-02T08:00:00Z", 2));
}
