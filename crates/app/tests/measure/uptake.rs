//! Uptake by unit and week: whom it counts, and what it does not show.

use serde_json::{Value, json};
use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction::measure::import::sheet::File;
use traction::measure::import::units;
use traction::measure::outcome::verbs::Mode;
use traction::measure::uptake::held::Stretches;
use traction::measure::uptake::store::{Week, uses};
use traction::measure::uptake::verbs;
use traction::measure::usage::letters;
use traction::offer::change;
use traction::org::token::store::Scope;
use traction::org::unit;
use traction::store::Tx;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::id::ChangeId;
use traction_domain::measure::uptake::Detail;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::world::{Client, TestWorld, on_both};

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
    roll_out_in(world, &[("ward-1", 30), ("ward-2", 30), ("ward-3", 24), ("ward-4", 8)]).await
}

/// Wards of so many people.
pub async fn wards_of(world: &TestWorld, wards: &[(&str, u32)]) {
    let rows: Vec<String> = wards.iter().map(|(slug, n_members)| format!("{slug},{n_members}\n")).collect();
    let bytes = format!("unit,members\n{}", rows.concat()).into_bytes();
    let file = File { name: "wards.csv".into(), bytes };
    units::run(&world.world, &Who::operator(), &file, Mode::Take).await.unwrap();
}

/// The same in other units.
pub async fn roll_out_in(world: &TestWorld, wards: &[(&str, u32)]) -> ChangeId {
    wards_of(world, wards).await;
    let lead = world.person("lea", RoleWord::ChangeLead, None).await;
    world.browser_of(lead).await.submit("/changes", &CHANGE).await;
    let mut tx = world.world.store().begin().await.unwrap();
    let change = change::verbs::find(&tx, "early-rounds").await.unwrap().id;
    let begins: Moment = "2026-03-02T00:00:00Z".parse().unwrap();
    for (slug, _) in wards {
        grant(world, &mut tx, change, slug, Span { from: begins, until: None }).await;
    }
    world.world.commit(tx).await.unwrap();
    change
}

/// Gives a ward a slot.
pub async fn grant(world: &TestWorld, tx: &mut Tx, change: ChangeId, ward: &str, time: Span) {
    let unit = unit::verbs::find(tx, ward).await.unwrap().id;
    let granting = Granting { change, wave: None, unit, asked: Asked::Unknown, probability: None, time };
    slot::verbs::record(&world.world, tx, &Who::operator(), granting).await.unwrap();
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
        // In the first week nobody can have been active before it, so the 28 days are not told yet.
        page.shows("ward-1 2 Mar 2026 – · 50 %").shows("ward-2 2 Mar 2026 – · <5");
        // Six of eight: either side of it is small or would tell of the other; so is what shields ward-2.
        page.shows("ward-3 2 Mar 2026 – · ·").shows("ward-4 2 Mar 2026 – · ·");
        page.shows("Share of the eligible people with at least one event in the week")
            .shows("Since the week of 2 Mar 2026 39 % (36 of 92)");
        visitor
            .get("/uptake")
            .await
            .shows("1 change is in use")
            .shows("Early rounds 4 39 % (36 of 92) not shown");

        let reader = world.client(&[Scope::Read]).await;
        let json = reader.get("/api/v1/changes/early-rounds/uptake").await.json();
        assert_eq!(json["weeks"][0]["units"]["ward-2"], json!({"of": 30, "shown": "few"}));
        assert_eq!(json["weeks"][0]["units"]["ward-4"], json!({"shown": "withheld"}));
        assert_eq!(json["weeks"][0]["total"]["count"], 36);
        assert_eq!(json["weeks"][0]["waves"]["0"]["count"], 36);
        let says = json["definitions"]["weekly_active"].as_str().unwrap();
        page.shows(says);
        assert!(!json.to_string().contains("-person-"), "{json}");
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
        world.days_go_by(7.0).await;
        let uses = rolled_up(&world, change).await;
        assert_eq!(uses.people.len(), 6);
        assert!(uses.people.iter().all(|person| person.homes.iter().all(|home| home.unit == ward)));
        assert_eq!(uses.lately.iter().map(|used| used.n_events).collect::<Vec<_>>(), [1; 6]);
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
fn the_numbers_are_those_of_the_last_week_that_is_over() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let batch: Vec<Value> = used("ward-1", 15).chain(used("ward-3", 12)).collect();
        client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
        // Saturday of the week after: nobody used it since, and the week is not over.
        world.days_go_by(12.0).await;
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.shows("In the last week that is over, 27 of 92 people (29 %) used it");
        world.days_go_by(2.0).await;
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        // All of the 28 days were active in the first of them, none in the last: nothing is left to subtract.
        page.shows("In the last week that is over, fewer than 5 of 92 people used it")
            .shows("Stickiness not shown");
    });
}

