//! The door of the real system, and everything that released clients have tripped over.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::contend::ground::{CHANGE, WAVE, apply, ward, wave};
use crate::world::{Client, Response, TestWorld, on_both};

pub const ONE: &str = "/ofrep/v1/evaluate/flags/bedside-tests";
pub const ALL: &str = "/ofrep/v1/evaluate/flags";

pub fn about(key: &str) -> Value {
    json!({"context": {"targetingKey": key}})
}

/// The ward `ash` got the only slot, from 8 March, 06:00; it is the 6th. `jo` belongs to it, `kim` to another.
pub async fn granted(world: &TestWorld) -> Client<'_> {
    let cleo = wave(world, "1", "2026-03-02T08:00").await;
    let ash = ward(world, "ash").await;
    apply(&ash).await;
    world.person("jo", RoleWord::Member, Some(ash.id)).await;
    let elm = world.unit("elm", None).await;
    world.person("kim", RoleWord::Member, Some(elm)).await;
    world.days_go_by(4.2).await;
    cleo.submit(&format!("{WAVE}/draw"), &[]).await;
    world.client(&[Scope::Access]).await
}

pub async fn send(
    world: &TestWorld,
    client: &Client<'_>,
    path: &str,
    body: impl Into<Body>,
    headers: &[(&str, &str)],
) -> Response {
    let mut request = Request::post(path).header("authorization", format!("Bearer {}", client.token()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(body.into()).unwrap()).await
}

#[test]
fn the_people_of_a_unit_get_the_flag_from_the_start_by_the_clock_alone() {
    on_both(async |world| {
        let client = granted(&world).await;
        let before = client.post(ONE, &about("jo")).await;
        before.is(200);
        let said = before.json();
        assert_eq!(
            (&said["value"], &said["variant"], &said["reason"]),
            (&json!(false), &json!("off"), &json!("DEFAULT"))
        );

        world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
        let said = client.post(ONE, &about("jo")).await.json();
        assert_eq!(said["key"], json!("bedside-tests"));
        assert_eq!(
            (&said["value"], &said["variant"], &said["reason"]),
            (&json!(true), &json!("on"), &json!("TARGETING_MATCH"))
        );
        assert_eq!(said["metadata"]["change"], json!("bedside-tests"));
        assert!(said["metadata"]["slot"].is_string() && said["metadata"]["wave"].is_string());
        assert!(
            said["metadata"]
                .as_object()
                .unwrap()
                .values()
                .all(|value| !value.is_object() && !value.is_array())
        );
        for (key, value) in [("kim", false), ("nobody", false), ("ash", true), ("elm", false)] {
            assert_eq!(client.post(ONE, &about(key)).await.json()["value"], json!(value), "{key}");
        }
        let meant = json!({"context": {"targetingKey": "kim", "unit": "ash"}});
        assert_eq!(client.post(ONE, &meant).await.json()["value"], json!(true));
        let all = client.post(ALL, &about("kim")).await.json();
        assert_eq!(all["flags"][0]["value"], json!(false));
    });
}

#[test]
fn pausing_and_giving_back_are_seen_at_once() {
    on_both(async |world| {
        let client = granted(&world).await;
        world.days_go_by(2.0).await;
        let cleo = world.person("cleo-2", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "paused"), ("why", "a leak")]).await;
        let said = client.post(ONE, &about("jo")).await.json();
        assert_eq!((&said["value"], &said["reason"]), (&json!(false), &json!("DISABLED")));
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "running"), ("why", "mended")]).await;
        assert_eq!(client.post(ONE, &about("jo")).await.json()["value"], json!(true));

        let slots = world.client(&[Scope::Write]).await;
        let listed = slots.get("/api/v1/slots").await.json();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        slots.post(&format!("/api/v1/slots/{id}/steps"), &json!({"step": "ended"})).await.is(422);
        let wish = json!({"step": "ended", "why": "the ward closes"});
        slots.post(&format!("/api/v1/slots/{id}/steps"), &wish).await.is(200);
        assert_eq!(client.post(ONE, &about("jo")).await.json()["value"], json!(false));
    });
}

