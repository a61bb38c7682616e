//! Uptake where people are seen under two names before anybody knows that both are theirs: from then on each is one.

use std::collections::BTreeSet;

use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use traction::keeping::doctor;
use traction::measure::import::people;
use traction::measure::import::sheet::File;
use traction::measure::outcome::verbs::Mode;
use traction::measure::uptake::verbs;
use traction::measure::usage::subject;
use traction::measure::usage::subject::store::aliases;
use traction::org::token::store::Scope;
use traction::prove::evidence;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::uptake::{ADDRESS, roll_out_in};
use crate::world::{Client, TestWorld, on_both};

async fn uptake(world: &TestWorld) -> Value {
    world.client(&[Scope::Read]).await.get(ADDRESS).await.json()
}

fn count(told: &Value) -> Option<usize> {
    told["count"].as_u64().map(|count| count as usize)
}

/// What the organisation's directory says of people from one number on: external id and address.
async fn directory(world: &TestWorld, people: std::ops::Range<usize>) {
    let rows: Vec<String> = people.map(|n| format!("p-{n},Somebody,p-{n}@x.org\n")).collect();
    let file = File {
        name: "people.csv".into(),
        bytes: format!("person,name,email\n{}", rows.concat()).into_bytes(),
    };
    people::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
    world.settles().await;
}

fn named(n: usize, by_address: bool) -> String {
    if by_address { format!("p-{n}@x.org") } else { format!("p-{n}") }
}

/// Each of these people uses it in a ward, under the external id and under the address.
async fn use_it_twice(client: &Client<'_>, round: &str, ward: &str, people: std::ops::Range<usize>) {
    let of = |n: usize, by_address: bool| {
        json!({"type": "track", "messageId": format!("{round}-{n}-{by_address}"), "userId": named(n, by_address),
            "event": "opened", "properties": {"unit": ward, "change": "early-rounds"}})
    };
    let batch: Vec<Value> = people.flat_map(|n| [of(n, false), of(n, true)]).collect();
    client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
}

/// How many people were counted by the end of the last week, which is kept and not told.
async fn n_ever(world: &TestWorld) -> u64 {
    let text = "SELECT told AS told FROM uptake_week ORDER BY week DESC LIMIT 1";
    let row = world.world.store().read().one(text, vec![]).await.unwrap().unwrap();
    serde_json::from_str::<Value>(&row.text("told").unwrap()).unwrap()["n_ever"].as_u64().unwrap()
}

/// Four people, each under two names, would be eight at every door.
#[test]
fn four_people_under_two_names_each_are_few() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 60)]).await;
        let lead = world.person("leo", RoleWord::ChangeLead, None).await;
        let browser = world.browser_of(lead).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it_twice(&client, "first", "ward-1", 0..4).await;
        browser.get("/usage").await.shows("opened fewer than 10 yes");
        let sql = world.world.store().read();
        let now = world.world.now();
        let used = || evidence::store::used(sql, change, (now.after_days(-1), now.after_days(1)));
        assert_eq!(used().await.unwrap(), ["ward-1"]);
        directory(&world, 0..4).await;
        browser.get("/usage").await.shows("opened arriving");
        assert_eq!(used().await.unwrap(), [""; 0]);
        world.days_go_by(7.0).await;
        assert_eq!(used().await.unwrap(), [""; 0]);
        let json = uptake(&world).await;
        assert_eq!(json["totals"][0]["total"], json!({"of": 60, "shown": "few"}));
        assert_eq!(n_ever(&world).await, 4);
        // Whoever lets go of what is linked to him stays one, who is nobody.
        subject::verbs::erase(&world.world, &Who::operator(), "p-0").await.unwrap();
        use_it_twice(&client, "second", "ward-1", 5..6).await;
        world.days_go_by(7.0).await;
        assert_eq!(n_ever(&world).await, 6, "of the last one nobody knows yet that he is one");
    });
}

/// Who used it, in which week, under which of his names.
type Seen = (usize, usize, bool);

/// How many of those who were seen in some weeks: people where it is known who they are, else names.
fn n_of(seen: &[Seen], weeks: std::ops::Range<usize>, is_known: bool) -> usize {
    let lately = seen.iter().filter(|one| weeks.contains(&one.0));
    lately.map(|(_, n, by_address)| (*n, *by_address && !is_known)).collect::<BTreeSet<_>>().len()
}

