//! Usage by Segment's HTTP API: exactly once, nothing lost, nobody named.

use std::io::Write;
use std::task::Poll;

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use traction::measure::usage::{letters, store};
use traction::org::token::store::Scope;

use crate::world::{Response, TestWorld, on_both};

/// Sends JSON as Segment's clients do: the write key as user name, no password.
pub async fn send(world: &TestWorld, path: &str, key: &str, body: &Value) -> Response {
    let basic = BASE64_STANDARD.encode(format!("{key}:"));
    let request = Request::post(path)
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/json");
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

pub fn track(id: &str, person: &str) -> Value {
    json!({
        "type": "track", "messageId": id, "userId": person, "event": "rounds opened",
        "timestamp": "2026-03-02T07:50:00.000Z", "properties": {"value": 2.5},
        "context": {"library": {"name": "analytics-node", "version": "2.3.0"}},
    })
}

pub async fn counts(world: &TestWorld) -> (usize, usize) {
    store::counts(world.world.store().read(), None).await.unwrap()
}

#[test]
fn an_event_counts_once_however_often_and_by_whichever_way_it_is_sent() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let batch = json!({"batch": [track("m-1", "jo"), track("m-2", "kim"), track("m-2", "kim")], "sentAt": "2026-03-02T08:00:00Z"});
        let answer = send(&world, "/v1/batch", client.token(), &batch).await;
        answer.is(200);
        assert_eq!(answer.json(), json!({"success": true}));
        assert_eq!(counts(&world).await, (2, 0));

        send(&world, "/v1/batch", client.token(), &batch).await.is(200);
        send(&world, "/v1/track", client.token(), &track("m-1", "jo")).await.is(200);
        client.post("/v1/track", &track("m-3", "jo")).await.is(200);
        assert_eq!(counts(&world).await, (3, 0));

        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed
            .write_all(json!({"batch": [track("m-3", "jo"), track("m-4", "lou")]}).to_string().as_bytes())
            .unwrap();
        let request = Request::post("/v1/batch")
            .header("authorization", format!("Bearer {}", client.token()))
            .header("content-type", "application/json")
            .header("content-encoding", "gzip");
        world.send(request.body(Body::from(packed.finish().unwrap())).unwrap()).await.is(200);
        assert_eq!(counts(&world).await, (4, 0));
    });
}

#[test]
fn the_same_id_from_another_source_is_another_event() {
    on_both(async |world| {
        let operator = traction_domain::org::who::Who::operator();
        for name in ["wards", "laboratory"] {
            let made =
                traction::org::token::verbs::add(&world.world, &operator, name, vec![Scope::Usage]).await;
            send(&world, "/v1/track", &made.unwrap(), &track("m-1", "jo")).await.is(200);
        }
        assert_eq!(counts(&world).await, (2, 0));
        assert_eq!(store::counts(world.world.store().read(), Some("wards")).await.unwrap(), (1, 0));
        // A second system under a name that sends already would have its ids taken for those of the first.
        let add = async |name, scope| {
            traction::org::token::verbs::add(&world.world, &operator, name, vec![scope]).await
        };
        let refused = add("wards", Scope::Usage).await.unwrap_err();
        assert!(refused.to_string().contains("name this system otherwise"), "{refused}");
        add("wards", Scope::Read).await.unwrap();
        let sql = world.world.store().read();
        let tokens = traction::org::token::store::live(sql).await.unwrap();
        let wards =
            tokens.iter().find(|token| token.name == "wards" && token.scopes == [Scope::Usage]).unwrap();
        traction::org::token::verbs::revoke(&world.world, &operator, wards.id).await.unwrap();
        add("wards", Scope::Usage).await.unwrap();
    });
}

#[test]
fn what_cannot_be_counted_is_set_aside_once_and_without_names() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let nameless =
            json!({"type": "track", "messageId": "m-1", "userId": "jo-the-nurse", "properties": {"bed": 4}});
        let undated = json!({"type": "track", "messageId": "m-2", "userId": "jo-the-nurse", "event": "x", "timestamp": "yesterday"});
        let nobodys = json!({"type": "track", "messageId": "m-3", "event": "x"});
        let unkeepable = json!({"type": "track", "messageId": "m-4\u{0}", "userId": "jo", "event": "x"});
        let large = json!({"type": "track", "messageId": "m-5", "userId": "jo", "event": "x", "properties": {"text": "é".repeat(20_000)}});
        let page = json!({"type": "page", "messageId": "m-6", "userId": "jo"});
        let good = track("m-7", "jo");
        let batch = json!({"batch": [nameless, undated, nobodys, unkeepable, large, page, 7, good]});
        for _ in 0..2 {
            send(&world, "/v1/batch", client.token(), &batch).await.is(200);
            assert_eq!(counts(&world).await, (1, 6));
        }
        let letters = letters::store::open(world.world.store().read(), None, 10).await.unwrap();
        let all = format!("{letters:?}");
        assert!(!all.contains("jo-the-nurse"), "{all}");
        for why in [
            "has no name",
            "`yesterday` is not a time",
            "names nobody",
            "NUL",
            "at most 32768",
            "JSON object",
        ] {
            assert!(letters.iter().any(|letter| letter.why.contains(why)), "{why}: {all}");
        }
    });
}

