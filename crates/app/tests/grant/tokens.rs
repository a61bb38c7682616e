//! Tokens on their page: made for one system, seen when last used, revoked.

use traction::grant::access::board;
use traction::org::token::store;
use traction_domain::org::role::RoleWord;

use crate::grant::ofrep::{ALL, about, granted, send};
use crate::world::{TestWorld, on_both};

async fn administrator(world: &TestWorld) -> crate::world::Browser<'_> {
    let ada = world.person("ada", RoleWord::Administrator, None).await;
    world.browser_of(ada).await
}

#[test]
fn an_administrator_makes_a_token_for_a_system_sees_its_use_and_takes_it_back() {
    on_both(async |world| {
        let client = granted(&world).await;
        world.days_go_by(0.01).await;
        let ada = administrator(&world).await;
        ada.get("/tokens").await.shows("1 token is live").shows("access");
        let made = ada.post("/tokens", &[("name", "bed scanners"), ("scope", "access")]).await;
        made.is(200).shows("shown this once").shows("2 tokens are live").shows("bed scanners");
        let secret =
            made.text().split_whitespace().find(|word| word.starts_with("traction_")).unwrap().to_owned();
        ada.get("/tokens").await.hides(&secret).shows("never");

        let request = axum::http::Request::post(ALL).header("x-api-key", &secret);
        world.send(request.body(about("jo").to_string().into()).unwrap()).await.is(200);
        ada.get("/tokens").await.shows("bed scanners made 6 Mar 2026 , used just now access");
        world.days_go_by(0.1).await;
        // Kept, so that another server, and this one after a while, know it too.
        board::keep_uses(&world.world).await.unwrap();
        let listed = store::listed(world.world.store().read()).await.unwrap();
        let uses: Vec<_> =
            listed.iter().map(|listed| (&*listed.token.name, listed.used_at.is_some())).collect();
        assert_eq!(uses, [("test", false), ("bed scanners", true)]);
        send(&world, &client, ALL, about("jo").to_string(), &[]).await.is(200);
        board::keep_uses(&world.world).await.unwrap();
        let again = store::listed(world.world.store().read()).await.unwrap();
        assert_eq!(again[1], listed[1], "what was not used again is left alone");
        assert_eq!(again[0].used_at, Some(world.world.now()));

        let id = listed[1].token.id;
        ada.submit(&format!("/tokens/{id}/end"), &[]).await;
        ada.get("/tokens").await.hides("bed scanners").shows("1 token is live");
        let request = axum::http::Request::post(ALL).header("x-api-key", &secret);
        world.send(request.body(about("jo").to_string().into()).unwrap()).await.is(401);
    });
}

#[test]
fn a_token_that_would_open_nothing_is_refused_and_nothing_is_lost() {
    on_both(async |world| {
        let ada = administrator(&world).await;
        let refused = ada.post("/tokens", &[("name", "ward computers")]).await;
        refused.is(422).shows("choose at least one thing that it is for");
        assert!(refused.body.contains("value=\"ward computers\""));
        let nameless = ada.post("/tokens", &[("name", " "), ("scope", "read"), ("scope", "usage")]).await;
        nameless.is(422);
        assert_eq!(nameless.body.matches(" checked").count(), 2);
        ada.get("/tokens").await.shows("0 tokens are live");
    });
}

#[test]
fn tokens_and_what_others_get_are_for_administrators() {
    on_both(async |world| {
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        for path in ["/tokens", "/access", "/access?who=jo"] {
            world.visitor().get(path).await.is(303);
            cleo.get(path).await.is(403);
        }
        cleo.post("/tokens", &[("name", "mine"), ("scope", "write")]).await.is(403);
        world.visitor().get("/access/guide").await.is(200).shows("When Traction cannot be reached");
    });
}
