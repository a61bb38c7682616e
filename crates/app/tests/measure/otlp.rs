//! OpenTelemetry's logs, in both encodings: evaluations of a flag are kept apart from use.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};
use traction::measure::usage::otlp::wire::{
    Answer, Any, AnyValue, Export, KeyValue, LogRecord, Resource, ResourceLogs, Scope as Origin, ScopeLogs,
    Status,
};
use traction::org::token::store::Scope;

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

/// An evaluation as JSON has it.
fn evaluated(flag: &str, person: &str) -> Value {
    json!({
        "timeUnixNano": TIME.to_string(), "observedTimeUnixNano": TIME.to_string(), "severityNumber": 9,
        "eventName": "feature_flag.evaluation",
        "attributes": [
            attribute("feature_flag.key", flag),
            attribute("feature_flag.context.id", person),
            attribute("feature_flag.result.variant", "on"),
            {"key": "retries", "value": {"intValue": "3"}},
        ],
    })
}

fn export(records: &[Value]) -> Value {
    json!({"resourceLogs": [{
        "resource": {"attributes": [attribute("service.name", "wards")]},
        "scopeLogs": [{"scope": {"name": "openfeature"}, "logRecords": records}],
    }]})
}

/// The same evaluation as protobuf has it.
fn evaluated_in_protobuf(flag: &str, person: &str) -> LogRecord {
    let text = |key: &str, value: &str| KeyValue {
        key: key.into(),
        value: Some(AnyValue { value: Some(Any::Text(value.into())) }),
    };
    LogRecord {
        time_unix_nano: TIME,
        observed_time_unix_nano: TIME,
        event_name: "feature_flag.evaluation".into(),
        attributes: vec![
            text("feature_flag.key", flag),
            text("feature_flag.context.id", person),
            text("feature_flag.result.variant", "on"),
            KeyValue { key: "retries".into(), value: Some(AnyValue { value: Some(Any::Whole(3)) }) },
        ],
        ..LogRecord::default()
    }
}

fn export_in_protobuf(records: Vec<LogRecord>) -> Vec<u8> {
    let name = AnyValue { value: Some(Any::Text("wards".into())) };
    let attributes = vec![KeyValue { key: "service.name".into(), value: Some(name) }];
    let scope = Some(Origin { name: "openfeature".into() });
    Export {
        resource_logs: vec![ResourceLogs {
            resource: Some(Resource { attributes }),
            scope_logs: vec![ScopeLogs {
                scope,
                log_records: records.iter().map(Message::encode_to_vec).collect(),
            }],
        }],
    }
    .encode_to_vec()
}

/// What an export in protobuf is answered, to the byte.
async fn answered(world: &TestWorld, client: &Client<'_>, body: Vec<u8>) -> (u16, Vec<u8>) {
    let request = Request::post("/v1/logs")
        .header("authorization", format!("Bearer {}", client.token()))
        .header("content-type", "application/x-protobuf");
    let answer = world.open(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.headers()["content-type"], "application/x-protobuf");
    (answer.status().as_u16(), answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn n_rows(world: &TestWorld, table: &str) -> usize {
    let row = world.world.store().read().one(&format!("SELECT COUNT(*) AS n FROM {table}"), vec![]).await;
    row.unwrap().unwrap().count("n").unwrap()
}

#[test]
fn an_evaluation_is_kept_once_whichever_way_it_is_written_and_is_no_use() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let json = export(&[evaluated("early", "jo"), evaluated("early", "ward-1")]).to_string();
        for _ in 0..2 {
            let answer = post(&world, &client, "/v1/logs", &JSON, json.clone()).await;
            answer.is(200);
            assert_eq!(
                (answer.json(), answer.headers["content-type"].as_bytes()),
                (json!({}), &b"application/json"[..])
            );
            assert_eq!(counts(&world).await, (2, 0));
        }
        let sent = vec![evaluated_in_protobuf("early", "jo"), evaluated_in_protobuf("early", "ward-1")];
        let (status, body) = answered(&world, &client, export_in_protobuf(sent)).await;
        assert_eq!((status, Answer::decode(&*body).unwrap()), (200, Answer::default()));
        assert_eq!((n_rows(&world, "showing").await, n_rows(&world, "usage_event").await), (2, 0));
        let sql = world.world.store().read();
        let rows = sql
            .all("SELECT subject, unit_id, variant FROM showing ORDER BY subject IS NULL", vec![])
            .await
            .unwrap();
        let kept: Vec<_> = rows
            .iter()
            .map(|row| {
                let is = |column: &str| row.maybe_text(column).unwrap().is_some();
                (is("subject"), is("unit_id"), row.text("variant").unwrap())
            })
            .collect();
        assert_eq!(kept, [(true, false, "on".to_owned()), (false, true, "on".to_owned())]);
        let used = traction::measure::uptake::store::rolled::first_use(sql, change).await.unwrap();
        assert_eq!(used, None);
    });
}

