//! Usage as CloudEvents, in each of the three modes.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use traction::measure::usage::letters;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::measure::usage::counts;
use crate::world::{Client, Response, TestWorld, on_both};

/// Sends a body with headers, and the write key as Bearer.
pub async fn post(
    world: &TestWorld,
    client: &Client<'_>,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Response {
    let mut request = Request::post(path).header("authorization", format!("Bearer {}", client.token()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(body.into()).unwrap()).await
}

const STRUCTURED: [(&str, &str); 1] = [("content-type", "application/cloudevents+json; charset=utf-8")];
const BATCHED: [(&str, &str); 1] = [("content-type", "application/cloudevents-batch+json")];

fn event(source: &str, id: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": source, "type": "result opened", "time": "2026-03-02T07:50:00Z",
        "data": {"userId": "jo", "value": 2.5},
    })
}

/// Event, person or not, value and the minute it happened in, of all that is kept.
async fn kept(world: &TestWorld) -> Vec<(String, String, bool, Option<f64>, i64)> {
    let sql = world.world.store().read();
    let rows = sql.all("SELECT id, event, subject, value, occurred_at FROM usage_event ORDER BY id", vec![]);
    let row = |row: &traction::store::Row| {
        (
            row.text("id").unwrap(),
            row.text("event").unwrap(),
            row.maybe_text("subject").unwrap().is_some(),
            row.maybe_number("value").unwrap(),
            (row.whole("occurred_at").unwrap() - crate::world::monday().milliseconds()) / 60_000,
        )
    };
    rows.await.unwrap().iter().map(row).collect()
}

#[test]
fn each_mode_brings_the_same_event_which_counts_once() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let one = event("/wards", "1").to_string();
        let answer = post(&world, &client, "/events", &STRUCTURED, one).await;
        answer.is(200);
        assert_eq!(answer.json(), json!({"new": 1, "set_aside": 0, "reasons": []}));
        let both = json!([event("/wards", "1"), event("/wards", "2")]).to_string();
        let answer = post(&world, &client, "/events", &BATCHED, both).await;
        assert_eq!(answer.json()["new"], 1, "the first is known");
        let headers = [
            ("content-type", "application/json"),
            ("ce-specversion", "1.0"),
            ("ce-id", "2"),
            ("ce-source", "/wards"),
            ("ce-type", "result%20opened"),
            ("ce-time", "2026-03-02T07:50:00Z"),
        ];
        let data = r#"{"userId": "jo", "value": 2.5}"#;
        let answer = post(&world, &client, "/events", &headers, data).await;
        answer.is(200);
        assert_eq!(answer.json()["new"], 0, "the second is known");
        // The same id of another source is another event.
        post(&world, &client, "/events", &STRUCTURED, event("/laboratory", "1").to_string()).await.is(200);
        let expected = ["/laboratory 1", "/wards 1", "/wards 2"]
            .map(|id| (id.to_owned(), "result opened".to_owned(), true, Some(2.5), -10));
        assert_eq!(kept(&world).await, expected);
    });
}

#[test]
fn what_an_event_says_may_stand_in_its_attributes_or_packed() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Usage]).await;
        let headers = [
            ("ce-specversion", "1.0"),
            ("ce-id", "1"),
            ("ce-source", "/wards"),
            ("ce-type", "opened"),
            ("ce-unit", "ward-7"),
            ("ce-value", "4"),
            // A clock an hour fast, and ten minutes on the way.
            ("ce-time", "2026-03-02T08:50:00Z"),
            ("ce-sentat", "2026-03-02T09:00:00Z"),
            ("content-type", "text/plain"),
        ];
        post(&world, &client, "/events", &headers, "no JSON at all").await.is(200);
        let mut packed = event("/wards", "2");
        packed["data"] = Value::Null;
        packed["data_base64"] = "eyJ1c2VySWQiOiJqbyIsInZhbHVlIjo1fQ==".into();
        post(&world, &client, "/events", &STRUCTURED, packed.to_string()).await.is(200);
        let mut of_subject = event("/wards", "3");
        of_subject["data"] = Value::Null;
        of_subject["userid"] = "jo".into();
        post(&world, &client, "/events", &STRUCTURED, of_subject.to_string()).await.is(200);
        // What an event is about is nobody who did it.
        for (id, unit, status) in [("4", Some("ward-7"), 200), ("5", None, 400)] {
            let mut of_thing = event("/wards", id);
            of_thing["data"] = json!({ "unit": unit });
            of_thing["subject"] = "/docs/report.pdf".into();
            post(&world, &client, "/events", &STRUCTURED, of_thing.to_string()).await.is(status);
        }
        let dead = letters::store::open(world.world.store().read(), None, 9).await.unwrap();
        assert!(matches!(&dead[..], [one] if one.why.contains("names nobody")), "{dead:?}");
        let expected = [
            ("/wards 1", "opened", false, Some(4.0)),
            ("/wards 2", "result opened", true, Some(5.0)),
            ("/wards 3", "result opened", true, None),
            ("/wards 4", "result opened", false, None),
        ];
        let expected = expected
            .map(|(id, event, is_known, value)| (id.to_owned(), event.to_owned(), is_known, value, -10));
        assert_eq!(kept(&world).await, expected);
    });
}

