//! Uptake where units give their slot back, lose it, get it again or get it late: who is eligible, and what was told stays.

use serde_json::{Value, json};
use traction::grant::slot;
use traction::org::token::store::Scope;
use traction_domain::grant::slot::{Span, Step};
use traction_domain::id::ChangeId;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use super::uptake::{ADDRESS, grant, roll_out_in, use_it, wards_of};
use crate::world::{TestWorld, on_both};

const WARDS: [&str; 3] = ["ward-1", "ward-2", "ward-3"];

async fn roll_out(world: &TestWorld) -> ChangeId {
    roll_out_in(world, &[("ward-1", 40), ("ward-2", 40), ("ward-3", 40)]).await
}

/// The slot of a ward comes to its end.
async fn gives_back(world: &TestWorld, change: ChangeId, ward: &str) {
    let slots = slot::store::of_change(world.world.store().read(), change).await.unwrap();
    let own = slots.iter().find(|slot| slot.unit_slug.as_str() == ward).unwrap();
    slot::verbs::step(&world.world, &Who::operator(), own.id, Step::Ended, "it moves house").await.unwrap();
}

async fn uptake(world: &TestWorld) -> Value {
    world.client(&[Scope::Read]).await.get(ADDRESS).await.json()
}

/// Ninety of 120 begin, sixty go on. In the second week a ward of forty gives its slot back: from then on it is in nobody's
/// share, its use counts nowhere, and whatever was told before stays.
#[test]
fn a_unit_that_gave_its_slot_back_is_not_among_the_eligible() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..4 {
            let n_people = if week == 0 { 90 } else { 60 };
            use_it(&client, &format!("week-{week}"), &WARDS, 0..n_people).await;
            world.days_go_by(2.0).await;
            if week == 1 {
                gives_back(&world, change, "ward-3").await;
            }
            world.days_go_by(5.0).await;
        }
        let json = uptake(&world).await;
        let totals: Vec<&Value> =
            json["totals"].as_array().unwrap().iter().map(|week| &week["total"]).collect();
        let counts: Vec<_> =
            totals.iter().map(|total| (total["count"].as_u64(), total["of"].as_u64())).collect();
        let (all, fewer) = ((Some(90), Some(120)), (Some(40), Some(80)));
        assert_eq!(counts, [all, fewer, fewer, fewer]);
        assert_eq!((&json["utilisation"]["count"], &json["utilisation"]["of"]), (&json!(60), &json!(80)));
        let plan: Vec<u64> = json["plan"]
            .as_array()
            .unwrap()
            .iter()
            .map(|week| week["people_with_access"].as_u64().unwrap())
            .collect();
        assert_eq!(plan, [120, 80, 80, 80]);
        // It had it for nine days: too few for fourteen. Who began is not forgotten.
        assert_eq!((&json["activation"]["count"], &json["activation"]["of"]), (&json!(60), &json!(80)));
        assert_eq!((&json["reach"]["count"], &json["reach"]["of"]), (&json!(90), &json!(120)));
        let left = &json["units"][2];
        assert_eq!((&left["unit"], &left["ended_at"]), (&json!("ward-3"), &json!("2026-03-11T08:00:00Z")));
        assert_eq!(left["weekly_active"], Value::Null);
        assert_eq!(json["units"][0]["ended_at"], Value::Null);
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("In the last week that is over, 40 of 80 people (50 %) used it, in 2 units.")
            .shows("ward-3 2 Mar 2026 to 11 Mar 2026")
            .shows("80 people have access by now; of those who had it, some no longer do");
        world.visitor().get("/uptake").await.shows("Early rounds 2 50 % (40 of 80)");
    });
}

/// A slot that comes to its date ends as one that is given back; and who gets it anew counts again.
#[test]
fn a_slot_that_ran_out_and_one_that_came_again_count_while_they_last() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 40), ("ward-2", 40)]).await;
        wards_of(&world, &[("ward-3", 40)]).await;
        let mut tx = world.world.store().begin().await.unwrap();
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let trial = |from, until| Span { from: at(from), until: Some(at(until)) };
        for time in [
            trial("2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"),
            trial("2026-03-23T00:00:00Z", "2026-03-30T00:00:00Z"),
        ] {
            grant(&world, &mut tx, change, "ward-3", time).await;
        }
        world.world.commit(tx).await.unwrap();
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..5 {
            use_it(&client, &format!("week-{week}"), &WARDS, 0..60).await;
            world.days_go_by(7.0).await;
        }
        let json = uptake(&world).await;
        let counts: Vec<_> =
            json["totals"].as_array().unwrap().iter().map(|week| week["total"]["count"].as_u64()).collect();
        assert_eq!(counts, [60, 40, 40, 60, 40].map(Some));
    });
}

