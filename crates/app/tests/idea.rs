//! Stage 1: an idea from the front line is tried, adopted, copied, or dropped with the reason.

use traction::org::token::store::Scope;
use traction::org::unit;
use traction_domain::org::role::RoleWord;
use traction_domain::org::unit as unit_rules;
use traction_domain::org::who::Who;

use crate::world::on_both;

#[test]
fn an_idea_against_a_friction_is_tried_adopted_and_copied_by_another_unit() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(other)).await;
        let jo = world.browser_of(jo).await;
        let kim = world.browser_of(kim).await;
        let unit = ward.to_string();

        let friction = jo
            .submit(
                "/frictions",
                &[
                    ("title", "Results come late"),
                    ("times_per_week", "10"),
                    ("minutes", "30"),
                    ("unit", &unit),
                ],
            )
            .await;
        let page = jo.get(&friction).await;
        page.shows("An idea?").shows("Nobody has proposed anything yet");
        let id = friction.trim_start_matches("/frictions/");
        jo.get(&format!("/ideas/new?friction={id}")).await.shows("Against: Results come late.");
        let idea = jo
            .submit(
                "/ideas",
                &[
                    ("title", "Ring the lab at 8"),
                    ("hope", "Results before the round"),
                    ("unit", &unit),
                    ("friction", id),
                ],
            )
            .await;
        jo.get(&friction).await.shows("Ring the lab at 8").hides("Nobody has proposed");
        jo.get(&idea).await.shows("It is new.").shows("Results before the round").shows("Test it in a cycle");
        kim.get(&idea).await.hides("Move it on").hides("Copy it for");
        kim.post(&format!("{idea}/moves"), &[("state", "adopted")]).await.is(403);

        let eight = other.to_string();
        kim.post(&format!("{idea}/copies"), &[("unit", &eight)])
            .await
            .is(422)
            .shows("once its own unit has adopted it");
        jo.submit(&format!("{idea}/moves"), &[("state", "adopted"), ("words", "Since Monday")]).await;
        jo.get("/ideas").await.shows("0 being tried; 1 adopted in the last year.");
        kim.get(&idea).await.shows("It is adopted.").shows("Since Monday").shows("Copy it for ward-8");
        let copy =
            kim.submit(&format!("{idea}/copies"), &[("unit", &eight), ("words", "With us at 7")]).await;
        assert_ne!(copy, idea, "it is the unit's own");
        kim.get(&copy)
            .await
            .shows("It is new.")
            .shows("Copied from ward-7 , where jo had it")
            .shows("Test it in a cycle");
        kim.get("/ideas").await.shows("0 being tried; 1 adopted in the last year.");
        kim.submit(&format!("{copy}/moves"), &[("state", "adopted"), ("words", "")]).await;
        kim.get("/ideas").await.shows("0 being tried; 2 adopted in the last year.");
        let dropped = [("state", "dropped"), ("words", "The printer is gone")];
        kim.submit(&format!("{copy}/moves"), &dropped).await;
        kim.get("/ideas").await.shows("0 being tried; 1 adopted in the last year.");
        kim.get(&idea)
            .await
            .shows("It is spread, copied by 1 other unit.")
            .shows("ward-8 copied it. With us at 7");
        kim.post(&format!("{idea}/copies"), &[("unit", &eight)]).await.is(422).shows("once is enough");
        kim.post(&format!("{idea}/copies"), &[("unit", &unit)]).await.is(403);
    });
}

#[test]
fn an_idea_is_dropped_by_the_units_lead_only_with_the_reason() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let lea = world.browser_of(lea).await;
        let idea = jo
            .submit(
                "/ideas",
                &[("title", "A second lift"), ("hope", "No waiting"), ("unit", &ward.to_string())],
            )
            .await;
        let moves = format!("{idea}/moves");
        let silent = lea.post(&moves, &[("state", "dropped"), ("words", " ")]).await;
        silent.is(422).shows("Say why it is dropped");
        lea.submit(&moves, &[("state", "dropped"), ("words", "The shaft is too narrow")]).await;
        world.visitor().get(&idea).await.shows("It is dropped.").shows("The shaft is too narrow");
        lea.post(&moves, &[("state", "adopted")]).await.is(422).shows("so it cannot be adopted");
        let lost = jo.post("/ideas", &[("title", "Light & air"), ("hope", ""), ("unit", "")]).await;
        lost.is(422);
        assert!(lost.body.contains("value=\"Light &amp; air\""), "{}", lost.body);
    });
}