#[test]
fn of_a_batch_the_good_counts_and_the_rest_is_set_aside_with_its_reason() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let without = |part: &str| {
            let mut event = event("/wards", part);
            event.as_object_mut().unwrap().remove(part);
            event
        };
        let mut other = event("/wards", "6");
        other["specversion"] = "0.3".into();
        let mut nobodys = event("/wards", "7");
        nobodys["data"] = json!({});
        let mut blank = event("/wards", "8");
        blank["source"] = "the wards".into();
        let mut undated = event("/wards", "9");
        undated["time"] = json!(5);
        let batch = json!([
            event("/wards", "0"),
            without("id"),
            without("source"),
            without("type"),
            other,
            nobodys,
            blank,
            undated,
            5,
        ]);
        let answer = post(&world, &client, "/events", &BATCHED, batch.to_string()).await;
        answer.is(200);
        assert_eq!((&answer.json()["new"], &answer.json()["set_aside"]), (&json!(1), &json!(8)));
        assert_eq!(counts(&world).await, (1, 8));
        post(&world, &client, "/events", &BATCHED, batch.to_string()).await.is(200);
        assert_eq!(counts(&world).await, (1, 8), "once each");
        // Alone, its sender is told.
        let refused = post(&world, &client, "/events", &STRUCTURED, without("id").to_string()).await;
        refused.is(400);
        assert!(refused.json()["detail"].as_str().unwrap().contains("`id`"), "{}", refused.body);
        // Of whatever it lacks at once.
        let bare = json!({"id": " ", "source": 5.5, "data": {"userId": "jo"}}).to_string();
        let refused = post(&world, &client, "/events", &STRUCTURED, bare).await;
        refused.is(400);
        let says =
            "an event has `specversion`, `source`, `id` and `type`, each a text; see CloudEvents 1.0.2";
        assert_eq!(refused.json()["detail"], says);
    });
}

#[test]
fn a_sender_may_ask_first_and_other_languages_are_refused_in_our_words() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let asked = Request::options("/events").header("webhook-request-origin", "wards.example.org");
        let answer = world.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.headers["webhook-allowed-origin"], "wards.example.org");
        for kind in ["application/cloudevents+xml", "application/json", "text/plain"] {
            let refused = post(&world, &client, "/events", &[("content-type", kind)], "{}").await;
            refused.is(415);
            assert!(refused.json()["detail"].as_str().unwrap().contains("cloudevents+json"));
        }
        let reader = world.client(&[Scope::Read]).await;
        post(&world, &reader, "/events", &STRUCTURED, event("/wards", "1").to_string()).await.is(403);
        assert_eq!(counts(&world).await, (0, 0));
    });
}

#[test]
fn the_page_tells_what_arrives_by_names_alone() {
    on_both(async |world| {
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let browser = world.browser_of(lead).await;
        let client = world.client(&[Scope::Usage]).await;
        let mut sent = event("/wards", "1");
        sent["data"]["room 7"] = "secret-value".into();
        post(&world, &client, "/events", &STRUCTURED, sent.to_string()).await.is(200);
        let page = browser.get("/usage?live=1").await;
        page.is(200).shows("result opened counted userId, value, … test cloudevent");
        post(
            &world,
            &client,
            "/events",
            &STRUCTURED,
            json!({"specversion": "1.0", "type": "unfinished"}).to_string(),
        )
        .await;
        sent["id"] = "2".into();
        sent["data"] = json!({"userId": "jo", "unit": "ward-99"});
        post(&world, &client, "/events", &STRUCTURED, sent.to_string()).await.is(400);
        let further = browser.get("/usage").await;
        further.shows("unfinished set aside").shows("result opened set aside userId, unit");
        page.hides("secret-value").hides("room 7");
        assert_eq!(page.headers["refresh"], "5");
        assert!(!browser.get("/usage").await.headers.contains_key("refresh"));
    });
}
