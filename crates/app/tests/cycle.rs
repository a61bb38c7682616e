//! Stage 5: a small test is started in three fields, studied, closed; the next starts from the last.

use traction::cycle::cycle::{store, verbs};
use traction::org::token::store::Scope;
use traction_domain::id::{AlarmId, Id};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::world::on_both;

const SHORTER: [(&str, &str); 3] = [
    ("aim", "Shorter rounds"),
    ("prediction", "Ten minutes less"),
    ("plan", "Two nurses try it until Friday"),
];

#[test]
fn a_cycle_is_predicted_studied_and_closed_and_the_next_starts_from_it() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let unit = ward.to_string();
        let cycle = jo.submit("/cycles", &[&SHORTER[..], &[("unit", &unit)]].concat()).await;
        let page = jo.get(&cycle).await;
        page.shows("locked before any data")
            .shows("Ten minutes less")
            .shows("How much of a test it was: 0 of 5");

        world.days_go_by(3.0).await;
        jo.submit(&format!("{cycle}/notes"), &[("kind", "do"), ("words", "Both nurses went")]).await;
        let points = format!("{cycle}/points");
        let early = jo.post(&points, &[("measure", "minutes"), ("points", "2026-03-06 31")]).await;
        early.is(422).shows("2026-03-06 is still to come");
        let wrong = jo.post(&points, &[("measure", "minutes"), ("points", "2026-03-02 41\nbad")]).await;
        wrong.is(422).shows("Line 2, `bad`, is not a date and a value");
        assert!(wrong.body.contains("2026-03-02 41"), "what was pasted is not lost");
        let pasted = "2026-03-01\t44\n2026-03-02\t41\n2026-03-03\t35,5\n2026-03-04\t33";
        jo.submit(&points, &[("measure", "minutes a round"), ("points", pasted)]).await;
        jo.submit(&points, &[("measure", "minutes a round"), ("points", "2026-03-04 32")]).await;
        let page = jo.get(&cycle).await;
        page.shows("3 Mar 2026 35.5").shows("4 Mar 2026 32").hides("4 Mar 2026 33");
        page.shows("minutes a round: 44 before, 35.5 since");
        jo.submit(&format!("{cycle}/notes"), &[("kind", "study"), ("words", "Nine minutes less")]).await;

        let end = format!("{cycle}/end");
        jo.post(&end, &[("decision", "adapt"), ("learnt", "")])
            .await
            .is(422)
            .shows("fill in what you learnt");
        let learnt = [
            ("decision", "adapt"),
            ("learnt", "It holds on quiet days"),
            ("next_step", "Try it on a Monday"),
        ];
        jo.submit(&end, &learnt).await;
        let page = jo.get(&cycle).await;
        page.shows("It was adapted after 3 days: It holds on quiet days").shows("4 of 5");
        jo.post(&end, &learnt).await.is(422).shows("start the next one from it");
        jo.post(&points, &[("measure", "m"), ("points", "2026-03-05 1")])
            .await
            .is(422)
            .shows("was closed on");

        let id = cycle.trim_start_matches("/cycles/");
        let form = jo.get(&format!("/cycles/new?from={id}")).await;
        assert!(form.body.contains("value=\"Shorter rounds\"") && form.body.contains("Try it on a Monday"));
        let next = [&SHORTER[..], &[("unit", &*unit), ("from", id)]].concat();
        let next = jo.submit("/cycles", &next).await;
        jo.get(&next).await.shows("Follows the cycle before it");
        jo.get(&cycle).await.shows("Followed by the next cycle").shows("5 of 5");
        let list = world.visitor().get("/cycles?unit=ward-7").await;
        list.shows("1 running, 1 finished in the last 30 days")
            .shows("first result within 3 days of the pain");
        list.shows("Finished in Mar 2026: 1, Feb 2026: 0");
    });
}