/// Well-formed JSON that the parser cannot hold, or nearly so: the events beside it count, and so does its own.
#[test]
fn a_value_that_cannot_be_held_costs_its_batch_nothing() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let (long, deep) = ("9".repeat(400), format!("{}{}", "[".repeat(300), "]".repeat(300)));
        let event = |id: &str, value: &str| {
            format!(
                r#"{{"type": "track", "messageId": "{id}", "userId": "jo", "event": "opened", "properties": {{"value": {value}}}}}"#
            )
        };
        let events = [event("m-1", "1e400"), event("m-2", &long), event("m-3", &deep), event("m-4", "2")];
        let body = format!(r#"{{"batch": [{}]}}"#, events.join(","));
        let request =
            |path: &str| Request::post(path).header("authorization", format!("Bearer {}", client.token()));
        world.send(request("/v1/batch").body(Body::from(body)).unwrap()).await.is(200);
        assert_eq!(counts(&world).await, (4, 0));
        let of = |id: &str, data: &str| {
            format!(
                r#"{{"specversion": "1.0", "id": "{id}", "source": "/s", "type": "opened", "userid": "jo", "data": {{"value": {data}}}}}"#
            )
        };
        let batch = format!("[{},{}]", of("c-1", &deep), of("c-2", "3"));
        let request = request("/events").header("content-type", "application/cloudevents-batch+json");
        world.send(request.body(Body::from(batch)).unwrap()).await.is(200);
        assert_eq!(counts(&world).await, (6, 0));
    });
}

#[test]
fn a_number_or_text_that_json_does_not_have_costs_its_batch_nothing() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        // As Python's and Node's clients write what is no number, and a text that was cut in the midst of an emoji.
        let body = r#"{"batch": [
            {"type": "track", "messageId": "m-1", "userId": "jo", "event": "opened", "properties": {"value": NaN}},
            {"type": "track", "messageId": "m-2", "userId": "jo", "event": "said \ud83d", "properties": {"value": 2}},
            {"type": "track", "messageId": "m-3", "userId": "jo", "event": "said \ud83d\ude00"}]}"#;
        let request =
            Request::post("/v1/batch").header("authorization", format!("Bearer {}", client.token()));
        world.send(request.body(Body::from(body)).unwrap()).await.is(200);
        assert_eq!(counts(&world).await, (3, 0));
        let sql = world.world.store().read();
        let rows = sql.all("SELECT event, value FROM usage_event ORDER BY id", vec![]).await.unwrap();
        let kept: Vec<_> =
            rows.iter().map(|row| (row.text("event").unwrap(), row.maybe_number("value").unwrap())).collect();
        let expected = [("opened", None), ("said \u{fffd}", Some(2.0)), ("said \u{1f600}", None)];
        assert_eq!(kept, expected.map(|(event, value)| (event.to_owned(), value)));
    });
}

#[test]
fn a_request_that_is_no_batch_is_told_what_would_be_one() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let raw = async |path: &str, key: Option<&str>, body: Vec<u8>, packed: bool| {
            let mut request = Request::post(path);
            if let Some(key) = key {
                request = request.header("authorization", format!("Bearer {key}"));
            }
            if packed {
                request = request.header("content-encoding", "gzip");
            }
            world.send(request.body(Body::from(body)).unwrap()).await
        };
        let key = Some(client.token());
        for (body, packed, status) in [
            (b"{\"batch\": [".to_vec(), false, 400),
            (b"[]".to_vec(), false, 400),
            (b"{}".to_vec(), false, 400),
            (b"not packed".to_vec(), true, 400),
            (vec![b' '; 500 * 1024 + 1], false, 413),
        ] {
            let answer = raw("/v1/batch", key, body, packed).await;
            answer.is(status);
            assert_eq!(answer.json()["success"], false);
        }
        // A thousand times its size when unpacked.
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b' '; 50 << 20]).unwrap();
        raw("/v1/batch", key, bomb.finish().unwrap(), true).await.is(413);

        let empty = b"{\"batch\": []}".to_vec();
        raw("/v1/batch", key, empty.clone(), false).await.is(200);
        let nobody = raw("/v1/batch", None, empty.clone(), false).await;
        nobody.is(401);
        assert_eq!(nobody.headers["www-authenticate"], "Basic");
        raw("/v1/batch", Some("wrong"), empty.clone(), false).await.is(401);
        let other = world.client(&[Scope::Read]).await;
        raw("/v1/batch", Some(other.token()), empty, false).await.is(403);
        let in_body = json!({"writeKey": client.token(), "batch": [track("m-1", "jo")]});
        raw("/v1/batch", None, in_body.to_string().into_bytes(), false).await.is(200);
        assert_eq!(counts(&world).await, (1, 0));
    });
}

