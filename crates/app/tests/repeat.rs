//! A write that a program sends again under its key is done once, whatever became of the first answer.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use traction::org::token::store::Scope;

use crate::world::{Client, Response, TestWorld, on_both, on_nodes};

const FRICTIONS: &str = "/api/v1/frictions";

fn late(title: &str) -> Value {
    json!({ "unit": "ward-7", "title": title, "times_per_week": 5, "minutes": 12 })
}

async fn sent(world: &TestWorld, token: &str, key: &str, path: &str, body: &Value) -> Response {
    let request = Request::post(path)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn n_frictions(client: &Client<'_>) -> usize {
    client.get(FRICTIONS).await.json()["items"].as_array().unwrap().len()
}

#[test]
fn a_write_that_is_sent_again_is_done_once_and_gets_the_first_answer() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Write]).await;
        let send =
            async |key: &str, title: &str| sent(&world, client.token(), key, FRICTIONS, &late(title)).await;
        let first = send("k-1", "Results come late").await;
        let again = send("k-1", "Results come late").await;
        assert_eq!(
            (first.is(201).json(), &first.headers[CONTENT_TYPE]),
            (again.is(201).json(), &again.headers[CONTENT_TYPE])
        );
        assert_eq!(n_frictions(&client).await, 1);

        let other = send("k-1", "The lift is stuck").await;
        assert!(other.is(422).body.contains("came with another request before"), "{}", other.body);
        let same = late("Results come late");
        sent(&world, client.token(), "k-1", "/api/v1/ideas", &same).await.is(422);
        assert_eq!(n_frictions(&client).await, 1);

        let another = world.client(&[Scope::Write]).await;
        sent(&world, another.token(), "k-1", FRICTIONS, &late("No beds")).await.is(201);
        assert_eq!(n_frictions(&client).await, 2, "a key is its token's own");

        world.days_go_by(1.1).await;
        let anew = send("k-1", "Results come late").await;
        assert_ne!(anew.is(201).json(), first.json());
        assert_eq!(n_frictions(&client).await, 3, "a day later nothing is known of it");
    });
}

#[test]
fn what_was_refused_can_be_mended_under_its_key() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Write]).await;
        let send =
            async |key: &str, title: &str| sent(&world, client.token(), key, FRICTIONS, &late(title)).await;
        send("k-1", "").await.is(422);
        send("k-1", "Results come late").await.is(201);
        assert_eq!(n_frictions(&client).await, 1);
        send("", "No beds").await.is(400);
        let long = send(&"k".repeat(201), "No beds").await;
        assert!(long.is(400).body.contains("1 to 200 letters"), "{}", long.body);
        sent(&world, "nobody's", "k-2", FRICTIONS, &late("No beds")).await.is(401);
        let reader = world.client(&[Scope::Read]).await;
        sent(&world, reader.token(), "k-2", FRICTIONS, &late("No beds")).await.is(403);
        assert_eq!(n_frictions(&client).await, 1);
    });
}

/// The server fell after the write and before its answer was kept.
#[test]
fn what_was_done_before_a_crash_is_not_done_again() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Write]).await;
        let send = async || sent(&world, client.token(), "k-1", FRICTIONS, &late("Results come late")).await;
        send().await.is(201);
        let sql = world.world.store().read();
        let lost = "UPDATE repeat SET status = NULL, kind = NULL, body = NULL";
        assert_eq!(sql.run(lost, vec![]).await.unwrap(), 1);
        let again = send().await;
        assert!(again.is(409).body.contains("look at what is there"), "{}", again.body);
        assert_eq!(n_frictions(&client).await, 1);
    });
}

#[test]
fn a_link_that_is_told_once_is_kept_nowhere() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let client = world.client(&[Scope::Write]).await;
        let open = json!({ "do": "open" });
        let kiosk = "/api/v1/units/ward-7/kiosk";
        sent(&world, client.token(), "k-1", kiosk, &open).await.is(200);
        sent(&world, client.token(), "k-1", kiosk, &open).await.is(409);
        let sql = world.world.store().read();
        let kept = sql.all("SELECT key FROM repeat WHERE body IS NULL", vec![]).await.unwrap();
        assert_eq!(kept.len(), 1, "the key is kept, and not the answer");
    });
}

#[test]
fn of_two_that_come_to_two_servers_at_once_one_is_done() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        one.unit("ward-7", None).await;
        let client = one.client(&[Scope::Write]).await;
        for n in 1..=8 {
            let (key, body) = (format!("k-{n}"), late(&format!("Results come late {n}")));
            let (left, right) = tokio::join!(
                sent(&one, client.token(), &key, FRICTIONS, &body),
                sent(&other, client.token(), &key, FRICTIONS, &body),
            );
            let mut statuses = [left.status.as_u16(), right.status.as_u16()];
            statuses.sort_unstable();
            assert!(statuses == [201, 201] || statuses == [201, 409], "{left:?} {right:?}");
            assert_eq!(n_frictions(&client).await, n);
        }
    });
}