/// Sixteen weeks in which people come and go under either of their names; before a week is closed it becomes known whose
/// they are. Seed 7.
async fn plays(world: &TestWorld, known: usize) {
    let wards = ["ward-1", "ward-2", "ward-3"];
    roll_out_in(world, &wards.map(|ward| (ward, 120))).await;
    let client = world.client(&[Scope::Usage]).await;
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut seen: Vec<Seen> = Vec::new();
    let (mut n_joined, mut reached) = (0, None);
    for week in 0..16 {
        world.days_go_by(6.0).await;
        let now = world.world.now();
        let mut batch = Vec::new();
        for (day, n) in (0..7).flat_map(|day| (0..220).map(move |n| (day, n))) {
            // Seventy begin at once, and ten more each week; each rests and comes back in a rhythm of his own.
            let is_there = n / 10 <= week + 6 && (week + n) % 11 < 7;
            if !is_there || dice.random_range(0..100) >= 15 {
                continue;
            }
            let by_address = dice.random_range(0..3) == 0;
            seen.push((week, n, by_address));
            let ward = wards[(n + usize::from(dice.random_range(0..5) == 0)) % 3];
            batch.push(json!({"type": "track", "messageId": format!("{week}-{day}-{n}"), "event": "opened",
                "userId": named(n, by_address), "timestamp": now.after_days(day - 6).to_string(),
                "properties": {"unit": ward, "change": "early-rounds"}}));
        }
        client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
        if week == known {
            n_joined = n_of(&seen, 0..week + 1, false) - n_of(&seen, 0..week + 1, true);
            directory(world, 0..220).await;
        }
        world.days_go_by(1.0).await;
        let json = uptake(world).await;
        let is_known = week >= known;
        let told = count(&json["totals"][week]["total"]);
        assert_eq!(told, Some(n_of(&seen, week..week + 1, is_known)), "week {week}");
        assert_eq!(n_ever(world).await as usize, n_of(&seen, 0..week + 1, is_known), "week {week}");
        let month = count(&json["utilisation"]);
        if known > 0 && (known..known + 3).contains(&week) {
            // While weeks in them counted names, they could be fewer than one of them.
            assert_eq!(month, None, "week {week}");
        } else if week >= 3 {
            assert_eq!(month, Some(n_of(&seen, week - 3..week + 1, is_known)), "week {week}");
        }
        if week % 4 == 3 {
            let period = week / 4;
            let of = |month: usize| -> BTreeSet<(usize, bool)> {
                let own = seen.iter().filter(|one| one.0 / 4 == month);
                own.map(|(_, n, by_address)| (*n, *by_address && !is_known)).collect()
            };
            let told = &json["lifecycle"][period];
            if known > 0 && known / 4 == period {
                assert!(
                    !told["new"].is_u64(),
                    "what is missing of those who were told would be they: {told}"
                );
                continue;
            }
            let before: BTreeSet<_> = (0..period).flat_map(of).collect();
            assert_eq!(told["new"], of(period).difference(&before).count());
            if period > 0 {
                assert_eq!(told["returning"], of(period).intersection(&of(period - 1)).count());
                assert_eq!(told["dormant"], of(period - 1).difference(&of(period)).count());
            }
            let reach = count(&json["reach"]);
            if known == 0 {
                assert_eq!(reach, Some(n_of(&seen, 0..week + 1, true)));
            }
            // After one period that was not told it stays as it was told, until a second one is pooled with it.
            assert!(known == 0 || reach == *reached.get_or_insert(reach));
        }
    }
    assert!(n_joined > 3, "{n_joined}");
    assert_eq!(count(&uptake(world).await["totals"][0]["total"]), Some(n_of(&seen, 0..1, known == 0)));
    let aliases = aliases::all(world.world.store().read()).await.unwrap();
    assert_eq!(aliases.len(), n_joined);
    let looks = doctor::examine(&world.world).await.unwrap();
    let usage = looks.iter().find(|look| look.name == "usage").unwrap();
    assert_eq!(usage.findings, [], "no week counts other people than used it");
}

#[test]
fn from_when_it_is_known_whose_the_names_are_people_are_counted_and_not_names() {
    on_both(async |world| plays(&world, 5).await);
}

#[test]
fn where_it_is_known_before_anything_is_told_all_numbers_count_people() {
    on_both(async |world| plays(&world, 0).await);
}

/// Two servers look at the same moment, and one of them in the midst of counting: what it counted is told as it was, and
/// the next week has the rest.
#[test]
fn two_who_join_at_one_moment_join_once_and_a_count_under_way_stays_whole() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("ward-1", 60)]).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it_twice(&client, "first", "ward-1", 0..10).await;
        world.world.turn_clock(world.world.now().after_days(7));
        let counted = verbs::count(&world.world, change).await.unwrap().unwrap();
        let rows: Vec<String> = (0..10).map(|n| format!("p-{n},Somebody,p-{n}@x.org\n")).collect();
        let bytes = format!("person,name,email\n{}", rows.concat()).into_bytes();
        let file = File { name: "people.csv".into(), bytes };
        people::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
        let (one, other) =
            tokio::join!(subject::joined::join_all(&world.world), subject::joined::join_all(&world.world));
        assert_eq!(one.unwrap() + other.unwrap(), 10);
        verbs::keep(&world.world, counted).await.unwrap();
        assert_eq!(n_ever(&world).await, 20);
        use_it_twice(&client, "second", "ward-1", 0..10).await;
        world.days_go_by(7.0).await;
        let json = uptake(&world).await;
        let told = |week: usize| count(&json["totals"][week]["total"]);
        assert_eq!((told(0), told(1), n_ever(&world).await), (Some(20), Some(10), 10));
    });
}

/// Two who turn out to be one may each have several subjects already: all of them lead to one.
#[test]
fn subjects_that_are_joined_in_turn_lead_to_one() {
    on_both(async |world| {
        let now = world.world.now();
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let tx = world.world.store().begin().await.unwrap();
        for (subjects, n_joined) in
            [(["b", "c"].as_slice(), 1), (&["e", "d"], 1), (&["a", "b", "d"], 2), (&["c", "e"], 0), (&[], 0)]
        {
            assert_eq!(aliases::join(&tx, &named(subjects), now).await.unwrap(), n_joined, "{subjects:?}");
        }
        world.world.commit(tx).await.unwrap();
        let all = aliases::all(world.world.store().read()).await.unwrap();
        assert!(all.len() == 4 && all.values().all(|own| own == "a"), "{all:?}");
    });
}
