//! What a draw means to a unit, wherever its people look: on the call, beside the slot; and what counts as held.

use serde_json::json;
use traction::grant::slot::store::Granting;
use traction::grant::slot::verbs as slot_verbs;
use traction::org::token::store::Scope;
use traction::overview::figures::{self, Stage};
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::draws::{FIVE, named, published, slots};
use super::ground::{CHANGE, WAVE, announce, application, apply, change_by_verbs, contenders, ward, wave};
use crate::world::on_both;

#[test]
fn what_a_draw_means_to_a_unit_stands_on_the_call_and_beside_its_slot() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        announce(&cleo, "2", "2026-04-01T08:00", "2026-04-10T08:00", "2026-04-20T06:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let loser = named(&wards, &FIVE, &record.waiting[1]);
        for page in [WAVE, "/slots"] {
            let page = loser.lead.get(page).await;
            page.shows("No slot: 5 units stood equal for 2 slots, and the lottery decided. Place 2 on the waiting list")
                .shows("Next: wave 2 , which opens in 3 weeks and closes 10 Apr 2026 .");
        }
        world.visitor().get("/slots").await.hides("waiting list");

        let winner = named(&wards, &FIVE, &record.granted[0]);
        let all = slots(&world).await;
        let slot = all.iter().find(|slot| slot.unit == winner.id).unwrap();
        let beside = format!("/slots/{}", slot.id);
        for page in [WAVE, &beside] {
            winner
                .lead
                .get(page)
                .await
                .shows("Got a slot: 5 units stood equal")
                .shows("What comes next")
                .shows("Give it back");
        }
        winner.lead.get("/slots").await.hides("No slot");
        let nurse = world.person("nurse", RoleWord::Member, Some(winner.id)).await;
        let nurse = world.browser_of(nurse).await;
        nurse.get(&beside).await.shows("is switched on for your people in 41 hours").hides("Give it back");
        let visitor = world.visitor().get(&beside).await;
        visitor
            .shows("The slot is granted; it starts in 41 hours .")
            .shows("Chance in the draw 40 %")
            .hides("What comes next");
        loser.lead.get(&beside).await.hides("What comes next");
        world.visitor().get(&format!("{WAVE}/draw")).await.shows("slot 40 %");
    });
}

#[test]
fn a_slot_taken_from_its_unit_before_the_start_needs_a_reason_and_moves_nobody_up() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let all = slots(&world).await;
        let ended = all.iter().find(|slot| slot.unit_slug.as_str() == record.granted[0]).unwrap();
        let path = format!("/slots/{}/steps", ended.id);
        cleo.get(&format!("/slots/{}", ended.id)).await.shows("Nobody moves up by that");
        cleo.post(&path, &[("step", "ended"), ("why", " ")]).await.is(422).shows("Say why its unit");
        let program = world.client(&[Scope::Write]).await;
        let api = format!("/api/v1{path}");
        program.post(&api, &json!({ "step": "ended" })).await.is(422);
        program.post(&api, &json!({ "step": "given-back" })).await.is(422);
        cleo.submit(&path, &[("step", "ended"), ("why", "the ward closes")]).await;
        let now = world.world.now();
        let live = slots(&world).await.into_iter().filter(|slot| slot.state(now).is_live());
        let mut live: Vec<_> = live.map(|slot| slot.unit_slug.to_string()).collect();
        live.sort();
        assert_eq!(live, [record.granted[1].clone()], "by ending slots nobody can choose who gets one");
        let page = world.visitor().get(&format!("{WAVE}/draw")).await;
        page.shows("slot, ended")
            .shows("had its slot ended: “the ward closes” (decided by cleo; nobody moves up by that)");
        page.hides("moved up from the waiting list");

        // The place is free for a decision by two, which stands on the record.
        let last = named(&wards, &FIVE, &record.waiting[2]).id.to_string();
        cleo.submit(&format!("{WAVE}/overrides"), &[("unit", &*last), ("why", "roof")]).await;
        let other = world.person("dana", RoleWord::ChangeLead, None).await;
        let other = world.browser_of(other).await;
        let answer = format!("{WAVE}/overrides/{}", record.waiting[2]);
        other.submit(&answer, &[("answer", "confirmed")]).await;
        assert_eq!(published(&world).await.overrides.len(), 1);

        // What a unit gives back itself goes to the first who waits.
        let own = all.iter().find(|slot| slot.unit_slug.as_str() == record.granted[1]).unwrap();
        let lead = &named(&wards, &FIVE, &record.granted[1]).lead;
        lead.submit(&format!("/slots/{}/steps", own.id), &[("step", "given-back")]).await;
        let moved = named(&wards, &FIVE, &record.waiting[0]);
        moved.lead.get(WAVE).await.shows("Moved up: a slot became free before the start").hides("Withdraw");
    });
}

