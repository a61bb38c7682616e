//! What no client should send, at each door: refused or set aside in our words, never an accident, and never counted.

use std::io::Write;

use axum::body::Body;
use axum::http::Request;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};
use traction::measure::usage::letters::store;
use traction::measure::usage::otlp::wire::{
    Any, AnyValue, Export, KeyValue, LogRecord, ResourceLogs, ScopeLogs, Status,
};
use traction::org::token::store::Scope;

use crate::measure::cloud_events::post;
use crate::measure::uptake::roll_out;
use crate::measure::usage::counts;
use crate::world::{Client, TestWorld, on_both, on_sqlite};

/// A door, and how an event that it takes is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Batch,
    Track,
    Structured,
    Batched,
    Binary,
    LogsJson,
    LogsProtobuf,
}

pub const DOORS: [Door; 7] = [
    Door::Batch,
    Door::Track,
    Door::Structured,
    Door::Batched,
    Door::Binary,
    Door::LogsJson,
    Door::LogsProtobuf,
];

/// What is the same of an event at every door.
#[derive(Clone)]
pub struct Sent {
    id: String,
    change: Value,
    unit: Value,
    time: &'static str,
    /// Further properties.
    more: Vec<(String, Value)>,
}

pub fn good(id: &str) -> Sent {
    Sent {
        id: id.into(),
        change: "early-rounds".into(),
        unit: "ward-1".into(),
        time: "2026-03-02T07:50:00Z",
        more: vec![],
    }
}

impl Door {
    fn path(self) -> &'static str {
        match self {
            Door::Batch => "/v1/batch",
            Door::Track => "/v1/track",
            Door::Structured | Door::Batched | Door::Binary => "/events",
            Door::LogsJson | Door::LogsProtobuf => "/v1/logs",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Door::Structured => "application/cloudevents+json",
            Door::Batched => "application/cloudevents-batch+json",
            Door::LogsProtobuf => "application/x-protobuf",
            _ => "application/json",
        }
    }

    fn headers(self, sent: &Sent) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", self.content_type().to_owned())];
        if self == Door::Binary {
            headers.push(("ce-specversion", "1.0".into()));
            headers.push(("ce-id", sent.id.clone()));
            headers.push(("ce-source", "/wards".into()));
            headers.push(("ce-type", "opened".into()));
            headers.push(("ce-time", sent.time.into()));
        }
        headers
    }

    pub fn body(self, sent: &Sent) -> Vec<u8> {
        let mut properties = json!({"change": sent.change, "unit": sent.unit});
        for (name, value) in &sent.more {
            properties[name] = value.clone();
        }
        let track = || {
            json!({
                "type": "track", "messageId": sent.id, "userId": "jo", "event": "opened", "timestamp": sent.time,
                "properties": properties,
            })
        };
        let mut data = properties.clone();
        data["userId"] = "jo".into();
        let event = || {
            json!({
                "specversion": "1.0", "id": sent.id, "source": "/wards", "type": "opened", "time": sent.time, "data": data,
            })
        };
        match self {
            Door::Batch => json!({"batch": [track()]}).to_string().into(),
            Door::Track => track().to_string().into(),
            Door::Structured => event().to_string().into(),
            Door::Batched => json!([event()]).to_string().into(),
            Door::Binary => data.to_string().into(),
            Door::LogsJson => self.record_in_json(sent).to_string().into(),
            Door::LogsProtobuf => self.record_in_protobuf(sent),
        }
    }

    fn attributes(sent: &Sent) -> Vec<(String, Value)> {
        let mut attributes = vec![
            ("user.id".to_owned(), json!("jo")),
            ("traction.change".to_owned(), sent.change.clone()),
            ("traction.unit".to_owned(), sent.unit.clone()),
            ("log.record.uid".to_owned(), json!(sent.id)),
        ];
        attributes.extend(sent.more.clone());
        attributes
    }

    fn nanoseconds(sent: &Sent) -> u64 {
        let at: traction_domain::time::Moment = sent.time.parse().unwrap();
        u64::try_from(at.milliseconds()).unwrap() * 1_000_000
    }

    fn record_in_json(self, sent: &Sent) -> Value {
        let any = |value: &Value| match value {
            Value::String(text) => json!({"stringValue": text}),
            other => json!({"doubleValue": other}),
        };
        let attributes: Vec<Value> = Door::attributes(sent)
            .iter()
            .map(|(key, value)| json!({"key": key, "value": any(value)}))
            .collect();
        let record = json!({
            "timeUnixNano": Door::nanoseconds(sent).to_string(), "eventName": "opened", "attributes": attributes,
        });
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})
    }

    fn record_in_protobuf(self, sent: &Sent) -> Vec<u8> {
        let any = |value: &Value| match value {
            Value::String(text) => Any::Text(text.clone()),
            other => Any::Number(other.as_f64().unwrap()),
        };
        let attribute = |(key, value): (String, Value)| KeyValue {
            key,
            value: Some(AnyValue { value: Some(any(&value)) }),
        };
        let record = LogRecord {
            time_unix_nano: Door::nanoseconds(sent),
            event_name: "opened".into(),
            attributes: Door::attributes(sent).into_iter().map(attribute).collect(),
            ..LogRecord::default()
        };
        let scope_logs = vec![ScopeLogs { scope: None, log_records: vec![record.encode_to_vec()] }];
        Export { resource_logs: vec![ResourceLogs { resource: None, scope_logs }] }.encode_to_vec()
    }

    async fn send(self, world: &TestWorld, client: &Client<'_>, sent: &Sent) -> u16 {
        self.send_raw(world, client, sent, self.body(sent), None).await
    }

    pub async fn send_raw(
        self,
        world: &TestWorld,
        client: &Client<'_>,
        sent: &Sent,
        body: Vec<u8>,
        packing: Option<&str>,
    ) -> u16 {
        let mut headers = self.headers(sent);
        headers.extend(packing.map(|packing| ("content-encoding", packing.to_owned())));
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let answer = post(world, client, self.path(), &headers, body).await;
        assert!(answer.status != 500, "{self:?}: {}", answer.body);
        if answer.status != 200 && self != Door::LogsProtobuf {
            let told = answer.json();
            let says = told["detail"].as_str().or(told["message"].as_str());
            assert!(says.is_some_and(|says| says.len() > 20), "{self:?} says what is wrong: {told}");
        }
        answer.status.as_u16()
    }

    /// What is answered where the one event that was sent is set aside.
    fn answers_set_aside(self) -> u16 {
        if matches!(self, Door::Structured | Door::Binary) { 400 } else { 200 }
    }
}

