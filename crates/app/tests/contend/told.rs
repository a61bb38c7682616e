//! What stands beside the market's main path: where else a unit can contend, what it pledged, when a slot ended, who is offered.

use serde_json::json;
use traction::org::token::store::Scope;

use super::draws::{FIVE, named, published, slots};
use super::ground::{CHANGE, WAVE, announce, application, contenders, ward, wave};
use crate::world::on_both;

#[test]
fn who_comes_late_is_led_to_the_wave_that_is_open_whatever_its_number() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let second = announce(&cleo, "1", "2026-03-02T08:00", "2026-03-03T08:00", "2026-03-20T06:00").await;
        let ash = ward(&world, "ash").await;
        world.days_go_by(2.0).await;
        let unit = ash.id.to_string();
        let late = ash.lead.post(&format!("{second}/applications"), &application(&unit)).await;
        late.is(422)
            .shows("Applications closed on 3 March 2026, 08:00 UTC; wave 1 is open until 6 March 2026, 09:00 UTC: contend there")
            .shows("Open now: wave 1 , which closes in 2 days");
        world.days_go_by(2.5).await;
        let late = ash.lead.post(&format!("{WAVE}/applications"), &application(&unit)).await;
        late.is(422).shows("no further wave is announced yet");
    });
}

#[test]
fn a_wave_that_is_about_to_close_says_so_and_not_that_it_just_did() {
    on_both(async |world| {
        wave(&world, "1", "2026-03-02T08:00").await;
        let closes = "2026-03-06T09:00:00Z".parse::<traction_domain::time::Moment>().unwrap();
        world.world.turn_clock(closes.after(jiff::SignedDuration::from_secs(-40)));
        let draw = world.visitor().get(&format!("{WAVE}/draw")).await;
        draw.shows("Applications close in less than a minute").hides("just now");
    });
}

#[test]
fn an_empty_pledge_is_what_the_wave_asks_on_applying_and_on_changing() {
    on_both(async |world| {
        wave(&world, "1", "2026-03-02T08:00").await;
        let ash = &contenders(&world, ["ash"]).await[0];
        let page = ash.lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        let anew = [("pain", "Later"), ("aim", "Before eight"), ("owner", "Jo"), ("pledge", "")];
        ash.lead.submit(&format!("/applications/{id}"), &anew).await;
        ash.lead.get(WAVE).await.shows("Aim Before eight").shows("Pledge An hour a week");
        let page = ash.lead.get(&format!("/applications/{id}")).await;
        page.shows("Empty: what is asked.");
    });
}

#[test]
fn a_slot_that_is_over_says_when_it_ended() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let all = slots(&world).await;
        let slot = all.iter().find(|slot| slot.unit_slug.as_str() == record.granted[0]).unwrap();
        let page = format!("/slots/{}", slot.id);
        let visitor = world.visitor();
        visitor.get(&page).await.shows("Until it is handed over or ended by hand");
        world.days_go_by(2.5).await;
        let lead = &named(&wards, &FIVE, &record.granted[0]).lead;
        lead.submit(&format!("{page}/steps"), &[("step", "paused")]).await;
        visitor.get(&page).await.shows("Until it is handed over or ended by hand");
        lead.submit(&format!("{page}/steps"), &[("step", "given-back")]).await;
        visitor.get(&page).await.shows("Until Mon 9 Mar 2026, 00:48 UTC").hides("ended by hand");
        visitor.get("/slots").await.shows("8 Mar 2026 9 Mar 2026 given back");
    });
}

#[test]
fn who_has_the_change_is_offered_no_protected_place_and_who_had_it_is_not_said_to_have_got_none() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        world.days_go_by(2.5).await;
        let all = slots(&world).await;
        let ended = all.iter().find(|slot| slot.unit_slug.as_str() == record.granted[0]).unwrap();
        cleo.submit(&format!("/slots/{}/steps", ended.id), &[("step", "ended"), ("why", "moved")]).await;
        let next = announce(&cleo, "1", "2026-03-20T08:00", "2026-03-30T08:00", "2026-04-20T06:00").await;
        let policy = cleo.get(&format!("{next}/policy")).await;
        policy.shows("Tried on 3 units that contended earlier and got no slot");
        let offered = |slug: &str| {
            let id = named(&wards, &FIVE, slug).id;
            policy.body.contains(&format!("<option value=\"{id}\""))
        };
        assert!(offered(&record.granted[0]) && offered(&record.waiting[0]));
        assert!(!offered(&record.granted[1]), "it has the change");
    });
}

#[test]
fn a_program_that_announces_a_wave_that_opens_at_once_is_warned() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let client = world.client(&[Scope::Write]).await;
        let wish = |opens: &str| {
            json!({ "slots": 1, "opens_at": opens, "closes_at": "2026-03-20T08:00:00Z",
                "starts_at": "2026-03-22T08:00:00Z", "pledge": "An hour" })
        };
        let waves = format!("/api/v1{CHANGE}/waves");
        let now = client.post(&waves, &wish("2026-03-02T08:00:00Z")).await;
        now.is(201);
        assert!(now.json()["warning"].as_str().unwrap().contains("how it chooses is the default"));
        let later = client.post(&waves, &wish("2026-03-03T08:00:00Z")).await;
        assert_eq!(later.json().get("warning"), None);
    });
}
