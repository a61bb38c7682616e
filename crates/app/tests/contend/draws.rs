//! The list is frozen, drawn, published; slots follow from it; losers learn why, and who is next.

use serde_json::json;
use traction::grant::slot;
use traction::org::token::store::Scope;
use traction_domain::contend::draw::{Record, verify};
use traction_domain::grant::slot::Asked;
use traction_domain::id::WaveId;
use traction_domain::org::who::Who;

use super::ground::{WAVE, Ward, announce, apply, contenders, ward, wave};
use crate::world::{TestWorld, on_both};

const FIVE: [&str; 5] = ["ash", "birch", "cedar", "elm", "fir"];

async fn published(world: &TestWorld) -> Record {
    let response = world.visitor().get(&format!("{WAVE}/draw.json")).await;
    response.is(200);
    Record::parse(&response.body).unwrap()
}

async fn first_wave(world: &TestWorld) -> WaveId {
    let (_, wave) =
        traction::offer::wave::verbs::find(world.world.store().read(), "bedside-tests", 1).await.unwrap();
    wave.id
}

async fn slots(world: &TestWorld) -> Vec<slot::store::Slot> {
    slot::store::of_wave(world.world.store().read(), first_wave(world).await).await.unwrap()
}

fn named<'a, 'b>(wards: &'a [Ward<'b>], slugs: &[&str], slug: &str) -> &'a Ward<'b> {
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
        world.visitor().get("/slots").await.shows("0 units have a solution switched on; 2 will.");
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
fn a_loser_sees_reason_place_and_the_next_date() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        announce(&cleo, "2", "2026-04-01T08:00", "2026-04-10T08:00", "2026-04-20T06:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let loser = named(&wards, &FIVE, &record.waiting[1]);
        loser
            .lead
            .get(&format!("{WAVE}/draw"))
            .await
            .shows("No slot: 5 units stood equal for 2 slots, and the lottery decided. Place 2 on the waiting list")
            .shows("The next wave opens in 3 weeks");
        let winner = named(&wards, &FIVE, &record.granted[0]);
        winner.lead.get(&format!("{WAVE}/draw")).await.shows("Got a slot: 5 units stood equal");
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
        wards[2].lead.submit(&format!("/applications/{id}/withdrawal"), &[]).await;
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
        world.visitor().get(&page).await.shows("The slot is given back.").shows("no owner yet");
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
fn a_draw_waits_for_the_public_value_and_takes_it_in() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, FIVE).await;
        let source = [("name", "national lottery"), ("due", "17 March 2026")];
        cleo.submit(&format!("{WAVE}/sources"), &source).await;
        world
            .visitor()
            .get(WAVE)
            .await
            .shows("national lottery (17 March 2026): its value does not exist yet");
        cleo.post(&format!("{WAVE}/sources/1"), &[("value", "3 9")])
            .await
            .is(422)
            .shows("The list is frozen at");
        world.days_go_by(4.2).await;
        cleo.post(&format!("{WAVE}/sources"), &source).await.is(422);
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("`national lottery` has no value yet");
        cleo.submit(&format!("{WAVE}/sources/1"), &[("value", "3 9 14 27 33 41")]).await;
        cleo.post(&format!("{WAVE}/sources/1"), &[("value", "1")]).await.is(422).shows("was entered before");
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        assert_eq!(record.public[0].value.as_deref(), Some("3 9 14 27 33 41"));
        assert!(verify(&record).is_ok());
    });
}

#[test]
fn places_given_by_decision_have_a_reason_and_stay_out_of_the_comparison() {
    on_both(async |world| {
        let cleo = wave(&world, "3", "2026-03-02T20:00").await;
        let mut wards = Vec::new();
        for slug in FIVE {
            wards.push(ward(&world, slug).await);
        }
        let (ash, unit) = (&wards[0], wards[0].id.to_string());
        let protect = format!("{WAVE}/protected");
        cleo.post(&protect, &[("unit", &unit)]).await.is(422).shows("Say in a sentence why");
        cleo.submit(&protect, &[("unit", &unit), ("why", "pilot since January")]).await;
        world.days_go_by(0.5).await;
        for ward in &wards {
            apply(ward).await;
        }
        world
            .visitor()
            .get(WAVE)
            .await
            .shows("ash has a protected place if it applies (cleo: pilot since January)");
        world.days_go_by(3.7).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        assert_eq!((record.granted[0].as_str(), record.probability["ash"]), ("ash", 1.0));
        assert_eq!(verify(&record).unwrap().risk_set().unwrap().members.len(), 4);

        let yew = ward(&world, "yew").await.id.to_string();
        let waits = record.waiting[0].as_str();
        let waiting = wards[FIVE.iter().position(|slug| *slug == waits).unwrap()].id.to_string();
        let overrides = format!("{WAVE}/overrides");
        let wish = [("unit", waiting.as_str()), ("why", "roof is open")];
        ash.lead.post(&overrides, &wish).await.is(403);
        cleo.post(&overrides, &wish).await.is(422).shows("All 3 slots are taken");
        let elsewhere = [("unit", yew.as_str()), ("why", "roof is open")];
        cleo.post(&overrides, &elsewhere).await.is(422).shows("`yew` is not on the list of this wave");
        let all = slots(&world).await;
        let ashs = all.iter().find(|slot| slot.unit_slug.as_str() == "ash").unwrap();
        world.days_go_by(2.0).await;
        ash.lead.submit(&format!("/slots/{}/steps", ashs.id), &[("step", "given-back")]).await;
        cleo.post(&overrides, &[("unit", &waiting)]).await.is(422).shows("Say in a sentence why");
        cleo.submit(&overrides, &wish).await;
        let all = slots(&world).await;
        let pushed = all.iter().find(|slot| slot.unit_slug.as_str() == waits).unwrap();
        assert_eq!((pushed.asked, pushed.probability), (Asked::Push, None));
        let record = published(&world).await;
        assert_eq!(
            (record.overrides[0].unit.as_str(), record.overrides[0].why.as_str()),
            (waits, "roof is open")
        );
        assert!(verify(&record).is_ok());
        world.visitor().get(&format!("{WAVE}/draw")).await.shows(&format!("{waits}: roof is open (cleo)"));
    });
}

#[test]
fn a_wave_without_applications_is_not_drawn() {
    on_both(async |world| {
        let cleo = wave(&world, "3", "2026-03-02T08:00").await;
        world.days_go_by(4.2).await;
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
