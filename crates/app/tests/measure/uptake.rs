//! Uptake by unit and week: whom it counts, and what it does not show.

use serde_json::{Value, json};
use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction::measure::import::sheet::File;
use traction::measure::import::units;
use traction::measure::outcome::verbs::Mode;
use traction::offer::change;
use traction::org::token::store::Scope;
use traction::org::unit;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::id::ChangeId;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::world::{TestWorld, on_both};

/// A change as it is opened by its form.
pub const CHANGE: [(&str, &str); 9] = [
    ("name", "Early rounds"),
    ("promise", "Home before noon"),
    ("flag_key", "early"),
    ("goal_title", "Home before noon"),
    ("target", "60"),
    ("metric_name", "Before noon"),
    ("unit_of_measure", "of a hundred"),
    ("better", "up"),
    ("worth", "5"),
];

/// A change with slots since Monday at midnight in the units of 30, 30, 24 and 8 people.
pub async fn roll_out(world: &TestWorld) -> ChangeId {
    let bytes = b"unit,members\nward-1,30\nward-2,30\nward-3,24\nward-4,8\n".to_vec();
    let file = File { name: "wards.csv".into(), bytes };
    units::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
    let lead = world.person("lea", RoleWord::ChangeLead, None).await;
    world.browser_of(lead).await.submit("/changes", &CHANGE).await;
    let mut tx = world.world.store().begin().await.unwrap();
    let change = change::verbs::find(&tx, "early-rounds").await.unwrap().id;
    let begins: Moment = "2026-03-02T00:00:00Z".parse().unwrap();
    for slug in ["ward-1", "ward-2", "ward-3", "ward-4"] {
        let unit = unit::verbs::find(&tx, slug).await.unwrap().id;
        let time = Span { from: begins, until: None };
        let granting = Granting { change, wave: None, unit, asked: Asked::Unknown, probability: None, time };
        slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
    }
    world.world.commit(tx).await.unwrap();
    change
}

fn used(unit: &str, n: usize) -> impl Iterator<Item = Value> {
    let unit = unit.to_owned();
    (0..n).map(move |n| {
        let person = format!("{unit}-person-{n}");
        json!({"type": "track", "messageId": person, "userId": person, "event": "opened", "properties": {"unit": unit}})
    })
}

#[test]
fn uptake_is_shown_by_unit_and_week_without_giving_small_groups_away() {
    on_both(async |world| {
        roll_out(&world).await;
        let visitor = world.visitor();
        visitor.get("/changes/early-rounds/uptake").await.is(200).shows("The first week is not over yet.");
        let client = world.client(&[Scope::Usage]).await;
        let batch: Vec<Value> = used("ward-1", 15)
            .chain(used("ward-2", 3))
            .chain(used("ward-3", 12))
            .chain(used("ward-4", 6))
            .collect();
        client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
        world.days_go_by(7.0).await;

        let page = visitor.get("/changes/early-rounds/uptake").await;
        page.is(200).shows("In the last week that is over, 36 of 92 people (39 %) used it, in 4 units.");
        page.shows("ward-1 2 Mar 2026 50 % 50 %").shows("ward-2 2 Mar 2026 <5 <5");
        // Six of eight: either side of it is small or would tell of the other; so is what shields ward-2.
        page.shows("ward-4 2 Mar 2026 · ·")
            .shows("Share of the eligible people with at least one event in the week");
        visitor.get("/uptake").await.shows("1 change is in use").shows("Early rounds 4 39 % (36 of 92)");

        let reader = world.client(&[Scope::Read]).await;
        let json = reader.get("/api/v1/changes/early-rounds/uptake").await.json();
        assert_eq!(json["weeks"][0]["units"]["ward-2"], json!({"of": 30, "shown": "few"}));
        assert_eq!(json["weeks"][0]["units"]["ward-4"], json!({"shown": "withheld"}));
        assert_eq!(json["weeks"][0]["total"]["count"], 36);
        assert!(!json.to_string().contains("person"), "{json}");
    });
}

#[test]
fn events_belong_to_the_change_whose_slot_the_persons_unit_holds() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let sql = world.world.store().read();
        let ward = unit::verbs::find(sql, "ward-1").await.unwrap().id;
        for n in 0..6 {
            world.person(&format!("nurse-{n}"), RoleWord::Member, Some(ward)).await;
        }
        world.person("outsider", RoleWord::Coach, None).await;
        let client = world.client(&[Scope::Usage]).await;
        let of = |person: &str, more: Value| json!({"messageId": person, "userId": person, "event": "opened", "properties": more});
        for n in 0..6 {
            let person = format!("nurse-{n}");
            let more = if n < 3 {
                json!({})
            } else {
                json!({"change": (if n == 3 { "early" } else { "early-rounds" })})
            };
            client.post("/v1/track", &of(&person, more)).await.is(200);
        }
        client.post("/v1/track", &of("outsider", json!({}))).await.is(200);
        client
            .post("/v1/track", &of("nurse-x", json!({"change": "no-such-change", "unit": "ward-1"})))
            .await
            .is(200);
        let firsts = traction::measure::uptake::store::first_uses(sql, change).await.unwrap();
        assert_eq!(firsts.values().map(Vec::len).sum::<usize>(), 6);
        assert_eq!(firsts.keys().collect::<Vec<_>>(), [&ward]);
        assert_eq!(traction::measure::usage::store::counts(sql, None).await.unwrap(), (7, 1));
    });
}

#[test]
fn a_few_who_use_it_are_a_whole_sentence_too() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let batch: Vec<Value> = used("ward-1", 3).collect();
        client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
        world.days_go_by(7.0).await;
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("In the last week that is over, fewer than 5 of 92 people used it, in 4 units.");
    });
}

#[test]
fn stickiness_looks_at_the_last_week_that_is_over_as_its_neighbours_do() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let batch: Vec<Value> = used("ward-1", 15).chain(used("ward-3", 12)).collect();
        client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
        // Saturday of the week after: nobody used it since, and the week is not over.
        world.days_go_by(12.0).await;
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("In the last week that is over, 27 of 92 people (29 %) used it")
            .shows("Stickiness all but fewer than 5 of 27");
    });
}
