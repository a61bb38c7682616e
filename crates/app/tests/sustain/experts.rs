//! Experts are reviewed by those they helped, and nobody can see who said what.

use traction_domain::org::role::RoleWord;

use crate::world::{Browser, TestWorld, on_both};

const REVIEW: [(&str, &str); 5] = [
    ("understood", "5"),
    ("left_us_able", "4"),
    ("kept_promises", "3"),
    ("worth_our_time", "2"),
    ("words", ""),
];

/// A ward with its lead, who has engaged Eve, herself a member of the ward; the address of the engagement.
async fn engaged(world: &TestWorld) -> (Browser<'_>, Browser<'_>, String) {
    let ward = world.unit("ward-7", None).await;
    let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
    let eve = world.person("eve", RoleWord::Member, Some(ward)).await;
    let lea = world.browser_of(lea).await;
    let eve_id = eve.to_string();
    let entries = [
        ("expert", eve_id.as_str()),
        ("comes_as", "improvement nurse"),
        ("unit", &*ward.to_string()),
        ("first_day", "2026-03-02"),
    ];
    let engagement = lea.submit("/experts", &entries).await;
    (lea, world.browser_of(eve).await, engagement)
}

async fn nurse<'a>(world: &'a TestWorld, name: &str) -> Browser<'a> {
    let sql = world.world.store().read();
    let ward = traction::org::unit::verbs::find(sql, "ward-7").await.unwrap().id;
    let person = world.person(name, RoleWord::Member, Some(ward)).await;
    world.browser_of(person).await
}

#[test]
fn only_people_who_were_helped_review_an_expert() {
    on_both(async |world| {
        let (lea, eve, engagement) = engaged(&world).await;
        let reviews = format!("{engagement}/reviews");
        eve.post(&reviews, &REVIEW).await.is(422).shows("An expert does not review his own work");
        lea.post(&reviews, &REVIEW).await.is(422).shows("Whoever engaged the expert does not review him");
        let elsewhere = world.unit("ward-8", None).await;
        let stranger = world.person("sam", RoleWord::Member, Some(elsewhere)).await;
        let stranger = world.browser_of(stranger).await;
        stranger.post(&reviews, &REVIEW).await.is(422).shows("Only members of the unit that was helped");
        let jo = nurse(&world, "jo").await;
        let half = [("understood", "5"), ("left_us_able", "6")];
        jo.post(&reviews, &half)
            .await
            .is(422)
            .shows("Give \"left us able to do it ourselves\" a whole number");
        jo.submit(&reviews, &REVIEW).await;
        jo.post(&reviews, &REVIEW).await.is(422).shows("once is all that counts");
        world.visitor().post(&reviews, &REVIEW).await.is(303);
    });
}

#[test]
fn reviews_are_shown_in_fives_and_lead_to_nobody() {
    on_both(async |world| {
        let (lea, _, engagement) = engaged(&world).await;
        let reviews = format!("{engagement}/reviews");
        for n in 0..4 {
            nurse(&world, &format!("nurse-{n}")).await.submit(&reviews, &REVIEW).await;
        }
        lea.get(&engagement).await.shows("4 reviews so far; shown from 5").hides("understood our problem");
        nurse(&world, "nurse-4").await.submit(&reviews, &REVIEW).await;
        lea.get(&engagement)
            .await
            .shows("3.5 of 5 in 5 reviews")
            .shows("left us able to do it ourselves 4.0 of 5");
        let harsh = [&[("words", "never again")], &REVIEW[..4]].concat();
        nurse(&world, "nurse-5").await.submit(&reviews, &harsh).await;
        lea.get(&engagement)
            .await
            .shows("3.5 of 5 in 5 reviews by people who were helped. 1 more wait")
            .hides("never again");
        lea.get("/experts").await.shows("3.5 of 5 in 5 reviews");

        // The rows themselves: no reviewer beside what was said, no time, the journal without the writer, and rows that
        // do not lie in the order in which they came.
        let sql = world.world.store().read();
        let rows = sql.all("SELECT r.id AS id FROM review r", vec![]).await.unwrap();
        let ids: Vec<String> = rows.iter().map(|row| row.text("id").unwrap()).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        let millisecond = |id: &str| i64::from_str_radix(&id.replace('-', "")[..12], 16).unwrap();
        let first_day = "2026-03-02T00:00:00Z".parse::<traction_domain::time::Moment>().unwrap();
        assert!(ids.iter().all(|id| millisecond(id) == first_day.milliseconds()), "{ids:?}");
        let journal = sql
            .all("SELECT j.actor AS actor, j.actor_id AS actor_id, j.fact AS fact FROM journal j WHERE j.kind = 'reviewed'", vec![])
            .await
            .unwrap();
        assert_eq!(journal.len(), 6);
        for row in journal {
            assert_eq!(
                (row.text("actor").unwrap().as_str(), row.maybe_text("actor_id").unwrap()),
                ("loop", None)
            );
            assert!(ids.iter().all(|id| !row.text("fact").unwrap().contains(id)));
        }
    });
}

#[test]
fn an_expert_from_outside_is_engaged_by_name_and_his_engagement_ends_once() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let (lea, jo) = (world.browser_of(lea).await, world.browser_of(jo).await);
        let ward = ward.to_string();
        let entries = [
            ("name", "Ada"),
            ("comes_as", "consultant"),
            ("unit", ward.as_str()),
            ("first_day", "2026-03-02"),
        ];
        jo.post("/experts", &entries).await.is(403);
        lea.post("/experts", &[&[("name", " ")], &entries[1..]].concat())
            .await
            .is(422)
            .shows("Please fill in the expert's name");
        let engagement = lea.submit("/experts", &entries).await;
        let end = format!("{engagement}/end");
        lea.post(&end, &[("last_day", "2026-03-01")]).await.is(422).shows("cannot end on 2026-03-01");
        lea.submit(&end, &[("last_day", "2026-03-20")]).await;
        lea.get(&engagement).await.shows("consultant, from 2026-03-02 to 2026-03-20. No reviews yet.");
        lea.post(&end, &[("last_day", "2026-03-21")]).await.is(422).shows("ended on 2026-03-20 already");
    });
}
