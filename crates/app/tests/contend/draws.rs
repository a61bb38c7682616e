//! The list is frozen, drawn, published; slots follow from it; losers learn why, and who is next.

use serde_json::json;
use traction::grant::slot;
use traction::org::token::store::Scope;
use traction_domain::contend::draw::{Record, verify};
use traction_domain::grant::slot::Asked;
use traction_domain::id::WaveId;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::ground::{WAVE, Ward, contenders, wave};
use crate::world::{TestWorld, on_both};

pub const FIVE: [&str; 5] = ["ash", "birch", "cedar", "elm", "fir"];

pub async fn published(world: &TestWorld) -> Record {
    let response = world.visitor().get(&format!("{WAVE}/draw.json")).await;
    response.is(200);
    Record::parse(&response.body).unwrap()
}

async fn first_wave(world: &TestWorld) -> WaveId {
    let (_, wave) =
        traction::offer::wave::verbs::find(world.world.store().read(), "bedside-tests", 1).await.unwrap();
    wave.id
}

pub async fn slots(world: &TestWorld) -> Vec<slot::store::Slot> {
    slot::store::of_wave(world.world.store().read(), first_wave(world).await).await.unwrap()
}

pub fn named<'a, 'b>(wards: &'a [Ward<'b>], slugs: &[&str], slug: &str) -> &'a Ward<'b> {
    &wards[slugs.iter().position(|other| *other == slug).unwrap()]
}

#[test]
fn a_wave_is_committed_to_frozen_drawn_and_granted_and_anyone_can_check_it() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        let commitment = world.visitor().get(&format!("{WAVE}/draw")).await.text();
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("Applications are open until");

        world.days_go_by(4.2).await;
        let frozen = world.visitor().get(&format!("{WAVE}/draw")).await;
        frozen.shows("5 units on the list, frozen").hides("birch");
        wards[0].lead.post(&format!("{WAVE}/draw"), &[]).await.is(403);
        world.visitor().get(&format!("{WAVE}/draw.json")).await.is(404);

        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let verified = verify(&record).unwrap();
        assert!(commitment.contains(&record.commitment.to_string()), "published before it was drawn");
        assert!(frozen.text().contains(&record.list_hash.to_string()), "published before it was drawn");
        assert_eq!(verified.risk_set().unwrap().members.len(), 5);
        assert_eq!((record.granted.len(), record.waiting.len()), (2, 3));

        let slots = slots(&world).await;
        let mut units: Vec<_> = slots.iter().map(|slot| slot.unit_slug.to_string()).collect();
        units.sort();
        let mut granted = record.granted.clone();
        granted.sort();
        assert_eq!(units, granted);
        for slot in &slots {
            assert_eq!((slot.asked, slot.probability), (Asked::Pull, Some(0.4)));
            assert_eq!(slot.not_before.to_string(), "2026-03-08T06:00:00Z");
        }
        let page = world.visitor().get(&format!("{WAVE}/draw")).await;
        page.shows("2 of 5 units got a slot; for 5 of them the lottery decided.")
            .shows("traction draw verify draw.json")
            .shows(&record.seed.to_string());
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("a draw is never repeated");
        world
            .visitor()
            .get("/slots")
            .await
            .shows("0 units have a solution switched on; 2 slots start later.");
    });
}

#[test]
fn following_the_draw_twice_grants_once() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let wave = first_wave(&world).await;
        slot::verbs::grant_drawn(&world.world, &Who::the_loop(), wave).await.unwrap();
        assert_eq!(slots(&world).await.len(), 2);
    });
}

#[test]
fn who_withdraws_after_closing_keeps_the_number_and_gets_nothing() {
    on_both(async |world| {
        let cleo = wave(&world, "5", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        let page = wards[2].lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        let withdrawal = format!("/applications/{id}/withdrawal");
        // Whoever runs the installation speaks for every unit until the list is frozen, and for none from then on.
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.post(&withdrawal, &[])
            .await
            .is(403)
            .shows("only a lead of the unit withdraws its application now");
        wards[2].lead.submit(&withdrawal, &[]).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        assert_eq!(record.withdrawn, ["cedar"]);
        assert_eq!((record.list.len(), record.granted.len()), (5, 4));
        assert!(verify(&record).is_ok());
        wards[2].lead.get(&format!("{WAVE}/draw")).await.shows("Withdrew after closing");
    });
}

#[test]
fn a_slot_given_back_before_the_start_goes_to_the_first_who_waits_and_after_it_to_nobody() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let give_back = async |slug: &str| {
            let all = slots(&world).await;
            let slot = all.iter().find(|slot| slot.unit_slug.as_str() == slug).unwrap();
            let path = format!("/slots/{}/steps", slot.id);
            named(&wards, &FIVE, slug)
                .lead
                .submit(&path, &[("step", "given-back"), ("why", "no owner yet")])
                .await
        };
        let page = give_back(&record.granted[0]).await;
        world.visitor().get(&page).await.shows("The slot is given back, just now").shows("no owner yet");
        let live = async || {
            let all = slots(&world).await;
            let now = world.world.now();
            let live = all.iter().filter(|slot| slot.state(now).is_live());
            let mut live: Vec<_> = live.map(|slot| slot.unit_slug.to_string()).collect();
            live.sort();
            live
        };
        let mut expected = vec![record.granted[1].clone(), record.waiting[0].clone()];
        expected.sort();
        assert_eq!(live().await, expected);

        world.days_go_by(2.0).await;
        give_back(&record.granted[1]).await;
        assert_eq!(live().await, [record.waiting[0].clone()]);
    });
}

#[test]
fn a_wave_without_applications_is_not_drawn() {
    on_both(async |world| {
        let cleo = wave(&world, "3", "2026-03-02T08:00").await;
        world.days_go_by(4.2).await;
        let call = cleo.get(WAVE).await;
        call.shows("Nobody contended for 3 slots: there is nothing to draw.").hides("Run the draw");
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("No eligible unit applied");
    });
}

#[test]
fn a_program_draws_and_reads_record_and_slots() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        let client = world.client(&[Scope::Write]).await;
        let draw = format!("/api/v1{WAVE}/draw");
        client.get(&draw).await.is(404);
        world.days_go_by(4.2).await;
        let drawn = client.post(&draw, &json!({})).await;
        drawn.is(201);
        let read = client.get(&draw).await;
        assert_eq!(Record::parse(&drawn.body), Record::parse(&read.body));
        let slots = client.get("/api/v1/slots").await.json();
        assert_eq!(slots["items"].as_array().unwrap().len(), 2);
        let id = slots["items"][0]["id"].as_str().unwrap().to_owned();
        let step = json!({"step": "paused"});
        client.post(&format!("/api/v1/slots/{id}/steps"), &step).await.is(422);
        world.days_go_by(2.0).await;
        let paused = client.post(&format!("/api/v1/slots/{id}/steps"), &step).await;
        assert_eq!(paused.json()["state"], json!("paused"));
    });
}