#[test]
fn two_evaluations_that_are_alike_are_two_and_stay_so() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let twice = export(&[evaluated("early", "jo"), evaluated("early", "jo")]).to_string();
        for _ in 0..2 {
            post(&world, &client, "/v1/logs", &JSON, twice.clone()).await.is(200);
            assert_eq!(counts(&world).await, (2, 0));
        }
    });
}

#[test]
fn an_event_that_names_a_change_is_use_and_whatever_else_comes_is_passed_over() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let used = json!({
            "timeUnixNano": TIME, "eventName": "result opened",
            "attributes": [
                attribute("user.id", "jo"), attribute("traction.change", "early-rounds"), attribute("traction.unit", "ward-1"),
                attribute("log.record.uid", "u-1"), {"key": "traction.value", "value": {"doubleValue": 2.5}},
            ],
        });
        let said = json!({"timeUnixNano": TIME.to_string(), "body": {"stringValue": "started"}, "severityText": "INFO"});
        let other = evaluated("a-flag-of-theirs", "jo");
        let clicked = json!({"eventName": "clicked", "attributes": [attribute("user.id", "jo")]});
        let body = export(&[used, said, other, clicked]).to_string();
        for _ in 0..2 {
            post(&world, &client, "/v1/logs", &JSON, body.clone()).await.is(200);
            assert_eq!(counts(&world).await, (1, 0));
        }
        let row = world
            .world
            .store()
            .read()
            .one("SELECT id, value FROM usage_event", vec![])
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.text("id").unwrap(), row.number("value").unwrap()), ("u-1".to_owned(), 2.5));
    });
}

#[test]
fn what_cannot_be_taken_of_an_export_is_told_as_the_specification_says() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let mut keyless = evaluated("early", "jo");
        keyless["attributes"].as_array_mut().unwrap().remove(0);
        let body = export(&[keyless, evaluated("early", "kim")]).to_string();
        let answer = post(&world, &client, "/v1/logs", &JSON, body).await;
        answer.is(200);
        let partial = &answer.json()["partialSuccess"];
        assert_eq!(partial["rejectedLogRecords"], "1");
        assert!(partial["errorMessage"].as_str().unwrap().contains("feature_flag.key"), "{partial}");
        assert_eq!(counts(&world).await, (1, 1));

        let keyless = LogRecord { attributes: vec![], ..evaluated_in_protobuf("early", "jo") };
        let (_, body) = answered(&world, &client, export_in_protobuf(vec![keyless])).await;
        let told = Answer::decode(&*body).unwrap().partial_success.unwrap();
        assert_eq!(told.rejected_log_records, 1);

        // Refused as a whole: a status of gRPC's, in the encoding of the request.
        let (code, body) = answered(&world, &client, vec![0x0a, 0xff]).await;
        let status = Status::decode(&*body).unwrap();
        assert_eq!(code, 400);
        assert!(status.code == 3 && status.message.contains("protobuf"), "{status:?}");
        let answer = post(&world, &client, "/v1/logs", &JSON, "{\"resourceLogs\": 7}").await;
        answer.is(400);
        assert_eq!(answer.json()["code"], 3);
        post(&world, &client, "/v1/logs", &[("content-type", "text/plain")], "").await.is(415);
        let other = world.client(&[Scope::Read]).await;
        post(&world, &other, "/v1/logs", &JSON, export(&[]).to_string()).await.is(403);
    });
}
