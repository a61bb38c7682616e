//! A wave that cannot or shall not be drawn: refused before it comes to be, cancelled with a reason, or over by itself.

use serde_json::json;
use traction::contend::policy;
use traction::org::token::store::Scope;
use traction_domain::contend::draw::Place;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::ground::{CHANGE, WAVE, announce, application, apply, contenders, ward, wave};
use crate::world::on_both;

#[test]
fn no_more_places_are_protected_than_there_are_slots() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-03T08:00").await;
        let (ash, elm) = (ward(&world, "ash").await, ward(&world, "elm").await);
        let path = format!("{WAVE}/protected");
        let protects = async |unit: &str| {
            cleo.post(&path, &[("unit", unit), ("place", "protected"), ("why", "pilot")]).await
        };
        protects(&ash.id.to_string()).await.is(303);
        protects(&elm.id.to_string()).await.is(422).shows("open one of those again first");
        let sql = world.world.store().read();
        let (change, first) = traction::offer::wave::verbs::find(sql, "bedside-tests", 1).await.unwrap();
        let who = Who::operator();
        policy::verbs::decide_place(&world.world, &who, &change, &first, ash.id, Place::Open, "")
            .await
            .unwrap();
        protects(&elm.id.to_string()).await.is(303);
    });
}

#[test]
fn a_wave_that_is_cancelled_says_why_everywhere_and_takes_part_in_nothing() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let wards = contenders(&world, ["ash", "elm"]).await;
        let ash = &wards[0];
        let path = format!("{WAVE}/cancellation");
        ash.lead.post(&path, &[("why", "no")]).await.is(403);
        cleo.get(WAVE).await.shows("Cancel this wave");
        cleo.post(&path, &[("cancel", "yes"), ("why", " ")])
            .await
            .is(422)
            .shows("Say why the wave is cancelled");
        world.visitor().get(&format!("{WAVE}/calendar.ics")).await.shows("STATUS:CONFIRMED");
        cleo.submit(&path, &[("cancel", "yes"), ("why", "The year was mistyped")]).await;

        // Whoever applied reads it, and so does everybody else.
        ash.lead
            .get(WAVE)
            .await
            .shows("by cleo: “The year was mistyped”")
            .shows("It contends for nothing: the wave is cancelled.")
            .hides("Contend for a slot");
        ash.lead.get("/").await.shows("The year was mistyped");
        world.visitor().get("/waves").await.shows("cancelled").shows("0 waves are open");
        let draw = world.visitor().get(&format!("{WAVE}/draw")).await;
        draw.shows("It is not drawn.").hides("You have to trust").hides("What holds for the slots");
        let dates = world.visitor().get(&format!("{WAVE}/calendar.ics")).await;
        dates.shows("STATUS:CANCELLED").shows("SEQUENCE:1").hides("VALARM");
        let program = world.client(&[Scope::Write]).await;
        let listed = program.get("/api/v1/waves").await.json();
        assert_eq!(listed["items"][0]["state"], "cancelled");
        let of_change = program.get(&format!("/api/v1{CHANGE}/waves")).await.json();
        assert_eq!(of_change["items"][0]["cancelled"]["why"], "The year was mistyped");

        // Nothing can be done with it any more, also by a program.
        let unit = ash.id.to_string();
        ash.lead
            .post(&format!("{WAVE}/applications"), &application(&unit))
            .await
            .is(422)
            .shows("This wave is cancelled");
        program.post(&format!("/api/v1{path}"), &json!({ "why": "again" })).await.is(422);
        world.days_go_by(4.2).await;
        cleo.get(&format!("{WAVE}/draw")).await.shows("It is not drawn.").hides("Run the draw");
        cleo.post(&format!("{WAVE}/draw"), &[]).await.is(422).shows("This wave is cancelled");

        // The same wave announced once more is another one.
        let other = announce(&cleo, "1", "2026-03-07T08:00", "2026-03-08T09:00", "2026-03-10T06:00").await;
        assert_eq!(other, format!("{CHANGE}/waves/2"));
        ash.lead.get(WAVE).await.shows("Next:");
    });
}

#[test]
fn a_wave_that_was_drawn_is_not_cancelled_and_a_program_may_cancel_one_that_was_not() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "elm"]).await;
        announce(&cleo, "1", "2026-03-03T08:00", "2026-03-20T08:00", "2026-03-22T06:00").await;
        let program = world.client(&[Scope::Write]).await;
        let second = format!("/api/v1{CHANGE}/waves/2/cancellation");
        program.post(&second, &json!({ "why": "" })).await.is(422);
        program.post(&second, &json!({ "why": "one is enough" })).await.is(201);
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        cleo.get(WAVE).await.hides("Cancel this wave");
        cleo.post(&format!("{WAVE}/cancellation"), &[("why", "no")])
            .await
            .is(422)
            .shows("what was drawn stays");
    });
}

#[test]
fn a_wave_nobody_contended_in_is_over_and_says_so() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        world.days_go_by(4.2).await;
        cleo.get(&format!("{WAVE}/draw"))
            .await
            .shows("Nobody contended for 1 slot: there is nothing to draw, and the wave is over.")
            .hides("Run the draw")
            .hides("The list is frozen when");
        cleo.get(WAVE).await.shows("The wave is over.").hides("Run the draw");
        world.visitor().get("/waves").await.shows("over");
        cleo.get(CHANGE).await.hides("the draw comes next").shows("it is over");
    });
}

#[test]
fn whoever_cannot_apply_sees_what_is_his_to_do_and_a_paused_change_says_so() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        cleo.get(WAVE).await.shows("See whom it would choose");
        cleo.get(CHANGE).await.shows("See the call");
        let mo = world.unit("oak", None).await;
        let mo = world.person("mo", RoleWord::Member, Some(mo)).await;
        let mo = world.browser_of(mo).await;
        assert!(!mo.get(WAVE).await.body.contains("href=\"#apply\""));
        let ash = ward(&world, "ash").await;
        assert!(ash.lead.get(WAVE).await.body.contains("href=\"#apply\""));
        apply(&ash).await;

        ash.lead.get(WAVE).await.hides("is paused");
        cleo.submit(&format!("{CHANGE}/state"), &[("state", "paused"), ("why", "a leak")]).await;
        ash.lead.get(WAVE).await.shows("is paused for everybody").shows("“a leak”");
        cleo.get(&format!("{CHANGE}/waves/new")).await.shows("is paused for everybody").shows("“a leak”");
    });
}
