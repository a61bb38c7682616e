//! OpenTelemetry's logs of which some are not written as OTLP has it: the others are taken, and these are told of.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};
use traction::measure::usage::otlp::wire::{Answer, Any, AnyValue, KeyValue, LogRecord};
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::measure::cloud_events::post;
use crate::measure::uptake::roll_out;
use crate::measure::usage::counts;
use crate::world::{Client, TestWorld, on_both};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// Ten minutes before the story begins.
const TIME: u64 = 1_772_437_800_000_000_000;

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

/// Use, as JSON has it.
fn used(name: &str) -> Value {
    json!({
        "timeUnixNano": TIME.to_string(), "eventName": name,
        "attributes": [
            attribute("user.id", "jo"), attribute("traction.change", "early-rounds"), attribute("traction.unit", "ward-1"),
        ],
    })
}

/// The same, with another value of a part.
fn with(name: &str, part: &str, value: Value) -> Value {
    let mut record = used(name);
    record[part] = value;
    record
}

fn export(records: &[Value]) -> String {
    json!({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}).to_string()
}

/// How many were refused, and what was said of them.
async fn refused(world: &TestWorld, client: &Client<'_>, body: String) -> (String, String) {
    let answer = post(world, client, "/v1/logs", &JSON, body).await;
    answer.is(200);
    let told = &answer.json()["partialSuccess"];
    let text = |part: &str| told[part].as_str().unwrap_or_default().to_owned();
    (text("rejectedLogRecords"), text("errorMessage"))
}

#[test]
fn a_record_that_is_misread_costs_the_others_nothing_and_is_told_by_its_place() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let body = export(&[
            used("before"),
            with("a clock of words", "timeUnixNano", json!("at ten")),
            with("no list", "attributes", json!("user.id")),
            json!(5),
            with("", "eventName", json!({"deep": "name"})),
            with("odd", "traceId", json!([1, 2])),
            with("odd too", "attributes", json!([{"key": "traction.change", "value": {"stringValue": 5}}])),
            used("after"),
        ]);
        let (n, says) = refused(&world, &client, body.clone()).await;
        assert_eq!(n, "6", "{says}");
        for words in [
            "record 2, a clock of words: `timeUnixNano` is not a whole number of nanoseconds",
            "record 3, no list: `attributes` is not a list",
            "record 4, (no name): a record is a JSON object",
            "record 5, (no name): `eventName` is not a text",
            "record 6, odd: `traceId` is not a text",
            "see the specification of OTLP",
            "; and 1 more",
        ] {
            assert!(says.contains(words), "{words}: {says}");
        }
        // What is no object is nothing to be mended; the others can be, and each is kept once.
        assert_eq!(counts(&world).await, (2, 5));
        refused(&world, &client, body).await;
        assert_eq!(counts(&world).await, (2, 5));
    });
}

#[test]
fn a_dead_record_shows_what_stood_in_it_and_counts_once_it_is_mended() {
    on_both(async |world| {
        roll_out(&world).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let client = world.client(&[Scope::Usage]).await;
        let body = export(&[with("opened", "timeUnixNano", json!("at ten"))]);
        assert_eq!(refused(&world, &client, body).await.0, "1");
        assert_eq!(counts(&world).await, (0, 1));
        let list = client.get("/api/v1/dead-letters").await.json()["items"].clone();
        let letter = &list[0];
        let kept: Value = match &letter["body"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            other => other.clone(),
        };
        assert_eq!(kept["timeUnixNano"], "at ten", "{letter}");
        assert_eq!(kept["attributes"]["traction.unit"], "ward-1");
        assert!(!letter.to_string().contains("\"jo\""), "{letter}");
        // As it is, it stays what it is.
        ada.post("/dead-letters/again", &[]).await;
        assert_eq!(counts(&world).await, (0, 1));
        let mut mended = kept;
        mended["timeUnixNano"] = TIME.to_string().into();
        let id = letter["id"].as_str().unwrap();
        client.post(&format!("/api/v1/dead-letters/{id}/again"), &mended).await.is(200);
        assert_eq!(counts(&world).await, (1, 0));
    });
}

#[test]
fn of_ordinary_logs_it_is_told_what_is_wrong_and_nothing_is_kept() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let said =
            json!({"timeUnixNano": "at ten", "body": {"stringValue": "started"}, "severityText": "INFO"});
        let (n, says) = refused(&world, &client, export(&[said, used("opened")])).await;
        assert_eq!(n, "1");
        assert!(says.contains("record 1, (no name): `timeUnixNano`"), "{says}");
        assert_eq!(counts(&world).await, (1, 0));
    });
}