#[test]
fn a_program_hands_in_and_lists_ideas() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let writer = world.client(&[Scope::Write]).await;
        let wish =
            serde_json::json!({"unit": "ward-7", "title": "Label both sides", "hope": "Fewer mix-ups"});
        writer.post("/api/v1/ideas", &wish).await.is(201);
        let list = world.client(&[Scope::Read]).await.get("/api/v1/ideas").await.json();
        assert_eq!(list["items"][0]["title"], "Label both sides");
        assert_eq!(list["items"][0]["state"], "new");
        let bad = serde_json::json!({"unit": "ward-7", "title": "Label both sides", "hope": " "});
        let problem = writer.post("/api/v1/ideas", &bad).await;
        problem.is(422);
        assert_eq!(problem.json()["field"], "hope");
    });
}

#[test]
fn implemented_ideas_are_told_for_each_person_from_five_people_on_and_how_soon_ideas_are_answered() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let small = world.unit("ward-8", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        for name in ["ann", "ben", "cas", "dot"] {
            world.person(name, RoleWord::Member, Some(ward)).await;
        }
        let kim = world.person("kim", RoleWord::Member, Some(small)).await;
        let (jo, kim) = (world.browser_of(jo).await, world.browser_of(kim).await);
        let submit = async |browser: &crate::world::Browser<'_>, unit: &str, title: &str| {
            browser.submit("/ideas", &[("title", title), ("hope", "Less waiting"), ("unit", unit)]).await
        };
        let ours = submit(&jo, &ward.to_string(), "Ring the lab at 8").await;
        let theirs = submit(&kim, &small.to_string(), "One key less").await;
        submit(&jo, &ward.to_string(), "A second lift").await;
        jo.get("/ideas").await.shows("None was tried, adopted or dropped yet; 3 ideas wait for one.");
        world.days_go_by(3.0).await;
        jo.submit(&format!("{ours}/moves"), &[("state", "being-tried"), ("words", "")]).await;
        world.days_go_by(2.0).await;
        jo.submit(&format!("{ours}/moves"), &[("state", "adopted"), ("words", "")]).await;
        kim.submit(&format!("{theirs}/moves"), &[("state", "adopted"), ("words", "")]).await;
        jo.get("/ideas")
            .await
            .shows("0 being tried; 2 adopted in the last year, 0.33 for each of 6 people.")
            .shows("Half of the first answers came within 4 days; 1 idea waits for one.")
            .shows("ward-7 1 5 0.20")
            .hides("ward-8 1 1");
        jo.get(&ours).await.shows("First answer after 3 days");
        // A unit of which only a count is known counts with that.
        let counted = unit_rules::propose("ward-9".parse().unwrap(), "ward-9", None, Some(14)).unwrap();
        unit::verbs::add(&world.world, &Who::operator(), counted).await.unwrap();
        jo.get("/ideas").await.shows("0.10 for each of 20 people.").shows("ward-9 0 14 0.00");
        world.days_go_by(380.0).await;
        jo.get("/ideas").await.shows("0 adopted in the last year");
    });
}

#[test]
fn a_program_moves_and_copies_ideas() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        world.unit("ward-8", None).await;
        let writer = world.client(&[Scope::Write]).await;
        let wish =
            serde_json::json!({"unit": "ward-7", "title": "Label both sides", "hope": "Fewer mix-ups"});
        let made = writer.post("/api/v1/ideas", &wish).await.json();
        let idea = format!("/api/v1/ideas/{}", made["id"].as_str().unwrap());
        let copies = serde_json::json!({"unit": "ward-8"});
        writer.post(&format!("{idea}/copies"), &copies).await.is(422);
        let adopted = serde_json::json!({"state": "adopted"});
        writer.post(&format!("{idea}/moves"), &adopted).await.is(200);
        let copy = writer.post(&format!("{idea}/copies"), &copies).await;
        copy.is(201);
        let list = writer.get("/api/v1/ideas").await.json();
        let items = list["items"].as_array().unwrap();
        let copied = items.iter().find(|item| item["id"] == copy.json()["id"]).unwrap();
        assert_eq!((&copied["unit"], &copied["copied_from"]), (&"ward-8".into(), &made["id"]));
        assert!(items.iter().any(|item| item["id"] == made["id"] && item["state"] == "spread"));
    });
}
