//! What nobody types on purpose: broken addresses, characters that no keyboard has, bodies without end. Each is
//! answered in our words, by both databases alike, and none is an accident of ours.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::world::{TestWorld, on_both};

/// Addresses that cannot be read, or that name what cannot be.
const NOWHERE: [&str; 24] = [
    "/slots/zzz",
    "/frictions/zzz",
    "/ideas/zzz",
    "/pulses/zzz",
    "/applications/zzz",
    "/cycles/zzz",
    "/commitments/zzz",
    "/evidence/zzz",
    "/showcases/zzz",
    "/hand-overs/zzz",
    "/tensions/zzz",
    "/experts/zzz",
    "/people/zzz",
    "/units/by-id/zzz",
    "/changes/x/waves/x",
    "/changes/x/waves/99999999999999999999/draw",
    "/hand-overs/new",
    "/journal?before=abc",
    "/changes/a%00b",
    "/changes/a%00b/uptake",
    "/changes/a%ffb",
    "/outcomes/a%00b",
    "/units/a%00b",
    "/watches/a%00b/c%00d",
];

#[test]
fn an_address_that_cannot_be_read_leads_nowhere_in_our_words() {
    on_both(async |world| {
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        for address in NOWHERE {
            let page = ada.get(address).await;
            assert_eq!(page.status.as_u16(), 404, "{address}: {}", page.text());
            page.shows("Nothing here").shows("Back to the loop");
        }
        ada.post("/frictions/xyz/shares", &[]).await.is(404).shows("Nothing here");
    });
}

#[test]
fn programs_are_told_of_a_mangled_address_in_problem_details() {
    on_both(async |world| {
        let client = world.client(&[Scope::Read, Scope::Write]).await;
        for address in ["/api/v1/slots/zzz", "/api/v1/evidence/zzz", "/api/v1/changes/a%ffb"] {
            let problem = client.get(address).await;
            problem.is(404);
            assert_eq!(problem.headers[CONTENT_TYPE], "application/problem+json", "{address}");
            assert_eq!(problem.json()["status"], 404);
        }
        let list = client.post("/api/v1/changes", &json!([])).await;
        list.is(400);
        let detail = list.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("expected an object"), "{detail}");
        assert!(!detail.contains("struct"), "{detail}");
    });
}

async fn send(world: &TestWorld, path: &str, token: &str, n_bytes: usize) -> crate::world::Response {
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(AUTHORIZATION, format!("Bearer {token}"));
    let body = format!("email={}", "x".repeat(n_bytes));
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[test]
fn a_body_that_is_too_large_is_refused_in_our_words_and_a_large_one_is_read() {
    on_both(async |world| {
        let client = world.client(&[Scope::Write]).await;
        let token = client.token();
        let page = send(&world, "/sign-in", token, 40 << 20).await;
        page.is(413).shows("Too much at once").shows("This is more than 32 MB");
        let problem = send(&world, "/api/v1/changes", token, 40 << 20).await;
        problem.is(413);
        assert_eq!(problem.headers[CONTENT_TYPE], "application/problem+json");
        send(&world, "/sign-in", token, 3 << 20).await.is(422).shows("is not an e-mail address");
    });
}

#[test]
fn a_character_that_cannot_be_read_is_refused_beside_its_entry() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await.to_string();
        let sign_in = [("email", "a\0@b.c"), ("password", "a short sentence")];
        world.visitor().post("/sign-in", &sign_in).await.is(422).shows("is not an e-mail address");
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let friction =
            [("title", "Late\0results"), ("times_per_week", "10"), ("minutes", "30"), ("unit", &*ward)];
        let refused = ada.post("/frictions", &friction).await;
        refused.is(422).shows("What gets in the way contains a character that cannot be read (U+0000)");
        ada.post("/people", &[("name", "Jo\0")]).await.is(422).shows("(U+0000)");
        let client = world.client(&[Scope::Write, Scope::Usage]).await;
        let sent = json!({"unit": "ward-7", "title": "a\0b", "times_per_week": 1, "minutes": 1, "people": 1});
        client.post("/api/v1/frictions", &sent).await.is(422);
        let event =
            json!({"messageId": "m-1", "event": "opened", "userId": "p", "properties": {"unit": "a\0b"}});
        client.post("/v1/track", &event).await.is(200);
    });
}
