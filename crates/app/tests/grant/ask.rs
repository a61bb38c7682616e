//! "What would this person get, and why?", answered by the same function as the door.

use serde_json::json;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::contend::ground::CHANGE;
use crate::grant::ofrep::{ALL, about, granted};
use crate::world::on_both;

#[test]
fn an_administrator_is_told_what_anybody_would_get_when_and_why() {
    on_both(async |world| {
        granted(&world).await;
        world.person("lone", RoleWord::Coach, None).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let ask = async |query: &str| ada.get(&format!("/access?{query}")).await;
        ask("").await.is(200).shows("Ask what a person or a unit would get");
        ask("who=jo")
            .await
            .shows("jo gets 0 of 1 solution now.")
            .shows("A person is known as jo , who belongs to ash.")
            .shows("ash holds a slot of wave 1, for which its chance in the draw was 100 %, which starts on Sun 8 Mar 2026, 06:00 UTC.");
        ask("who=jo&at=2026-03-08T06:00")
            .await
            .shows("jo gets 1 of 1 solution on Sun 8 Mar 2026, 06:00 UTC.")
            .shows("on ash holds a slot of wave 1, for which its chance in the draw was 100 %, from Sun 8 Mar 2026, 06:00 UTC without an end.")
            .shows("as it is now");
        ask("who=kim").await.shows("elm holds no slot of this change.").shows("DEFAULT");
        ask("who=ash").await.shows("A unit is known as ash");
        ask("who=kim&unit=ash&at=2026-03-08T06:00").await.shows("ash gets 1 of 1 solution");
        ask("who=kim&unit=zz")
            .await
            .shows("kim in unit zz gets 0 of 1 solution now.")
            .shows("No unit is known as zz")
            .hides("Nobody and no unit is known as");
        ask("who=nobody").await.shows("Nobody and no unit is known as nobody").shows("is known by this name");
        ask("who=lone").await.shows("who belongs to no unit").shows("slots are held by units");
        ask("who=jo&at=soon").await.is(422).shows("write it like 2026-11-22T09:30");
    });
}

#[test]
fn a_pause_and_an_end_are_told_with_their_reason() {
    on_both(async |world| {
        granted(&world).await;
        world.days_go_by(2.0).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let ask = async || ada.get("/access?who=jo").await;
        ask().await.shows("jo gets 1 of 1 solution now.");
        ada.submit(&format!("{CHANGE}/state"), &[("state", "paused"), ("why", "a leak")]).await;
        ask().await.shows("The change is paused for everybody; ash holds a slot").shows("DISABLED");
        ada.submit(&format!("{CHANGE}/state"), &[("state", "running"), ("why", "mended")]).await;
        let writer = world.client(&[Scope::Write]).await;
        let id = writer.get("/api/v1/slots").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let step = async |step: &str, why: &str| {
            let wish = json!({"step": step, "why": why});
            writer.post(&format!("/api/v1/slots/{id}/steps"), &wish).await.is(200);
        };
        step("paused", "the ward moves").await;
        ask().await.shows("ash holds a slot, and paused it on Sun 8 Mar 2026").shows("“the ward moves”");
        step("resumed", "").await;
        ask().await.shows("jo gets 1 of 1 solution now.");
        step("ended", "it closes").await;
        ask().await.shows("The slot of ash ended on Sun 8 Mar 2026");
    });
}

#[test]
fn the_page_says_what_the_door_says() {
    on_both(async |world| {
        granted(&world).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let writer = world.client(&[Scope::Write]).await;
        for who in ["jo", "kim", "ash", "elm", "nobody"] {
            for at in [
                "2026-03-06T12:00:00Z",
                "2026-03-08T05:59:59Z",
                "2026-03-08T06:00:00Z",
                "2027-01-01T00:00:00Z",
            ] {
                let door = writer.post(&format!("{ALL}?at={at}"), &about(who)).await.json();
                let flag = &door["flags"][0];
                let page = ada.get(&format!("/access?who={who}&at={at}")).await;
                let n_on = usize::from(flag["value"] == json!(true));
                page.shows(&format!("{who} gets {n_on} of 1 solution"))
                    .shows(flag["reason"].as_str().unwrap());
            }
        }
    });
}

#[test]
fn the_guide_has_this_installations_address_and_the_flag_that_is_picked() {
    on_both(async |world| {
        let page = world.visitor().get("/access/guide").await;
        page.is(200).shows(
            "https://traction.example.org"
                .replace("https://traction.example.org", "http://traction.test")
                .as_str(),
        );
        granted(&world).await;
        let page = world.visitor().get("/access/guide?flag=bedside-tests").await;
        page.shows("baseUrl: \"http://traction.test\"")
            .shows("getBooleanValue(\"bedside-tests\", false")
            .hides("example.org");
        for language in ["Node", "A web page or app", "Python", "Rust", "Java", ".NET", "Go"] {
            page.shows(language);
        }
        page.shows("not run by this project’s tests");
    });
}