/// Sends that people used it now; they belong to the wards in turn.
pub async fn use_it(client: &Client<'_>, round: &str, wards: &[&str], people: std::ops::Range<usize>) {
    let batch: Vec<Value> = people
        .map(|n| {
            let (id, person, unit) = (format!("{round}-{n}"), format!("p-{n}"), wards[n % wards.len()]);
            json!({"type": "track", "messageId": id, "userId": person, "event": "opened", "properties": {"unit": unit}})
        })
        .collect();
    client.post("/v1/batch", &json!({ "batch": batch })).await.is(200);
}

/// Where programs read it.
pub const ADDRESS: &str = "/api/v1/changes/early-rounds/uptake";

/// How many were active in a week, by its place among those that are told.
async fn told(world: &TestWorld, nth: usize) -> Value {
    let reader = world.client(&[Scope::Read]).await;
    reader.get(ADDRESS).await.json()["totals"][nth]["total"]["count"].clone()
}

/// All that was rolled up of a change.
async fn rolled_up(world: &TestWorld, change: ChangeId) -> uses::Uses {
    let sql = world.world.store().read();
    let mut always = Stretches::default();
    always.add_all(Week(0), Week(9999));
    let units =
        unit::store::all(sql).await.unwrap().into_iter().map(|unit| (unit.id, always.clone())).collect();
    uses::uses(sql, change, &units, Detail { origin: 0, from: i64::MIN }).await.unwrap()
}

/// An event of the third day, sent now by a client whose clock is right.
async fn late(world: &TestWorld, client: &Client<'_>, id: &str, person: &str) {
    let sent = world.world.now().to_string();
    let event = json!({"messageId": id, "userId": person, "event": "opened", "timestamp": "2026-03-04T08:00:00Z", "sentAt": sent, "properties": {"unit": "ward-1"}});
    client.post("/v1/track", &event).await.is(200);
}

/// Three new people every fourth week, each active once: no 28 days ever hold five, and yet nine are told as reached. Who
/// is late for it is not added to what was told.
#[test]
fn a_slow_trickle_that_was_told_is_not_counted_anew() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        let reader = world.client(&[Scope::Read]).await;
        let reach = async || reader.get(ADDRESS).await.json()["reach"]["count"].clone();
        for week in 0..12 {
            if week % 4 == 2 {
                let people = 3 * (week / 4)..3 * (week / 4) + 3;
                use_it(&client, &format!("week-{week}"), &["ward-1"], people).await;
            }
            world.days_go_by(7.0).await;
        }
        assert_eq!(reach().await, 9);
        late(&world, &client, "late", "p-20").await;
        world.days_go_by(7.0).await;
        assert_eq!(reach().await, 9);
    });
}

/// Two servers count the same weeks at the same time; what came between is in one count and not in the other. Whoever keeps
/// first has told it, and the other leaves it so.
#[test]
fn what_one_server_told_another_does_not_tell_anew() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, "first", &["ward-1"], 0..2).await;
        world.days_go_by(7.0).await;
        for n in 0..16 {
            late(&world, &client, &format!("old-{n}"), &format!("p-{n}")).await;
        }
        world.world.turn_clock(world.world.now().after_days(7));
        let slower = verbs::count(&world.world, change).await.unwrap().unwrap();
        late(&world, &client, "one-more", "p-20").await;
        verbs::close_weeks(&world.world).await.unwrap();
        let kept = told(&world, 0).await;
        assert_eq!(kept, 17);
        verbs::keep(&world.world, slower).await.unwrap();
        assert_eq!(told(&world, 0).await, kept);
    });
}

/// Half of a day arrives after its week was closed: it counts too, in the next, and once.
#[test]
fn further_use_of_the_same_day_that_is_late_counts_in_the_next_week() {
    on_both(async |world| {
        let change = roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        world.days_go_by(2.0).await;
        use_it(&client, "first", &["ward-1"], 0..16).await;
        late(&world, &client, "in-time", "p-3").await;
        world.days_go_by(5.0).await;
        late(&world, &client, "late", "p-3").await;
        use_it(&client, "second", &["ward-1"], 0..8).await;
        world.days_go_by(7.0).await;
        world.days_go_by(7.0).await;
        let n_events = |uses: &uses::Uses| uses.lately.iter().map(|used| used.n_events).sum::<u32>();
        assert_eq!(n_events(&rolled_up(&world, change).await), 16 + 1 + 1 + 8);
    });
}

