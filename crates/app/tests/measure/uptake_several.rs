//! Uptake where people use it in several units, or belong to several: everybody is counted once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use traction::grant::slot;
use traction::measure::import::sheet::File;
use traction::measure::import::usage as import;
use traction::measure::outcome::verbs::Mode;
use traction::offer::change;
use traction::org;
use traction::org::token::store::Scope;
use traction::org::unit;
use traction_domain::grant::slot::{Span, Step};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::uptake::{ADDRESS, grant, roll_out_in, use_it, wards_of, who_comes};
use crate::world::{TestWorld, on_both};

const SIX: [(&str, u32); 6] =
    [("ward-1", 12), ("ward-2", 12), ("ward-3", 12), ("ward-4", 12), ("ward-5", 12), ("ward-6", 12)];

async fn uptake(world: &TestWorld) -> Value {
    world.client(&[Scope::Read]).await.get(ADDRESS).await.json()
}

fn used(id: &str, person: &str, unit: &str) -> Value {
    json!({"type": "track", "messageId": id, "userId": person, "event": "opened",
        "properties": {"unit": unit, "change": "early-rounds"}})
}

#[test]
fn one_person_in_six_wards_is_one_person_at_the_doors() {
    on_both(async |world| {
        roll_out_in(&world, &SIX).await;
        let client = world.client(&[Scope::Usage]).await;
        for (ward, _) in SIX {
            client.post("/v1/track", &used(ward, "float", ward)).await.is(200);
        }
        world.days_go_by(7.0).await;
        let json = uptake(&world).await;
        assert_eq!(json["totals"][0]["total"], json!({"of": 72, "shown": "few"}));
        assert_eq!(json["weeks"][0]["cohorts"]["2026-03-02"], json!({"of": 72, "shown": "few"}));
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("fewer than 5 of 72 people used it")
            .shows("Who uses it in several units is counted in one");
    });
}

#[test]
fn one_person_in_six_wards_is_one_person_in_a_file() {
    on_both(async |world| {
        roll_out_in(&world, &SIX).await;
        let rows: Vec<String> = (2..8)
            .zip(SIX)
            .map(|(day, (ward, _))| format!("2026-03-0{day}T09:00:00Z,opened,float,{ward}\n"))
            .collect();
        world.days_go_by(7.5).await;
        let bytes = format!("at,event,person,unit\n{}", rows.concat()).into_bytes();
        let file = File { name: "use.csv".into(), bytes };
        let change = change::verbs::find(world.world.store().read(), "early-rounds").await.unwrap();
        import::run(&world.world, &Who::operator(), &file, Some(&change), Mode::Take).await.unwrap();
        world.days_go_by(7.0).await;
        assert_eq!(uptake(&world).await["totals"][0]["total"], json!({"of": 72, "shown": "few"}));
    });
}

/// Twenty belong to the first ward alone, twenty to the second alone, ten to both: fifty people.
#[test]
fn who_belongs_to_two_wards_is_eligible_once() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60)]).await;
        wards_of(&world, &[("ward-3", 60)]).await;
        let sql = world.world.store().read();
        let ward = async |slug: &str| unit::verbs::find(sql, slug).await.unwrap().id;
        let (first, second, third) = (ward("ward-1").await, ward("ward-2").await, ward("ward-3").await);
        let client = world.client(&[Scope::Usage]).await;
        let mut people = Vec::new();
        for n in 0..50 {
            let own = if n < 30 { first } else { second };
            people.push(world.person(&format!("nurse-{n}"), RoleWord::Member, Some(own)).await);
        }
        world.world.turn_clock(world.world.now().after(SignedDuration::from_mins(5)));
        for (n, person) in people.into_iter().enumerate() {
            let further = match n {
                20..30 => second,
                // Whoever belongs to a ward without a slot besides is a whole person of his own.
                0..3 => third,
                _ => continue,
            };
            let role = RoleWord::Member.role(Some(further)).unwrap();
            org::person::verbs::give_role(&world.world, &Who::operator(), person, role).await.unwrap();
        }
        for n in 10..45 {
            let (id, person) = (format!("e-{n}"), format!("nurse-{n}"));
            let event = json!({"messageId": id, "userId": person, "event": "opened"});
            client.post("/v1/track", &event).await.is(200);
        }
        world.days_go_by(7.0).await;
        let json = uptake(&world).await;
        let told = |part: &Value| (part["count"].as_u64(), part["of"].as_u64());
        assert_eq!(told(&json["totals"][0]["total"]), (Some(35), Some(50)));
        let units = &json["weeks"][0]["units"];
        assert_eq!(told(&units["ward-1"]), (Some(20), Some(30)));
        assert_eq!(told(&units["ward-2"]), (Some(15), Some(20)));
        assert_eq!(json["plan"][0]["people_with_access"], 50);
        // Their first ward gives its slot back: they have it by the other.
        let slots = slot::store::of_change(sql, change).await.unwrap();
        let slot = slots.iter().find(|slot| slot.unit_slug.as_str() == "ward-1").unwrap().id;
        let who = Who::operator();
        slot::verbs::step(&world.world, &who, slot, Step::Ended, "it moves house").await.unwrap();
        world.days_go_by(7.0).await;
        let json = uptake(&world).await;
        assert_eq!(json["plan"][1]["people_with_access"], 30);
        assert_eq!(json["totals"][1]["total"], json!({"of": 30, "shown": "few"}));
    });
}