#[test]
fn whoever_waits_is_led_to_the_wave_that_is_open() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        announce(&cleo, "1", "2026-03-02T09:00", "2026-03-20T08:00", "2026-03-22T06:00").await;
        let third = announce(&cleo, "1", "2026-03-03T08:00", "2026-03-06T10:00", "2026-03-22T06:00").await;
        let wards = contenders(&world, ["ash", "elm"]).await;
        world.days_go_by(1.1).await;
        let yew = ward(&world, "yew").await;
        let unit = yew.id.to_string();
        yew.lead.submit(&format!("{third}/applications"), &application(&unit)).await;
        world.days_go_by(3.1).await;
        for wave in [WAVE, &third] {
            cleo.submit(&format!("{wave}/draw"), &[]).await;
        }
        let record = published(&world).await;
        let loser = named(&wards, &["ash", "elm"], &record.waiting[0]);
        loser.lead.get(&format!("{WAVE}/draw")).await.shows("Open now: wave 2 , which closes in 13 days .");
        let page = world.visitor().get(CHANGE).await;
        page.shows("Nobody contends yet for 1 slot; applications close in 13 days").shows("0 for 1 slot");
        assert!(
            page.body.contains(&format!("href=\"{CHANGE}/waves/2\" "))
                || page.body.contains(&format!("href=\"{CHANGE}/waves/2\">"))
        );
        assert!(!page.body.contains(&format!("class=\"button\" href=\"{third}\"")));
    });
}

#[test]
fn a_slot_whose_time_is_up_is_held_no_longer() {
    on_both(async |world| {
        let change = change_by_verbs(&world.world, "Bedside tests").await;
        let now = world.world.now();
        for (slug, until) in
            [("ash", Some(now.after_days(5))), ("elm", Some(now.after_days(9))), ("fir", None)]
        {
            let unit = world.unit(slug, None).await;
            let time = Span { from: now, until };
            let granting =
                Granting { change: change.id, wave: None, unit, asked: Asked::Pull, probability: None, time };
            let mut tx = world.world.store().begin().await.unwrap();
            slot_verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
            world.world.commit(tx).await.unwrap();
        }
        let held = async || {
            let figures = figures::of(&world.world).await.unwrap();
            figures.each().find(|(stage, _)| *stage == Stage::Grant).unwrap().1.to_owned()
        };
        assert_eq!(held().await, "3 held");
        world.days_go_by(6.0).await;
        assert_eq!(held().await, "2 held");
        world.visitor().get(CHANGE).await.shows("2 live slots");
        world.visitor().get("/slots").await.shows("2 units have a solution switched on");
    });
}

#[test]
fn a_new_wave_opens_tomorrow_so_that_how_it_chooses_can_be_settled() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-04T08:00").await;
        let form = cleo.get(&format!("{CHANGE}/waves/new")).await;
        assert!(
            form.body.contains("name=\"opens_at\" type=\"datetime-local\" value=\"2026-03-03T08:00\""),
            "{}",
            form.body
        );
        form.shows("Until then you can settle how it chooses")
            .shows("A wave that opens at once chooses by the default");
        let call = cleo.get(WAVE).await;
        call.shows("Settle how it chooses");
        assert!(
            call.body.contains(&format!("class=\"button\" href=\"{WAVE}/policy\"")),
            "the action: {}",
            call.body
        );
        world.visitor().get(WAVE).await.hides("Settle how it chooses");
    });
}

#[test]
fn a_public_source_is_offered_only_while_nobody_has_applied() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        cleo.get(WAVE).await.shows("Name a public source of randomness");
        let ash = ward(&world, "ash").await;
        apply(&ash).await;
        let late = "No public source of randomness can be named any more: units have applied";
        cleo.get(WAVE).await.shows(late).hides("Name a public source");
        let page = ash.lead.get(WAVE).await;
        let id = page.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap();
        ash.lead.submit(&format!("/applications/{id}/withdrawal"), &[]).await;
        cleo.get(WAVE).await.shows(late);
        cleo.get(&format!("{WAVE}/draw")).await.hides("Name a public source");
        let source = [
            ("name", "national lottery"),
            ("link", "https://lottery.example/6of45"),
            ("due", "2026-03-06T19:00"),
        ];
        cleo.post(&format!("{WAVE}/sources"), &source).await.is(422).shows("Units have applied already");
    });
}