#[test]
fn a_cycle_tests_an_idea_against_a_friction_and_the_idea_moves_with_it() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let unit = ward.to_string();
        let late = [("title", "Late results"), ("times_per_week", "9"), ("minutes", "20"), ("unit", &*unit)];
        let friction = jo.submit("/frictions", &late).await;
        let friction = friction.trim_start_matches("/frictions/");
        world.days_go_by(2.0).await;
        let ring =
            [("title", "Ring at 8"), ("hope", "Results by 9"), ("unit", &*unit), ("friction", friction)];
        let idea_page = jo.submit("/ideas", &ring).await;
        let idea = idea_page.trim_start_matches("/ideas/");
        let form = jo.get(&format!("/cycles/new?idea={idea}")).await;
        assert!(form.body.contains("value=\"Results by 9\"") && form.body.contains("Ring at 8"));
        let cycle = jo.submit("/cycles", &[&SHORTER[..], &[("unit", &*unit), ("idea", idea)]].concat()).await;
        jo.get(&idea_page).await.shows("It is being tried.");
        jo.get(&cycle).await.shows("Tests the idea Ring at 8");
        world.days_go_by(3.0).await;
        jo.submit(&format!("{cycle}/end"), &[("decision", "adopt"), ("learnt", "It works")]).await;
        jo.get(&idea_page).await.shows("It is adopted.").shows("It works");
        jo.get("/cycles").await.shows("first result within 5 days of the pain");
    });
}

#[test]
fn only_the_people_of_the_unit_and_coaches_test_in_it() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let kim = world.person("kim", RoleWord::Lead, Some(other)).await;
        let cleo = world.person("cleo", RoleWord::Coach, None).await;
        let kim = world.browser_of(kim).await;
        let cleo = world.browser_of(cleo).await;
        let unit = ward.to_string();
        let wish = [&SHORTER[..], &[("unit", &*unit)]].concat();
        kim.post("/cycles", &wish).await.is(403);
        let cycle = cleo.submit("/cycles", &wish).await;
        for (part, entries) in [
            ("notes", &[("kind", "do"), ("words", "x")][..]),
            ("points", &[("measure", "m"), ("points", "2026-03-02 1")][..]),
            ("end", &[("decision", "adopt"), ("learnt", "x")][..]),
            ("prediction", &[("prediction", "x"), ("plan", "y")][..]),
        ] {
            kim.post(&format!("{cycle}/{part}"), entries).await.is(403);
        }
        kim.get(&cycle).await.shows("Ten minutes less").hides("Close the cycle");
        assert_eq!(world.visitor().get("/cycles/new").await.status, 303, "visitors sign in first");
        let again = cleo.post(&format!("{cycle}/prediction"), &[("prediction", "x"), ("plan", "y")]).await;
        again.is(422).shows("stays as it is");
    });
}

#[test]
fn an_alarm_opens_one_cycle_which_takes_no_data_before_its_prediction() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let alarm = AlarmId::made(world.world.now(), [7; 10]);
        let who = Who::the_loop();
        for _ in 0..2 {
            verbs::open_for_alarm(&world.world, &who, alarm, ward, None, "Waiting time is back")
                .await
                .unwrap();
        }
        let cycles = store::all(world.world.store().read(), Some(ward)).await.unwrap();
        assert_eq!(cycles.len(), 1, "an alarm opens one cycle");
        let cycle = format!("/cycles/{}", cycles[0].id);
        jo.get(&cycle).await.shows("It waits for what you expect").shows("Opened by the watch");
        let points = [("measure", "minutes"), ("points", "2026-03-02 31")];
        jo.post(&format!("{cycle}/points"), &points).await.is(422).shows("what you expect");
        jo.submit(&format!("{cycle}/prediction"), &[("prediction", "Half"), ("plan", "As before")]).await;
        jo.submit(&format!("{cycle}/points"), &points).await;
        jo.get(&cycle).await.shows("locked before any data");
    });
}

#[test]
fn a_program_starts_and_lists_cycles() {
    on_both(async |world| {
        world.unit("ward-7", None).await;
        let writer = world.client(&[Scope::Write]).await;
        let wish = serde_json::json!({"unit": "ward-7", "aim": "A", "prediction": "P", "plan": "Q"});
        writer.post("/api/v1/cycles", &wish).await.is(201);
        let list = world.client(&[Scope::Read]).await.get("/api/v1/cycles").await.json();
        assert_eq!(list["items"][0]["state"], "running");
        assert_eq!(list["items"][0]["hash"].as_str().unwrap().len(), 64);
        let bad = serde_json::json!({"unit": "ward-7", "aim": "A", "prediction": "", "plan": "Q"});
        let problem = writer.post("/api/v1/cycles", &bad).await;
        problem.is(422);
        assert_eq!(problem.json()["field"], "prediction");
    });
}
