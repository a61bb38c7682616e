//! Whatever arrives, a reader comes to an end with an answer. Each reader is also held to what it cannot do: make an
//! event without an id, or one that happened after it arrived.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use traction_domain::measure::usage::N_CHARACTERS_MOST;
use traction_domain::time::Moment;

use super::letter::{Fate, Form, Letter, Meant};
use super::made_id::{IdOf, fingerprint, kept_id};
use super::parts::{person, shape, strip, with_person};
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
    fn a_stripped_body_names_nobody_and_is_not_large(mut value in json()) {
        for form in [Form::Segment, Form::CloudEvent, Form::LogRecord] {
            strip(form, &mut value, 400);
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
    let sent = |at: &str, n: u32| fingerprint(Form::Segment, &json!({"event": "x", "sentAt": at, "n": n}));
    assert_eq!(sent("2026-03-02T08:00:00Z", 1), sent("2026-03-02T09:00:00Z", 1));
    assert_ne!(sent("2026-03-02T08:00:00Z", 1), sent("2026-03-02T08:00:00Z", 2));
}

/// Whatever the reader does not look at may be a name, wherever it stands: nothing of it is kept but that it was there.
#[test]
fn of_what_is_not_read_no_value_is_kept() {
    let mark = "jo@ward.example";
    let attributes =
        json!({"traction.change": "late", "user.email": mark, "n": {"deep": [mark]}, "user.id": mark});
    let bodies = [
        (
            Form::Segment,
            json!({"type": "track", "messageId": "m", "event": "opened", "userId": mark, "traits": {"a": mark}, "more": [mark],
              "properties": {"unit": "ward-9", "email": mark, "list": [mark], mark: 1, "value": 2.5}, "context": {"ip": mark}}),
        ),
        (
            Form::CloudEvent,
            json!({"specversion": "1.0", "id": "1", "source": "/wards", "type": "opened", "subject": mark,
              "data": {"change": "late", "user": {"email": mark}, "patient": mark, "targetingKey": mark}}),
        ),
        (Form::CloudEvent, json!({"specversion": "1.0", "id": "1", "source": "/wards", "data": [mark]})),
        (Form::CloudEvent, json!({"specversion": "1.0", "id": "1", "source": "/wards", "data": mark})),
        (Form::LogRecord, json!({"id": "1", "eventName": "opened", "body": mark, "attributes": attributes})),
        (Form::Segment, json!([mark])),
        (Form::Segment, json!(mark)),
    ];
    for (form, mut body) in bodies {
        strip(form, &mut body, 32_768);
        assert!(!body.to_string().contains(mark), "{body}");
        let once = body.clone();
        strip(form, &mut body, 32_768);
        assert_eq!(body, once);
    }
    let mut body = json!({"event": "opened", "messageId": "m", "properties": {"unit": "ward-9", "bed": 4}});
    strip(Form::Segment, &mut body, 32_768);
    let kept = json!({"event": "opened", "messageId": "m", "properties": {"unit": "ward-9", "bed": null}});
    assert_eq!(body, kept, "what is read stays, and that there was more is told");
}

#[test]
fn figures_in_a_name_are_one_sign() {
    let named = |name: &str| shape(Form::Segment, &json!({"event": name}), Fate::Counted).event;
    assert_eq!(named("opened patient 4711, bed 12"), "opened patient #, bed #");
    assert_eq!(named("rounds opened"), "rounds opened");
}

#[test]
fn what_an_event_lacks_is_told_in_the_words_of_its_language() {
    let says =
        |form: Form, body: Value| form.says(&super::letter::read(form, &body, received()).unwrap_err());
    let nobodys =
        says(Form::CloudEvent, json!({"specversion": "1.0", "id": "1", "source": "/w", "type": "opened"}));
    assert!(nobodys.contains("or in which unit: `userId` or `targetingKey` in the data"), "{nobodys}");
    let nobodys = says(Form::Segment, json!({"type": "track", "messageId": "1", "event": "opened"}));
    assert!(nobodys.ends_with("or `properties.unit`"), "{nobodys}");
    let other = says(Form::CloudEvent, json!({"id": "1"}));
    assert!(other.ends_with("see CloudEvents 1.0.2"), "{other}");
    let bare = says(Form::CloudEvent, json!({"time": "2026-03-02T08:00:00Z", "id": " ", "source": 5.5}));
    assert_eq!(
        bare,
        "an event has `specversion`, `source`, `id` and `type`, each a text; see CloudEvents 1.0.2"
    );
    let two = says(Form::CloudEvent, json!({"specversion": "1.0", "type": "opened"}));
    assert_eq!(two, "an event has `source` and `id`, each a text; see CloudEvents 1.0.2");
}

/// Whoever tries names on what is kept finds none: a name moves no id, a subject does.
#[test]
fn no_id_is_made_of_a_name() {
    let of = |person: &str| json!({"type": "track", "userId": person, "event": "opened", "context": {"traits": {"email": person}}});
    assert_eq!(fingerprint(Form::Segment, &of("jo")), fingerprint(Form::Segment, &of("kim")));
    let logs = |person: &str| {
        let attribute = |key: &str, text: &str| json!({"key": key, "value": {"stringValue": text}});
        let attributes = [attribute("traction.change", "late"), attribute("user.id", person)];
        let records = [json!({"eventName": "opened", "attributes": attributes})];
        let logs = json!({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}).to_string();
        otlp::letter_of(otlp::json::read(logs.as_bytes()).unwrap(), received()).events.remove(0).wish
    };
    assert_eq!(logs("jo").id, logs("kim").id);
    let kept = |subject: &str| kept_id("sha256:1", IdOf::Content, Some(subject));
    assert_ne!(kept("a1"), kept("b2"));
    assert_eq!(kept_id("m-1", IdOf::Sender, Some("a1")), "m-1");
}

#[test]
fn an_id_does_not_depend_on_how_the_event_is_written() {
    let of = |text: &str| fingerprint(Form::Segment, &serde_json::from_str(text).unwrap());
    let batched = of(r#"{"event": "opened", "properties": {"a": 1, "b": 2}}"#);
    assert_eq!(batched, of(r#"{"properties": {"b": 2, "a": 1}, "type": "track", "event": "opened"}"#));
    assert_ne!(batched, of(r#"{"event": "opened", "properties": {"a": 1, "b": 3}}"#));
}

#[test]
fn a_number_is_as_good_a_name_as_a_text() {
    let numbered = json!({"type": "track", "messageId": 17, "userId": 42, "event": "opened"});
    let Ok(Meant::Used(wish)) = super::letter::read(Form::Segment, &numbered, received()) else { panic!() };
    assert_eq!((wish.id.as_str(), wish.person.as_deref()), ("17", Some("42")));
    let numbered =
        json!({"specversion": "1.0", "id": 17, "source": "/w", "type": "opened", "data": {"userId": 7}});
    let Ok(Meant::Used(wish)) = super::letter::read(Form::CloudEvent, &numbered, received()) else {
        panic!()
    };
    assert_eq!((wish.id.as_str(), wish.person.as_deref()), ("/w 17", Some("7")));
}
