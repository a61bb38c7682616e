//! Too many at once, and such as never come to the point: told in the protocol, and nobody else is hurt.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures_util::{future, stream};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use traction::grant::access::api::{Pace, doors};
use traction::grant::access::holder::N_UNDER_WAY;
use traction::org::token::store::Scope;

use crate::grant::ofrep::{ALL, ONE, about, granted};
use crate::world::on_both;

/// A request whose body never comes.
fn endless(path: &str, token: &str) -> Request<Body> {
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    Request::post(path).header("x-api-key", token).body(never).unwrap()
}

#[test]
fn a_token_with_too_much_under_way_is_told_when_to_come_back_and_others_are_served() {
    on_both(async |world| {
        let (client, other) = (granted(&world).await, world.client(&[Scope::Access]).await);
        let mut under_way = Vec::new();
        for _ in 0..N_UNDER_WAY {
            let mut request = Box::pin(world.open(endless(ONE, client.token())));
            assert!(future::poll_immediate(&mut request).await.is_none(), "it waits for its body");
            under_way.push(request);
        }
        for path in [ONE, ALL] {
            let refused = client.post(path, &about("jo")).await;
            refused.is(429);
            assert_eq!(refused.headers["retry-after"], "1", "whole seconds: a date breaks clients");
            assert_eq!(refused.json()["errorCode"], json!("GENERAL"));
            assert_eq!(refused.json().get("key").is_some(), path == ONE);
            other.post(path, &about("jo")).await.is(200);
        }
        under_way.pop();
        client.post(ONE, &about("jo")).await.is(200);
    });
}

#[test]
fn a_request_that_does_not_come_to_the_point_is_ended_in_the_protocol() {
    on_both(async |world| {
        let client = granted(&world).await;
        let pace = Pace { patience: Duration::from_millis(30), ..Pace::default() };
        let door = doors(world.world.clone(), pace);
        let answer = door.oneshot(endless(ONE, client.token())).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (503, &"1".parse().unwrap())
        );
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&said["key"], &said["errorCode"]), (&json!("bedside-tests"), &json!("GENERAL")));
        client.post(ONE, &about("jo")).await.is(200);
    });
}

#[test]
fn nobody_who_is_let_in_or_turned_away_makes_the_database_work() {
    on_both(async |world| {
        let client = granted(&world).await;
        let before = client.post(ONE, &about("jo")).await.json();
        // What is not there any more cannot be asked.
        let tx = world.world.store().begin().await.unwrap();
        tx.run("ALTER TABLE token RENAME TO token_gone", vec![]).await.unwrap();
        tx.run("ALTER TABLE person RENAME TO person_gone", vec![]).await.unwrap();
        world.world.commit(tx).await.unwrap();
        assert_eq!(client.post(ONE, &about("jo")).await.json(), before);
        let unknown = Request::post(ONE).header("x-api-key", "traction_0000");
        world.send(unknown.body(Body::from(about("jo").to_string())).unwrap()).await.is(401);
    });
}