/// A dead letter is mended when its week is long closed: it arrives then, and counts in that week.
#[test]
fn a_mended_dead_letter_counts_in_the_week_in_which_it_was_mended() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, "first", &["ward-1"], 0..16).await;
        let lost = json!({"messageId": "lost", "userId": "p-20", "event": "opened", "properties": {"unit": "ward-1", "change": "late-rounds"}});
        client.post("/v1/track", &lost).await.is(200);
        world.days_go_by(14.0).await;
        let dead = letters::store::open(world.world.store().read(), None, 10).await.unwrap().remove(0);
        let mended = dead.body.replace("late-rounds", "early-rounds");
        let operator = Who::operator();
        letters::verbs::try_again(&world.world, &operator, &dead.source, &dead.id, Some(&mended))
            .await
            .unwrap();
        use_it(&client, "third", &["ward-1"], 0..14).await;
        world.days_go_by(7.0).await;
        assert_eq!((told(&world, 0).await, told(&world, 2).await), (16.into(), 15.into()));
    });
}

/// A week that was told stays as it was told: one who is late is not found in the difference, and counts in the week in
/// which he arrived.
#[test]
fn what_arrives_after_its_week_was_closed_counts_in_the_next() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, "first", &["ward-1"], 0..16).await;
        world.days_go_by(7.0).await;
        assert_eq!(told(&world, 0).await, 16);
        let late = json!({"messageId": "late", "userId": "p-29", "event": "opened", "timestamp": "2026-03-04T08:00:00Z", "sentAt": "2026-03-09T08:00:00Z", "properties": {"unit": "ward-1"}});
        client.post("/v1/track", &late).await.is(200);
        use_it(&client, "second", &["ward-1"], 0..14).await;
        world.days_go_by(7.0).await;
        assert_eq!((told(&world, 0).await, told(&world, 1).await), (16.into(), 15.into()));
    });
}

/// Until five people are told of, nothing can be subtracted: use that is sent later for the weeks before counts there.
#[test]
fn weeks_in_which_nothing_was_told_are_counted_anew() {
    on_both(async |world| {
        roll_out(&world).await;
        let client = world.client(&[Scope::Usage]).await;
        use_it(&client, "first", &["ward-1"], 0..2).await;
        world.days_go_by(7.0).await;
        world.visitor().get("/changes/early-rounds/uptake").await.shows("fewer than 5 of 92 people");
        for n in 0..16 {
            let event = json!({"messageId": format!("old-{n}"), "userId": format!("p-{n}"), "event": "opened", "timestamp": "2026-03-04T08:00:00Z", "sentAt": "2026-03-09T08:00:00Z", "properties": {"unit": "ward-1"}});
            client.post("/v1/track", &event).await.is(200);
        }
        world.days_go_by(7.0).await;
        assert_eq!(told(&world, 0).await, 16);
    });
}

/// Who of each ward uses it in a week, where some stay, some leave and some come.
pub fn who_comes(week: u32) -> std::ops::Range<usize> {
    match week {
        0 => 0..24,
        1 => 12..24,
        2 | 3 => 12..36,
        4 => 24..48,
        _ => 24..36,
    }
}

/// Eight weeks in which some stay, some leave and some come: what the page tells of them is there with what it counts,
/// and nobody by name.
#[test]
fn after_two_periods_the_page_tells_who_stays_and_how_soon_people_begin() {
    on_both(async |world| {
        roll_out_in(&world, &[("ward-1", 60), ("ward-2", 60)]).await;
        let client = world.client(&[Scope::Usage]).await;
        for week in 0..8 {
            use_it(&client, &format!("week-{week}"), &["ward-1", "ward-2"], who_comes(week)).await;
            world.days_go_by(7.0).await;
        }
        let page = world.visitor().get("/changes/early-rounds/uptake").await;
        page.is(200).shows("Utilisation 20 % (24 of 120)").shows("Stickiness 50 % (12 of 24)");
        page.shows("Activation 20 % (24 of 120)")
            .shows("Reach 40 % (48 of 120)")
            .shows("How soon they begin");
        // Twelve came in the second period, twelve of those before came again, the others did not.
        page.shows("12 12 0 24").shows("12 new, 12 returning, 0 resurrecting, 24 dormant");
        let reader = world.client(&[Scope::Read]).await;
        let json = reader.get(ADDRESS).await.json();
        assert_eq!(json["reach"]["count"], 48);
        assert_eq!(json["retention"][0]["count"], 12);
        assert!(json["curve"]["refused"].as_str().unwrap().contains("12 weeks"), "{}", json["curve"]);
        assert!(!json.to_string().contains("p-1"), "{json}");
        assert!(json.get("beside").is_none());
    });
}
