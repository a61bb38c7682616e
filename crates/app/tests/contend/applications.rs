//! A unit applies, changes what it wrote, withdraws; and is told why when it may not.

use std::time::Duration;

use serde_json::json;
use traction::contend::draw;
use traction::grant::slot;
use traction::org::token::store::Scope;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::ground::{CHANGE, WAVE, announce, application, apply, contenders, ward, wave};
use crate::world::on_both;

#[test]
fn a_unit_applies_and_sees_how_many_contend_and_how_it_is_decided() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, ["ash", "elm", "fir"]).await;
        let call = wards[0].lead.get(WAVE).await;
        call.shows("3 units contend for 2 slots; applications close in 4 days")
            .shows("3 units for 2 slots, 1.5 per slot")
            .shows("ash has applied")
            .shows("Committed to:")
            .hides("elm");
        cleo.get(WAVE).await.shows("elm").shows("Results come late");
        world.visitor().get("/waves").await.shows("1 wave is open").shows("3 (1.5 per slot)");
        world.visitor().get(WAVE).await.is(200).shows("Sign in").hides("Results come late");
    });
}

#[test]
fn one_application_a_unit_changed_and_withdrawn_until_closing() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let ash = &contenders(&world, ["ash"]).await[0];
        let unit = ash.id.to_string();
        let again = ash.lead.post(&format!("{WAVE}/applications"), &application(&unit)).await;
        again.is(422).shows("Your unit has applied to this wave");

        let page = ash.lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        let written =
            [("pain", "Late results"), ("aim", "Before eight"), ("owner", "Kim"), ("pledge", "Two")];
        ash.lead.get(&format!("/applications/{id}")).await.shows("You can change it");
        ash.lead.submit(&format!("/applications/{id}"), &written).await;
        ash.lead.get(WAVE).await.shows("Before eight").hides("Before nine");
        let mut empty = written;
        empty[2].1 = " ";
        let refused = ash.lead.post(&format!("/applications/{id}"), &empty).await;
        refused.is(422).shows("Please fill in who answers for it");

        let stranger = ward(&world, "elm").await;
        stranger.lead.post(&format!("/applications/{id}"), &written).await.is(403);
        stranger.lead.post(&format!("/applications/{id}/withdrawal"), &[]).await.is(403);

        ash.lead.submit(&format!("/applications/{id}/withdrawal"), &[]).await;
        ash.lead
            .get(WAVE)
            .await
            .shows("Nobody contends yet for 2 slots")
            .shows("nobody yet, for 2 slots")
            .hides("ash has applied");
        apply(ash).await;
        ash.lead.get(WAVE).await.shows("1 unit contends");
    });
}

#[test]
fn who_may_not_apply_is_told_what_to_do() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-05T08:00").await;
        announce(&cleo, "2", "2026-04-01T08:00", "2026-04-10T08:00", "2026-04-20T06:00").await;
        let ash = ward(&world, "ash").await;
        let elm = ward(&world, "elm").await;
        let unit = ash.id.to_string();
        let applications = format!("{WAVE}/applications");
        let early = ash.lead.post(&applications, &application(&unit)).await;
        early.is(422).shows("Applications open on 5 March 2026, 08:00 UTC; come back then.");

        world.days_go_by(4.0).await;
        elm.lead.post(&applications, &application(&unit)).await.is(403);
        world.visitor().get(WAVE).await.is(200);
        let member = world.person("kim", RoleWord::Member, Some(ash.id)).await;
        world.browser_of(member).await.post(&applications, &application(&unit)).await.is(403);
        ash.lead.post(&applications, &[("unit", "nowhere")]).await.is(422);

        world.days_go_by(1.0).await;
        let late = ash.lead.post(&applications, &application(&unit)).await;
        late.is(422).shows("Applications closed on 6 March 2026, 09:00 UTC; wave 2 opens on 1 April 2026");
    });
}

#[test]
fn after_closing_an_application_is_shown_and_no_longer_changed() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let ash = &contenders(&world, ["ash"]).await[0];
        let page = ash.lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        let address = format!("/applications/{id}");
        ash.lead.get(&address).await.shows("Keep it like this");
        world.days_go_by(4.2).await;
        let page = ash.lead.get(&address).await;
        page.is(200).shows("it stays as it was then").shows("Results come late").hides("Keep it like this");
        let written = [("pain", "No beds"), ("aim", "Beds"), ("owner", "Kim"), ("pledge", "Two")];
        let late = ash.lead.post(&address, &written).await;
        late.is(422).shows("Applications closed on").shows("No beds").shows("Results come late");
    });
}