/// Use of a ward without a slot is no use of those who have it, and a slot that it gets later, or that is written down
/// later, does not bring it into what was told.
#[test]
fn a_slot_that_comes_later_moves_nothing_that_was_told() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60)]).await;
        wards_of(&world, &[("ward-3", 40)]).await;
        let client = world.client(&[Scope::Usage]).await;
        let before: Vec<Value> = (0..3)
            .map(|n| {
                json!({
            "type": "track", "messageId": format!("early-{n}"), "userId": format!("e-{n}"), "event": "opened",
            "properties": {"unit": "ward-3", "change": "early-rounds"}})
            })
            .collect();
        client.post("/v1/batch", &json!({ "batch": before })).await.is(200);
        for week in 0..8 {
            let n_people = [60, 40, 70, 40][week % 4];
            use_it(&client, &format!("week-{week}"), &WARDS[..2], 0..n_people).await;
            world.days_go_by(7.0).await;
            if week == 3 {
                let told = uptake(&world).await;
                assert_eq!(told["lifecycle"][0]["new"], 70);
                let mut tx = world.world.store().begin().await.unwrap();
                let from = "2026-03-02T00:00:00Z".parse().unwrap();
                grant(&world, &mut tx, change, "ward-3", Span { from, until: None }).await;
                world.world.commit(tx).await.unwrap();
            }
        }
        let json = uptake(&world).await;
        assert_eq!(json["lifecycle"][0]["new"], 70);
        assert_eq!(json["weeks"][7]["units"].as_object().unwrap().len(), 3);
        // Nobody is new since: reach is that of then, and of those who were eligible then.
        assert_eq!((&json["reach"]["count"], &json["reach"]["of"]), (&json!(70), &json!(120)));
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("Reach 58 % (70 of 120), by 29 Mar 2026");
    });
}

/// Three people of a unit that left had used it: what is told of the period without them would show them.
#[test]
fn of_the_few_who_used_it_in_a_unit_that_left_nothing_is_told() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60), ("ward-3", 40)]).await;
        let client = world.client(&[Scope::Usage]).await;
        for (week, n_people) in (0..4).zip([60, 40, 70, 40]) {
            use_it(&client, &format!("week-{week}"), &WARDS[..2], 0..n_people).await;
            if week == 0 {
                use_it(&client, "left", &WARDS[2..], 100..103).await;
            }
            world.days_go_by(2.0).await;
            if week == 1 {
                gives_back(&world, change, "ward-3").await;
            }
            world.days_go_by(5.0).await;
        }
        let json = uptake(&world).await;
        assert_eq!((&json["utilisation"]["count"], &json["utilisation"]["of"]), (&json!(70), &json!(120)));
        assert_eq!((&json["lifecycle"][0]["shown"], &json["reach"]), (&json!("withheld"), &Value::Null));
    });
}

/// Forty of 120 begin at once, twenty more in the sixth week; the forty of a ward that left before then are not waited
/// for: (1 - 40/120) (1 - 20/40) is a third without, and so six tenths had begun by then.
#[test]
fn whoever_lost_it_before_he_began_is_no_longer_waited_for() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..8 {
            let people = match week {
                0 => 0..40,
                5 => 40..60,
                _ => 0..1,
            };
            use_it(&client, &format!("week-{week}"), &WARDS[..2], people).await;
            world.days_go_by(2.0).await;
            if week == 1 {
                gives_back(&world, change, "ward-3").await;
            }
            world.days_go_by(5.0).await;
        }
        let steps = uptake(&world).await["time_to_adopt"]["steps"].as_array().unwrap().clone();
        let days: Vec<f64> = steps.iter().map(|step| step["days"].as_f64().unwrap()).collect();
        assert_eq!(days, [0.0, 0.0, 0.0, 35.0, 35.0, 35.0]);
    });
}

/// Ten, twelve and eleven used it in the first week, and all but six of them in the second. The three wards' months are
/// hidden, since three, two and one of them were not active in the week; told for all together, 33 would be no more than
/// what the first week comes to, and so each of them would be known.
#[test]
fn a_month_of_all_is_not_told_where_its_weeks_add_up_to_it() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let weeks = [[0..10, 100..112, 200..211], [0..7, 100..110, 200..210], [3..16, 102..114, 201..213]];
        for (week, people) in weeks.into_iter().enumerate() {
            for (ward, people) in WARDS.into_iter().zip(people) {
                use_it(&client, &format!("{ward}-{week}"), &[ward], people).await;
            }
            world.days_go_by(7.0).await;
            let json = uptake(&world).await;
            let told = &json["utilisation"];
            match week {
                1 => {
                    assert_eq!(json["weeks"][0]["total"]["count"], 33);
                    let hidden = json!("withheld");
                    assert_eq!((&told["shown"], &told["cohorts"]["2026-03-02"]["shown"]), (&hidden, &hidden));
                    assert_eq!(json["stickiness"]["shown"], hidden);
                    assert_eq!(json["reach_at_least"], Value::Null);
                }
                // Six more than the fullest weeks come to.
                2 => {
                    assert_eq!((&told["count"], &told["of"]), (&json!(43), &json!(120)));
                    // Reach is not told yet; who used it lately did use it.
                    assert_eq!(json["reach_at_least"], 43);
                    let page = world.visitor().get("/changes/early-rounds/uptake").await;
                    page.shows("Reach 43 people or more, as many as in the last 28 days");
                }
                _ => {}
            }
        }
    });
}