/// Whether some open dead letter says these words.
async fn is_told(world: &TestWorld, words: &str) -> bool {
    let open = store::open(world.world.store().read(), None, 100).await.unwrap();
    open.iter().any(|dead| dead.why.contains(words))
}

#[test]
fn at_every_door_a_good_event_counts_once_and_a_bad_one_is_set_aside_with_its_reason() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let (mut n_events, mut n_dead) = (0, 0);
        for door in DOORS {
            let of = |what: &str| good(&format!("{door:?}-{what}"));
            for _ in 0..2 {
                assert_eq!(door.send(&world, &client, &of("good")).await, 200);
            }
            n_events += 1;
            assert_eq!(counts(&world).await, (n_events, n_dead), "{door:?}: a good one counts once");

            let large = vec![("text".to_owned(), json!("é".repeat(33_000)))];
            let many = (0..9_000).map(|n| (format!("p{n}"), json!(n))).collect();
            let mut wrong = of("wrong type");
            wrong.unit = json!(7);
            let bad = [
                (Sent { change: "late-rounds".into(), ..of("unknown flag") }, "the flag `late-rounds`"),
                (Sent { unit: "ward-99".into(), ..of("unknown unit") }, "no unit `ward-99`"),
                (Sent { time: "2025-03-02T07:50:00Z", ..of("a year ago") }, "365 days before"),
                (Sent { more: large, ..of("large") }, "at most"),
                (Sent { more: many, ..of("many") }, "at most"),
            ];
            for (sent, words) in bad {
                let id = sent.id.clone();
                assert_eq!(door.send(&world, &client, &sent).await, door.answers_set_aside(), "{id}");
                n_dead += 1;
                assert_eq!(counts(&world).await, (n_events, n_dead), "{id}");
                assert!(is_told(&world, words).await, "{id}: {words}");
            }
            // A clock that is fast puts an event at the moment of its arrival.
            let fast = Sent { time: "2027-03-02T07:50:00Z", ..of("a year on") };
            assert_eq!(door.send(&world, &client, &fast).await, 200);
            n_events += 1;
            // A part of the wrong type says nothing, or is refused; it is never an accident.
            door.send(&world, &client, &wrong).await;
            let now = counts(&world).await;
            assert_eq!(now.0 + now.1, n_events + n_dead + 1, "{door:?}: {now:?}");
            (n_events, n_dead) = now;
        }
        let sql = world.world.store().read();
        let late = "SELECT COUNT(*) AS n FROM usage_event WHERE occurred_at > received_at";
        assert_eq!(sql.one(late, vec![]).await.unwrap().unwrap().count("n").unwrap(), 0);
        let largest = sql
            .one("SELECT CAST(MAX(LENGTH(body)) AS BIGINT) AS n FROM dead_letter", vec![])
            .await
            .unwrap()
            .unwrap();
        assert!(largest.count("n").unwrap() <= 32 * 1024, "what is too large is not kept whole");
    });
}