#[test]
fn bad_input_is_answered_in_the_protocol() {
    on_both(async |world| {
        let client = granted(&world).await;
        let cases: [(&str, u16, &str); 8] = [
            ("", 400, "PARSE_ERROR"),
            ("{", 400, "PARSE_ERROR"),
            ("[]", 400, "PARSE_ERROR"),
            (r#"{"context": 7}"#, 400, "INVALID_CONTEXT"),
            (r#"{"context": {"targetingKey": 7}}"#, 400, "INVALID_CONTEXT"),
            (r#"{"context": {}}"#, 400, "TARGETING_KEY_MISSING"),
            (r#"{}"#, 400, "TARGETING_KEY_MISSING"),
            (r#"{"context": {"targetingKey": "jo", "a": [null, {"b": 1.5}], "c": true}}"#, 200, ""),
        ];
        for (body, status, code) in cases {
            for content in ["application/json; charset=utf-8", "text/plain", ""] {
                let said = send(&world, &client, ONE, body.to_owned(), &[("content-type", content)]).await;
                said.is(status);
                assert_eq!(said.json()["key"], json!("bedside-tests"), "{body}");
                if status == 400 {
                    assert_eq!(said.json()["errorCode"], json!(code), "{body}");
                    assert!(said.json()["errorDetails"].is_string());
                }
            }
            let bulk = send(&world, &client, ALL, body.to_owned(), &[]).await;
            bulk.is(status);
            assert!(bulk.json().get("key").is_none());
        }
        let unknown = client.post("/ofrep/v1/evaluate/flags/no%20such%2Fflag", &about("jo")).await;
        unknown.is(404);
        assert_eq!(unknown.json()["errorCode"], json!("FLAG_NOT_FOUND"));
        assert_eq!(unknown.json()["key"], json!("no such/flag"));
        let large = send(&world, &client, ONE, vec![b' '; 2 << 20], &[]).await;
        large.is(413);
        assert_eq!(
            (&large.json()["key"], &large.json()["errorCode"]),
            (&json!("bedside-tests"), &json!("GENERAL"))
        );
        let get = client.get(ONE).await;
        get.is(405);
        assert_eq!(
            (get.json()["errorCode"].as_str(), get.headers["allow"].to_str().ok()),
            (Some("GENERAL"), Some("POST,OPTIONS"))
        );
        client.post(&format!("/{ONE}"), &about("jo")).await.is(200);
        client.post(&format!("/{ALL}"), &about("jo")).await.is(200);
        client.post("/ofrep/v1/evaluate/flags/bedside%2Dtests", &about("jo")).await.is(200);
    });
}

#[test]
fn credentials_are_looked_at_before_the_flag() {
    on_both(async |world| {
        let client = granted(&world).await;
        let ask = async |name: &str, value: &str| {
            let request = Request::post("/ofrep/v1/evaluate/flags/unknown").header(name, value);
            world.send(request.body(Body::from(about("jo").to_string())).unwrap()).await
        };
        let without = ask("x-nothing", "").await;
        without.is(401);
        assert_eq!(
            (without.json()["errorCode"].as_str(), without.headers["www-authenticate"].to_str().ok()),
            (Some("GENERAL"), Some("Bearer"))
        );
        ask("authorization", "Bearer traction_0000").await.is(401);
        ask("authorization", &format!("Basic {}", client.token())).await.is(401);
        ask("authorization", &format!("bearer {}", client.token())).await.is(404);
        ask("x-api-key", client.token()).await.is(404);
        let other = world.client(&[Scope::Usage]).await;
        ask("x-api-key", other.token()).await.is(403);
        let before = client.token().to_owned();
        let id = traction::org::token::store::live(world.world.store().read()).await.unwrap()[0].id;
        traction::org::token::verbs::revoke(&world.world, &traction_domain::org::who::Who::operator(), id)
            .await
            .unwrap();
        world.settles().await;
        ask("x-api-key", &before).await.is(401);
    });
}

#[test]
fn a_bulk_answer_has_a_tag_that_changes_when_the_answer_can() {
    on_both(async |world| {
        let client = granted(&world).await;
        let ask = async |key: &str, tags: &str| {
            let headers = [("if-none-match", tags)];
            send(
                &world,
                &client,
                &format!("{ALL}?flagConfigEtag=x&flagConfigLastModified=1"),
                about(key).to_string(),
                &headers,
            )
            .await
        };
        let tag_of = |response: &Response| response.headers["etag"].to_str().unwrap().to_owned();
        let first = ask("jo", "\"stale\"").await;
        first.is(200);
        let tag = tag_of(&first);
        assert!(tag.starts_with('"') && tag.ends_with('"'));
        assert_eq!(first.headers["cache-control"], "private, no-cache");
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"a\", W/\"b\" , {tag}"), "*".into()] {
            let same = ask("jo", &tags).await;
            same.is(304);
            assert_eq!((tag_of(&same), same.body.as_str()), (tag.clone(), ""));
        }
        assert_ne!(tag_of(&ask("kim", "").await), tag, "another context");
        let other = world.client(&[Scope::Access]).await;
        let others = send(&world, &other, ALL, about("jo").to_string(), &[]).await;
        assert_ne!(tag_of(&others), tag, "another credential");

        let before = tag_of(&ask("jo", "").await);
        world.world.turn_clock("2026-03-08T06:00:00Z".parse().unwrap());
        let started = ask("jo", &before).await;
        started.is(200);
        assert_eq!(started.json()["flags"][0]["value"], json!(true));
        let yew = world.unit("yew", None).await;
        world.person("new", RoleWord::Member, Some(yew)).await;
        world.settles().await;
        ask("jo", &tag_of(&started)).await.is(304);
    });
}

#[test]
fn browsers_of_other_sites_may_ask() {
    on_both(async |world| {
        let client = granted(&world).await;
        let preflight = Request::options(ONE)
            .header("origin", "https://app.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type,if-none-match");
        let may = world.send(preflight.body(Body::empty()).unwrap()).await;
        may.is(204);
        assert_eq!(may.headers["access-control-allow-origin"], "*");
        let allowed = may.headers["access-control-allow-headers"].to_str().unwrap();
        for name in ["authorization", "content-type", "if-none-match"] {
            assert!(allowed.contains(name));
        }
        for answer in [client.post(ALL, &about("jo")).await, client.post(ONE, &json!({})).await] {
            assert_eq!(answer.headers["access-control-allow-origin"], "*");
            assert_eq!(answer.headers["access-control-expose-headers"], "ETag, Retry-After");
        }
    });
}

#[test]
fn another_moment_is_previewed_by_who_may_write_only() {
    on_both(async |world| {
        let client = granted(&world).await;
        let then = format!("{ONE}?at=2026-04-01T00:00:00Z");
        client.post(&then, &about("jo")).await.is(403);
        let writer = world.client(&[Scope::Write]).await;
        assert_eq!(writer.post(&then, &about("jo")).await.json()["value"], json!(true));
        assert_eq!(writer.post(ONE, &about("jo")).await.json()["value"], json!(false));
        writer.post(&format!("{ONE}?at=soon"), &about("jo")).await.is(400);
    });
}

#[test]
fn a_unit_sent_as_a_number_is_that_unit_and_one_sent_as_anything_else_never_the_persons_own() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        apply(&ward(&world, "ash").await).await;
        let five = world.unit("5", None).await;
        let ash = traction::org::unit::verbs::find(world.world.store().read(), "ash").await.unwrap();
        world.person("jo", RoleWord::Member, Some(ash.id)).await;
        world.person("sam", RoleWord::Member, Some(five)).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        world.days_go_by(2.0).await;
        let client = world.client(&[Scope::Access]).await;
        let answer = async |context: Value| {
            let said = client.post(ONE, &json!({ "context": context })).await;
            said.is(200);
            said.json()["value"].clone()
        };
        assert_eq!(answer(json!({"targetingKey": "jo"})).await, json!(true), "ash holds the slot");
        for unit in
            [json!(5), json!("5"), json!(-5), json!(5.5), json!(true), json!({"id": "ash"}), json!(["ash"])]
        {
            let context = json!({"targetingKey": "jo", "unit": unit});
            assert_eq!(answer(context).await, json!(false), "not the person's own: {unit}");
        }
        assert_eq!(answer(json!({"targetingKey": "jo", "unit": null})).await, json!(true), "none is named");
        assert_eq!(answer(json!({"targetingKey": "sam", "unit": "ash"})).await, json!(true));
    });
}