/// Begins all of them before any is done.
async fn all_at_once<F: Future<Output = Response> + Unpin>(mut sent: Vec<F>) -> Vec<Response> {
    let mut answers = Vec::new();
    std::future::poll_fn(|context| {
        sent.retain_mut(|each| match std::pin::Pin::new(each).poll(context) {
            Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            Poll::Pending => true,
        });
        if sent.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers
}

#[test]
fn a_server_that_is_too_busy_asks_to_come_again_and_forgets_nothing_it_took() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        let events: Vec<Value> = (0..150).map(|n| track(&format!("m-{n}"), "jo")).collect();
        let sent = events.iter().map(|event| Box::pin(send(&world, "/v1/track", client.token(), event)));
        let answers = all_at_once(sent.collect()).await;
        let n_taken = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(counts(&world).await, (n_taken, 0));
        let busy: Vec<&Response> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert_eq!(n_taken + busy.len(), 150);
        assert!(!busy.is_empty(), "all 150 at once were taken");
        for answer in busy {
            assert_eq!(answer.headers["retry-after"], "1");
        }
        for event in &events {
            send(&world, "/v1/track", client.token(), event).await.is(200);
        }
        assert_eq!(counts(&world).await, (150, 0));
    });
}

#[test]
fn calls_that_say_nothing_about_use_are_taken_and_passed_over() {
    on_both(async |world| {
        let client = world.client(&[Scope::Usage]).await;
        for call in ["identify", "group", "page", "screen", "alias"] {
            let answer = send(&world, &format!("/v1/{call}"), client.token(), &json!({"userId": "jo"})).await;
            answer.is(200);
            assert_eq!(answer.json()["success"], true);
            let says = answer.json()["message"].as_str().unwrap().to_owned();
            assert!(says.starts_with("Taken and passed over: "), "{call}: {says}");
        }
        assert_eq!(counts(&world).await, (0, 0));
    });
}

#[test]
fn what_is_arriving_is_shown_without_counting_fewer_than_five_out() {
    on_both(async |world| {
        let lead = world.person("lea", traction_domain::org::role::RoleWord::ChangeLead, None).await;
        let browser = world.browser_of(lead).await;
        browser.get("/usage").await.is(200).shows("Nothing has arrived yet.").shows("properties.change");
        world.visitor().get("/usage").await.is(303);

        let client = world.client(&[Scope::Usage]).await;
        let events: Vec<Value> = (0..4).map(|n| track(&format!("m-{n}"), &format!("p-{n}"))).collect();
        send(&world, "/v1/batch", client.token(), &json!({ "batch": events })).await.is(200);
        browser
            .get("/usage")
            .await
            .shows("Fewer than 10 events in the last 15 minutes; fewer than 100 in all.")
            .shows("rounds opened arriving");
        send(&world, "/v1/track", client.token(), &track("m-9", "p-9")).await.is(200);
        browser.get("/usage").await.shows("rounds opened fewer than 10 no");
        for n in 10..16 {
            send(&world, "/v1/track", client.token(), &track(&format!("m-{n}"), "p-9")).await.is(200);
        }
        browser
            .get("/usage")
            .await
            .shows("At least 10 events in the last 15 minutes")
            .shows("rounds opened at least 10 no");
        for n in 0..30 {
            let mut bed = track(&format!("secret-{n}"), "p-9");
            bed["event"] = format!("opened bed {}", n % 3).into();
            bed["properties"] = json!({"unit": "ward-secret", "value": 4242, "secret of jo@ward": "secret"});
            send(&world, "/v1/track", client.token(), &bed).await;
            bed["properties"] = json!({"value": 4242, "note": "secret", "bed of jo": "secret"});
            send(&world, "/v1/track", client.token(), &bed).await.is(200);
        }
        let page = browser.get("/usage").await;
        page.shows("opened bed # arriving")
            .hides("bed 1")
            .hides("bed # at least")
            .hides("secret")
            .hides("4242");
        world.days_go_by(0.5).await;
        let one: Vec<Value> = (0..20).map(|n| track(&format!("one-{n}"), "p-9")).collect();
        send(&world, "/v1/batch", client.token(), &json!({ "batch": one })).await.is(200);
        let page = browser.get("/usage").await;
        page.shows("Events are arriving; fewer than 100 in all.").shows("just now arriving");
        send(&world, "/v1/batch", client.token(), &json!({"batch": [7]})).await.is(200);
        browser.get("/usage").await.shows("in all could not be counted").shows("an event is a JSON object");
    });
}