#[test]
fn what_is_wrong_around_the_records_is_told_of_them_and_a_body_of_something_else_is_refused() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let body = json!({"resourceLogs": [
            {"resource": {"attributes": "wards"}, "scopeLogs": [{"logRecords": [used("under an odd resource")]}]},
            {"resource": {"attributes": []}, "scopeLogs": [{"logRecords": [used("opened")]}]},
        ]});
        let (n, says) = refused(&world, &client, body.to_string()).await;
        assert_eq!(n, "1");
        assert!(says.contains("its resource: `attributes` is not a list"), "{says}");
        assert_eq!(counts(&world).await, (1, 1));
        for other in
            ["{\"resourceLogs\": 7}", "{\"resourceLogs\": [{\"scopeLogs\": {}}]}", "[]", "{", "\"logs\""]
        {
            post(&world, &client, "/v1/logs", &JSON, other).await.is(400);
        }
        let nothings = export(&vec![json!(5); 10_001]);
        let answer = post(&world, &client, "/v1/logs", &JSON, nothings).await;
        answer.is(400);
        assert!(answer.body.contains("more than 10000 of its records"), "{}", answer.body);
        assert_eq!(counts(&world).await, (1, 1));
    });
}

/// As protobuf's JSON has it: whole numbers as numbers or texts, a name left out is an empty one, a number that JSON does
/// not have, half an emoji; and what a later version adds.
#[test]
fn a_record_is_read_however_json_may_write_it() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let mut plain = with("opened", "timeUnixNano", json!(TIME));
        plain["traceId"] = "5B8EFFF798038103D269B633813FC60C".into();
        plain["laterField"] = json!({"deep": [1]});
        plain["severityNumber"] = json!("SEVERITY_NUMBER_INFO");
        let more = plain["attributes"].as_array_mut().unwrap();
        more.push(json!({"value": {"intValue": 3}}));
        more.push(json!({"key": "share", "value": {"aLaterKind": 1, "doubleValue": "NaN"}}));
        more.push(json!({"key": "traction.value", "value": {"aLaterKind": 1, "doubleValue": 2.5}}));
        more.push(json!({"key": "n", "value": {"intValue": 3.0}}));
        let written = export(&[plain]).replace("\"share\"", "\"sh\\ud83dre\"");
        assert_eq!(refused(&world, &client, written).await, Default::default());
        let row = world.world.store().read().one("SELECT value FROM usage_event", vec![]).await.unwrap();
        assert_eq!(row.unwrap().number("value").unwrap(), 2.5);
    });
}

/// A part of a message in protobuf: its number, how long it is, and itself.
fn part(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut written = vec![number << 3 | 2];
    prost::encode_length_delimiter(bytes.len(), &mut written).unwrap();
    written.extend_from_slice(bytes);
    written
}

#[test]
fn protobuf_is_read_record_by_record_too() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let text = |key: &str, value: &str| KeyValue {
            key: key.into(),
            value: Some(AnyValue { value: Some(Any::Text(value.into())) }),
        };
        let good = LogRecord {
            time_unix_nano: TIME,
            event_name: "opened".into(),
            attributes: vec![text("user.id", "jo"), text("traction.change", "early-rounds")],
            ..LogRecord::default()
        };
        let good = good.encode_to_vec();
        // The same with a text that is none after its parts, with a time that is a text, and a third that breaks off.
        let no_text = [good.clone(), part(12, &[b'o', 0xff])].concat();
        let no_time = [good.clone(), part(1, b"at ten")].concat();
        let broken_off = [good.clone(), vec![0x32, 0x05, 0x0a]].concat();
        let records: Vec<u8> =
            [&good, &no_text, &no_time, &broken_off].iter().flat_map(|record| part(2, record)).collect();
        let body = part(1, &part(2, &records));
        let request = Request::post("/v1/logs")
            .header("authorization", format!("Bearer {}", client.token()))
            .header("content-type", "application/x-protobuf");
        let answer = world.open(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["content-type"].as_bytes()),
            (200, &b"application/x-protobuf"[..])
        );
        let answer = answer.into_body().collect().await.unwrap().to_bytes();
        let told = Answer::decode(answer).unwrap().partial_success.unwrap();
        assert_eq!(told.rejected_log_records, 3);
        assert!(
            told.error_message.contains("record 3, opened: the record cannot be read as protobuf"),
            "{}",
            told.error_message
        );
        assert_eq!(counts(&world).await, (1, 3));
    });
}