#[test]
fn at_every_door_a_body_that_cannot_be_read_is_refused_whole() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        for door in DOORS {
            let sent = good("x");
            let whole = door.body(&sent);
            for n_kept in [1, whole.len() / 2, whole.len() - 1] {
                let truncated = whole[..n_kept].to_vec();
                assert_eq!(
                    door.send_raw(&world, &client, &sent, truncated, None).await,
                    400,
                    "{door:?} {n_kept}"
                );
            }
            let mut not_utf_8 = whole.clone();
            let at = not_utf_8.windows(2).position(|two| two == b"jo").unwrap();
            not_utf_8[at] = 0xff;
            // In protobuf a text that is none is a matter of its record: its sender is told, and the others count.
            let is_of_a_record = door == Door::LogsProtobuf;
            let answered = door.send_raw(&world, &client, &sent, not_utf_8, None).await;
            assert_eq!(answered, if is_of_a_record { 200 } else { 400 }, "{door:?}");
            assert_eq!(door.send_raw(&world, &client, &sent, whole.clone(), Some("gzip")).await, 400);
            assert_eq!(door.send_raw(&world, &client, &sent, whole.clone(), Some("br")).await, 415);
            let deep = [b"[".repeat(50_000), b"]".repeat(50_000)].concat();
            // A list of one event that is none, and data that say nothing: both are set aside. Elsewhere it is no event.
            let answered = door.send_raw(&world, &client, &sent, deep, None).await;
            assert_eq!(answered, if door == Door::Batched { 200 } else { 400 }, "{door:?}");
            let huge = vec![b' '; (1 << 20) + 1];
            assert_eq!(door.send_raw(&world, &client, &sent, huge, None).await, 413, "{door:?}");
            // A thousand times its size when unpacked.
            let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
            bomb.write_all(&vec![b' '; 40 << 20]).unwrap();
            let bomb = bomb.finish().unwrap();
            assert_eq!(door.send_raw(&world, &client, &sent, bomb, Some("gzip")).await, 413, "{door:?}");
        }
        assert_eq!(counts(&world).await, (0, 2));
    });
}

#[test]
fn at_every_door_a_wrong_method_is_answered_in_the_doors_own_words() {
    on_sqlite(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        for (path, part, allowed) in [
            ("/v1/batch", "message", "POST"),
            ("/v1/track", "message", "POST"),
            ("/v1/identify", "message", "POST"),
            ("/v1/logs", "message", "POST"),
            ("/events", "detail", "POST,OPTIONS"),
            ("/api/v1/dead-letters/again", "detail", "POST"),
            ("/ofrep/v1/evaluate/flags", "errorDetails", "POST,OPTIONS"),
            ("/ofrep/v1/evaluate/flags/early", "errorDetails", "POST,OPTIONS"),
        ] {
            let refused = client.get(path).await;
            refused.is(405);
            let sorted = |methods: &str| {
                let mut methods: Vec<String> = methods.split(',').map(str::to_owned).collect();
                methods.sort();
                methods
            };
            assert_eq!(sorted(refused.headers["allow"].to_str().unwrap()), sorted(allowed), "{path}");
            let says = refused.json()[part].as_str().unwrap_or_default().to_owned();
            assert!(says.contains("Allow") || says.contains("POST"), "{path}: {}", refused.body);
        }
        let refused = client.get("/v1/batch").await;
        assert_eq!(refused.json()["success"], false);
        // A door that talks protobuf refuses in protobuf.
        let request = Request::put("/v1/logs").header("content-type", "application/x-protobuf");
        let refused = world.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(refused.status().as_u16(), 405);
        assert_eq!(refused.headers()["content-type"], "application/x-protobuf");
        let body = refused.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(Status::decode(body).unwrap().code, 3);
    });
}

/// 10⁵ properties do not fit into a batch of Segment's size; where they fit, the event is too large to be counted.
#[test]
fn a_hundred_thousand_properties_are_no_accident() {
    on_sqlite(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        for door in DOORS {
            let many = (0..100_000).map(|n| (format!("{n:x}"), json!(1))).collect();
            let sent = Sent { more: many, ..good(&format!("{door:?}")) };
            let status = door.send(&world, &client, &sent).await;
            assert!([200, 400, 413].contains(&status), "{door:?}: {status}");
        }
        assert_eq!(counts(&world).await.0, 0);
    });
}