/// Somebody who used it, in which week and in which ward.
type Seen = (usize, usize, usize);

/// How many different people have something among what was seen.
fn n_people<'a>(seen: impl Iterator<Item = &'a Seen>) -> usize {
    seen.map(|(_, person, _)| *person).collect::<BTreeSet<_>>().len()
}

/// Eight weeks in which 150 people use it wherever they are, in any of six wards each time; seed 5.
#[test]
fn whoever_is_counted_is_counted_once_wherever_he_goes() {
    on_both(async |world| {
        let wards: Vec<(&str, u32)> = SIX.iter().map(|(slug, _)| (*slug, 60)).collect();
        roll_out_in(&world, &wards).await;
        let client = world.client(&[Scope::Usage]).await;
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(5);
        let mut seen: Vec<Seen> = Vec::new();
        for week in 0..8 {
            world.days_go_by(6.0).await;
            let now = world.world.now();
            let mut batch = Vec::new();
            for (day, person) in (0..7).flat_map(|day| (0..150).map(move |person| (day, person))) {
                if dice.random_range(0..100) < 4 + 7 * ((person + week) % 2) {
                    let ward = dice.random_range(0..6);
                    seen.push((week, person, ward));
                    let id = format!("{week}-{day}-{person}");
                    let mut event = used(&id, &format!("p-{person}"), SIX[ward].0);
                    event["timestamp"] = json!(now.after_days(day - 6).to_string());
                    batch.push(event);
                }
            }
            client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
            world.days_go_by(1.0).await;
        }
        let json = uptake(&world).await;
        let count = |told: &Value| told["count"].as_u64().map(|count| count as usize);
        for week in 0..8 {
            let told = count(&json["totals"][week]["total"]);
            assert_eq!(told, Some(n_people(seen.iter().filter(|one| one.0 == week))), "week {week}");
            let table = &json["weeks"][week];
            let units: BTreeMap<String, Value> = serde_json::from_value(table["units"].clone()).unwrap();
            let sum: Option<usize> = units.values().map(count).sum();
            assert!(sum.is_none_or(|sum| Some(sum) == told), "the wards add up in week {week}: {units:?}");
        }
        assert_eq!(count(&json["utilisation"]), Some(n_people(seen.iter().filter(|one| one.0 >= 4))));
        let of = |first: usize, last: usize| -> BTreeSet<usize> {
            seen.iter().filter(|one| (first..last).contains(&one.0)).map(|one| one.1).collect()
        };
        let (before, lately) = (of(0, 4), of(4, 8));
        let new = lately.difference(&before).count();
        let told = &json["lifecycle"][1];
        if told["new"].is_u64() {
            assert_eq!(told["new"], new);
            assert_eq!(told["returning"], lately.intersection(&before).count());
        }
        assert!(count(&json["reach"]).is_none_or(|reach| [before.len(), of(0, 8).len()].contains(&reach)));
        assert!(
            count(&json["activation"]).is_none_or(|began| began <= of(0, 2).len()),
            "{}",
            json["activation"]
        );
    });
}