#[test]
fn how_a_wave_chooses_is_set_before_it_opens() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-05T08:00").await;
        let ash = ward(&world, "ash").await;
        let policy = [
            ("cuts", "4.5; 3.5"),
            ("unshown", ""),
            ("threshold", "3"),
            ("cap", "1"),
            ("contenders", "named"),
        ];
        ash.lead.post(&format!("{WAVE}/policy"), &policy).await.is(403);
        let mut upside_down = policy;
        upside_down[0].1 = "3, 4";
        let refused = cleo.post(&format!("{WAVE}/policy"), &upside_down).await;
        refused.is(422).shows("The cut points 3, 4 cannot part readiness");
        cleo.submit(&format!("{WAVE}/policy"), &policy).await;
        world
            .visitor()
            .get(WAVE)
            .await
            .shows("the bands part at 4.5 and 3.5 of 5")
            .shows("from a readiness of 3.0")
            .shows("A unit needs a shown pulse")
            .shows("No more than 1 under one parent");

        world.days_go_by(4.0).await;
        cleo.post(&format!("{WAVE}/policy"), &policy).await.is(422).shows("stays as units read it then");
        let unit = ash.id.to_string();
        let refused = ash.lead.post(&format!("{WAVE}/applications"), &application(&unit)).await;
        refused.is(422).shows("This wave asks for a readiness pulse");
    });
}

#[test]
fn a_program_applies_and_reads_the_waves() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        world.unit("ash", None).await;
        let client = world.client(&[Scope::Write]).await;
        let wish = json!({"unit": "ash", "pain": "late", "aim": "early", "owner": "Jo", "pledge": "an hour"});
        client.post(&format!("/api/v1{WAVE}/applications"), &wish).await.is(201);
        let again = client.post(&format!("/api/v1{WAVE}/applications"), &wish).await;
        again.is(422);
        assert!(again.json()["detail"].as_str().unwrap().starts_with("Your unit has applied"));
        let waves = client.get("/api/v1/waves").await.json();
        assert_eq!(waves["items"][0]["contenders"], json!(1));
        assert_eq!(waves["items"][0]["state"], json!("open"));
        assert!(world.visitor().get(CHANGE).await.status.is_success());
    });
}

#[test]
fn whoever_withdraws_while_the_slots_are_granted_is_told_that_he_has_one() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let ash = &contenders(&world, ["ash"]).await[0];
        let page = ash.lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        world.days_go_by(4.2).await;
        let node = &world.world;
        let (change, wave) =
            traction::offer::wave::verbs::find(node.store().read(), "bedside-tests", 1).await.unwrap();
        let who = Who::operator();
        // The draw and its grant are under way, and nobody else sees them yet.
        let mut tx = node.store().begin().await.unwrap();
        let holders = draw::run::holders(&tx, change.id, node.now()).await.unwrap();
        let contest = draw::verbs::contest(&tx, &wave, &holders).await.unwrap().unwrap();
        let counted = contest.count().unwrap();
        let record = draw::verbs::record(node, &mut tx, &who, &change, &wave, &holders, Some(&counted)).await;
        assert!(record.unwrap().is_some(), "it was counted for this very list");
        let granting = slot::store::Granting {
            change: change.id,
            wave: Some(wave.id),
            unit: ash.id,
            asked: Asked::Pull,
            probability: Some(1.0),
            time: Span { from: wave.starts_at, until: None },
        };
        slot::verbs::record(node, &mut tx, &who, granting).await.unwrap();
        let path = format!("/applications/{id}/withdrawal");
        let mut withdrawal = Box::pin(ash.lead.post(&path, &[]));
        let waits = tokio::time::timeout(Duration::from_millis(400), &mut withdrawal).await;
        assert!(waits.is_err(), "one verb writes at a time");
        node.commit(tx).await.unwrap();
        withdrawal.await.is(422).shows("This application got a slot; give the slot back instead");
        cleo.get(&format!("{WAVE}/draw")).await.shows("1 of 1 unit got a slot");
    });
}
