//! Stage 5: what somebody sets himself is seen by him alone, what a unit sets itself by its people.

use traction_domain::org::role::RoleWord;

use crate::world::on_both;

const GOAL: [(&str, &str); 3] =
    [("goal", "No result after the round"), ("plan", "Ring the lab at 8"), ("due", "2026-03-09")];

#[test]
fn a_person_sets_a_goal_checks_in_and_closes_it_himself() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let late = jo.post("/commitments", &[&GOAL[..2], &[("due", "2026-05-01")]].concat()).await;
        late.is(422).shows("Choose a day within the next month");
        assert!(late.body.contains("value=\"No result after the round\""));
        let own = jo.submit("/commitments", &GOAL).await;
        jo.get("/commitments").await.shows("1 open; the next is due in 7 days");
        jo.get(&own).await.shows("Only you can see this page.").shows("nobody asks for it");

        let check_ins = format!("{own}/check-ins");
        jo.post(&check_ins, &[("confidence", "6")]).await.is(422).shows("from 1 (not at all) to 5");
        jo.submit(&check_ins, &[("confidence", "4"), ("learnt", "The lab opens at 7")]).await;
        jo.submit(&check_ins, &[("confidence", "5"), ("learnt", "")]).await;
        jo.get(&own).await.shows("sure: 4 of 5 The lab opens at 7").shows("sure: 5 of 5");

        let end = format!("{own}/end");
        let account = [("outcome", "not-met"), ("learnt", "Two came late"), ("next_step", "Ring at 7")];
        jo.submit(&end, &account).await;
        jo.get(&own)
            .await
            .shows("It was not met")
            .shows("Two came late")
            .shows("Ring at 7")
            .hides("Check in");
        jo.post(&end, &account).await.is(422).shows("was closed on");
        jo.post(&check_ins, &[("confidence", "3")]).await.is(422).shows("was closed on");
        jo.get("/commitments").await.shows("Nothing is open.").shows("1 closed");
    });
}

/// A colleague, the lead, a coach, a change lead and an administrator find nothing: no page, no list, no verb.
#[test]
fn nobody_else_finds_a_persons_commitment_or_check_in() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let own = jo.submit("/commitments", &GOAL).await;
        jo.submit(&format!("{own}/check-ins"), &[("confidence", "2"), ("learnt", "I am tired")]).await;
        let others = [
            world.person("kim", RoleWord::Member, Some(ward)).await,
            world.person("lea", RoleWord::Lead, Some(ward)).await,
            world.person("cleo", RoleWord::Coach, None).await,
            world.person("max", RoleWord::ChangeLead, None).await,
            world.person("ada", RoleWord::Administrator, None).await,
        ];
        for other in others {
            let other = world.browser_of(other).await;
            other.get(&own).await.is(404).hides("No result after the round");
            other.post(&format!("{own}/check-ins"), &[("confidence", "5")]).await.is(404);
            other.post(&format!("{own}/end"), &[("outcome", "met"), ("learnt", "x")]).await.is(404);
            other.get("/commitments").await.shows("Nothing is open.").hides("No result after the round");
            for page in ["/", "/cycles", "/units/ward-7", "/frictions"] {
                other.get(page).await.hides("I am tired").hides("No result after the round");
            }
        }
        assert_eq!(world.visitor().get(&own).await.status, 303, "visitors sign in first");
        jo.get(&own).await.shows("I am tired");
        let sql = world.world.store().read();
        let named = "SELECT COUNT(*) AS n FROM journal WHERE kind IN ('committed', 'checked_in') AND actor_id IS NOT NULL";
        let row = sql.one(named, vec![]).await.unwrap().unwrap();
        assert_eq!(row.count("n").unwrap(), 0, "the journal does not say who");
    });
}

#[test]
fn a_units_commitment_is_its_peoples_and_closed_by_its_maker_or_lead() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let other = world.unit("ward-8", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Member, Some(ward)).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let out = world.person("out", RoleWord::Lead, Some(other)).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let jo = world.browser_of(jo).await;
        let kim = world.browser_of(kim).await;
        let lea = world.browser_of(lea).await;
        let unit = ward.to_string();
        let wish = [&GOAL[..], &[("unit", &*unit)]].concat();
        world.browser_of(out).await.post("/commitments", &wish).await.is(403);
        let units = jo.submit("/commitments", &wish).await;
        kim.submit(&format!("{units}/check-ins"), &[("confidence", "3"), ("learnt", "Slow start")]).await;
        lea.get(&units).await.shows("The people of ward-7 read this").shows("Slow start").hides("kim");
        for outsider in [out, ada] {
            world.browser_of(outsider).await.get(&units).await.is(404);
        }
        let account = [("outcome", "met"), ("learnt", "Calling early is enough")];
        kim.get(&units).await.hides("Close it");
        kim.post(&format!("{units}/end"), &account).await.is(403);
        lea.submit(&format!("{units}/end"), &account).await;
        kim.get("/commitments").await.shows("1 closed");
    });
}