/// Thirty work in the first ward, rest for three weeks, and come back in the second: they count there. Twenty go from the
/// one to the other without a rest, and count where they began until they have one.
#[test]
fn whoever_comes_back_elsewhere_after_a_rest_counts_there() {
    on_both(async |world| {
        roll_out_in(&world, &[("ward-1", 80), ("ward-2", 80)]).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..10 {
            let ward = if week < 4 { "ward-1" } else { "ward-2" };
            let rests = |weeks: std::ops::Range<usize>| weeks.contains(&week);
            let ids = format!("week-{week}");
            use_it(&client, &format!("a-{ids}"), &["ward-1"], 300..310).await;
            use_it(&client, &format!("b-{ids}"), &["ward-2"], 310..320).await;
            if !rests(1..4) && !rests(6..9) {
                use_it(&client, &format!("c-{ids}"), &[ward], 0..30).await;
            }
            if !rests(6..9) {
                use_it(&client, &format!("d-{ids}"), &[ward], 100..120).await;
            }
            world.days_go_by(7.0).await;
        }
        let json = uptake(&world).await;
        let count = |week: usize, ward: &str| json["weeks"][week]["units"][ward]["count"].as_u64();
        let counts = |week: usize| (count(week, "ward-1"), count(week, "ward-2"));
        assert_eq!(counts(0), (Some(60), Some(10)));
        assert_eq!(counts(3), (Some(30), Some(10)));
        assert_eq!(counts(5), (Some(30), Some(40)));
        assert_eq!(json["totals"][9]["total"]["count"], 70);
        assert_eq!(counts(9), (Some(10), Some(60)));
    });
}

/// Sixty begin in the third week of their ward, rest, and go on in another one that got it meanwhile: they took as long
/// as they did, wherever they are counted now.
#[test]
fn how_long_somebody_took_stays_when_he_comes_back_elsewhere() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 80)]).await;
        wards_of(&world, &[("ward-2", 80)]).await;
        let mut tx = world.world.store().begin().await.unwrap();
        let later = Span { from: "2026-03-30T00:00:00Z".parse().unwrap(), until: None };
        grant(&world, &mut tx, change, "ward-2", later).await;
        world.world.commit(tx).await.unwrap();
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..16 {
            let ward = if week < 8 { "ward-1" } else { "ward-2" };
            let who = if [2, 8, 12].contains(&week) { 0..60 } else { 0..0 };
            use_it(&client, &format!("week-{week}"), &[ward], who).await;
            world.days_go_by(7.0).await;
            if week == 7 || week == 15 {
                let steps = uptake(&world).await["time_to_adopt"]["steps"].as_array().unwrap().clone();
                let days: Vec<f64> = steps.iter().map(|step| step["days"].as_f64().unwrap()).collect();
                assert!(!days.is_empty() && days.iter().all(|days| *days == 14.0), "week {week}: {days:?}");
            }
        }
    });
}

/// An earlier version counted five of the 36 who began in the first period in two wards. That was told, and stays.
#[test]
fn what_earlier_versions_told_of_periods_stays() {
    on_both(async |world| {
        roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60)]).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..8 {
            use_it(&client, &format!("week-{week}"), &["ward-1", "ward-2"], who_comes(week)).await;
            world.days_go_by(7.0).await;
            if week == 3 {
                assert_eq!(uptake(&world).await["lifecycle"][0]["new"], 36);
                let text = "UPDATE uptake_week SET told = REPLACE(told, '[36,0,0,0]', '[41,0,0,0]')";
                let tx = world.world.store().begin().await.unwrap();
                assert_eq!(tx.run(text, vec![]).await.unwrap(), 4);
                world.world.commit(tx).await.unwrap();
            }
        }
        let json = uptake(&world).await;
        let new = |period: usize| json["lifecycle"][period]["new"].clone();
        assert_eq!((new(0), new(1), &json["reach"]["count"]), (json!(41), json!(12), &json!(48)));
    });
}

/// Right after an upgrade a week that was closed before it is told as it was; then the month is closed until all of its
/// weeks are counted in one way.
#[test]
fn a_month_is_told_again_when_all_its_weeks_were_counted_in_one_way() {
    on_both(async |world| {
        roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60)]).await;
        let client = world.client(&[Scope::Usage]).await;
        let mut told = Vec::new();
        for week in 0..10 {
            // Of 36 in each ward a third rests in turn.
            let from = 12 * (week % 2);
            use_it(&client, &format!("one-{week}"), &["ward-1"], from..from + 24).await;
            use_it(&client, &format!("two-{week}"), &["ward-2"], 100 + from..124 + from).await;
            world.days_go_by(7.0).await;
            let month = |json: &Value| json["utilisation"]["count"].as_u64();
            told.push(month(&uptake(&world).await));
            if week == 4 {
                let text = "UPDATE uptake_week SET told = REPLACE(told, '\"n_weeks_of_homes\":4', '\"n_weeks_of_homes\":0')";
                let tx = world.world.store().begin().await.unwrap();
                assert_eq!(tx.run(text, vec![]).await.unwrap(), 5);
                world.world.commit(tx).await.unwrap();
                assert_eq!(month(&uptake(&world).await), Some(72));
            }
        }
        let (all, none) = (Some(72), None);
        assert_eq!(told[1..], [all, all, all, all, none, none, none, all, all]);
    });
}
