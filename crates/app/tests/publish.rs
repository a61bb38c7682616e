//! Stage 8: a result is published, with the consent of whose it is; the feed carries it; units see their own gap.

use atom_syndication::Feed;
use traction::bind;
use traction::contend::application;
use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction::offer::change::verbs::{ChangeWish, GoalWish, MetricWish};
use traction::offer::{change, wave};
use traction::org::token::store::Scope;
use traction::prove::evidence;
use traction::prove::evidence::store::Evidence;
use traction_domain::contend::application::Application;
use traction_domain::grant::slot::{Asked, Span, Step};
use traction_domain::id::{EvidenceId, ImportId, SlotId, UnitId, WaveId};
use traction_domain::offer::change::ChangeWords;
use traction_domain::offer::metric::{self, Better};
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::prove::Kind;

use crate::world::{TestWorld, monday, on_both};

const STORY: [(&str, &str); 3] =
    [("title", "Results in ten minutes"), ("story", "We moved the device to the bed."), ("release", "now")];

/// Opens the change "bedside tests", whose goal is a waiting time of 2 hours or less.
async fn opened(world: &TestWorld) -> change::store::Change {
    let metric = metric::propose("Waiting time", "hours per test", Better::Down).unwrap();
    let words = ChangeWords { name: "Bedside tests", promise: "Results in ten minutes", flag_key: "bedside" };
    let goal = GoalWish::New { title: "Results in two hours", target: 2.0, metric: MetricWish::New(metric) };
    let wish = ChangeWish { words, unit: None, worth: 0.5, goal };
    let slug = change::verbs::open(&world.world, &Who::operator(), wish).await.unwrap();
    let sql = world.world.store().read();
    let change = change::verbs::find(sql, slug.as_str()).await.unwrap();
    let who = Who::operator();
    change::verbs::lock_prediction(&world.world, &who, &change, "An hour less", -1.0).await.unwrap();
    change
}

/// An evidence record that was made from outcomes, with a verdict of our choice.
async fn proven(world: &TestWorld, change: &change::store::Change, kind: Kind, says: &str) -> EvidenceId {
    let sql = world.world.store().read();
    let made = match evidence::store::latest(sql, change.id).await.unwrap() {
        Some(made) => made,
        None => {
            for n in 0..6_u8 {
                let unit = world.unit(&format!("proof-{n}"), None).await;
                let gain = if n < 3 { 1.5 } else { 0.0 };
                let noise = f64::from(n * n % 5) / 10.0;
                outcomes(world, change, unit, &[5.0, 5.0 + noise, 5.0 - gain, 5.0 - gain - noise]).await;
                if n < 3 {
                    granted(world, change, unit, 14).await;
                }
            }
            let id = evidence::verbs::prove(&world.world, &Who::operator(), change).await.unwrap();
            evidence::store::one(sql, id).await.unwrap().unwrap()
        }
    };
    let id: EvidenceId = world.world.id();
    let chosen =
        Evidence { id, verdict_kind: kind, verdict_says: says.into(), made_at: world.world.now(), ..made };
    let tx = world.world.store().begin().await.unwrap();
    evidence::store::add(&tx, &chosen, "", &[]).await.unwrap();
    world.world.commit(tx).await.unwrap();
    id
}

async fn announced(world: &TestWorld, change: &change::store::Change, days: [i64; 4]) -> WaveId {
    let [opens, closes, starts, ends] = days.map(|day| monday().after_days(day));
    let times = WaveTimes { opens_at: opens, closes_at: closes, starts_at: starts, ends_at: Some(ends) };
    wave::verbs::announce(&world.world, &Who::operator(), change, 4, times, "an hour a week").await.unwrap()
}

/// Gives `unit` a slot from `day` on, counted from the first Monday.
async fn granted(world: &TestWorld, change: &change::store::Change, unit: UnitId, day: i64) -> SlotId {
    let time = Span { from: monday().after_days(day), until: None };
    let granting =
        Granting { change: change.id, wave: None, unit, asked: Asked::Pull, probability: None, time };
    let mut tx = world.world.store().begin().await.unwrap();
    let id = slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
    world.world.commit(tx).await.unwrap();
    id
}

/// Weekly outcomes of the change's metric from the first Monday on.
async fn outcomes(world: &TestWorld, change: &change::store::Change, unit: UnitId, values: &[f64]) {
    let tx = world.world.store().begin().await.unwrap();
    let import: ImportId = world.world.id();
    let sql = "INSERT INTO taken_in (id, kind, sha256, n_rows, at) VALUES ($1, 'outcomes', '', 0, 0)";
    tx.run(sql, bind![import]).await.unwrap();
    for (week, value) in (0..).zip(values) {
        let period = monday().after_days(7 * week).date().to_string();
        tx.run(
            "INSERT INTO outcome (metric_id, unit_id, period, n, value, import_id, recorded_at)
             VALUES ($1, $2, $3, 1, $4, $5, 0)",
            bind![change.metric, unit, period, *value, import],
        )
        .await
        .unwrap();
    }
    world.world.commit(tx).await.unwrap();
}

/// The feed with its results alone; what draws promise stands in it as well.
async fn feed(world: &TestWorld) -> Feed {
    let response = world.visitor().get("/feed.atom").await;
    response.is(200);
    assert_eq!(response.headers["content-type"], "application/atom+xml; charset=utf-8");
    let mut feed = Feed::read_from(response.body.as_bytes()).unwrap();
    feed.entries.retain(|entry| !entry.categories.is_empty());
    feed
}

#[test]
fn proofs_of_one_change_at_two_dates_are_one_effect_on_its_call() {
    on_both(async |world| {
        let change = opened(&world).await;
        announced(&world, &change, [1, 30, 40, 60]).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let call = "/changes/bedside-tests/waves/1";
        let first = proven(&world, &change, Kind::Works, "Waiting time fell by 1.5 hours.").await;
        cleo.submit(&format!("/evidence/{first}/publish"), &STORY).await;
        let rows = |body: &str| {
            let section = body.split("What others got").nth(1).unwrap();
            section.split("</table>").next().unwrap().matches("<tr>").count()
        };
        let page = world.visitor().get(call).await;
        page.shows("The newest published effect")
            .shows("Waiting time fell by 1.5 hours.")
            .hides("Published before");
        assert_eq!(rows(&page.body), 2, "a heading, and one effect");

        world.days_go_by(2.0).await;
        let second = proven(&world, &change, Kind::Works, "Waiting time fell by 2 hours.").await;
        let later = [("title", "A year on"), STORY[1], STORY[2]];
        cleo.submit(&format!("/evidence/{second}/publish"), &later).await;
        let page = world.visitor().get(call).await;
        page.shows("A year on : Waiting time fell by 2 hours.");
        page.shows("Published before").shows("Results in ten minutes : Waiting time fell by 1.5 hours.");
        let (newest, before) = page.body.split_once("Published before").unwrap();
        assert!(newest.contains("A year on") && !newest.contains("Results in ten minutes: "));
        assert!(before.contains("Results in ten minutes") && !before.contains("A year on"));
        assert_eq!(rows(&page.body), 2, "the older one is no second confirmation");
    });
}

#[test]
fn a_change_lead_publishes_the_change_as_a_whole_and_everybody_reads_it() {
    on_both(async |world| {
        let change = opened(&world).await;
        let evidence = proven(&world, &change, Kind::Works, "Waiting time fell by 1.5 hours.").await;
        let ward = world.unit("ward-7", None).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let (cleo, lea) = (world.browser_of(cleo).await, world.browser_of(lea).await);
        let publish = format!("/evidence/{evidence}/publish");

        world.visitor().get(&publish).await.is(303);
        lea.get(&publish).await.is(403).shows("Only whoever runs the change");
        lea.post(&publish, &STORY).await.is(403);
        cleo.get(&publish).await.is(200).shows("Waiting time fell by 1.5 hours.").shows("No wave runs now");
        cleo.post(&publish, &STORY[..1]).await.is(422).shows("Please fill in the story");
        let showcase = cleo.submit(&publish, &[&STORY[..], &[("quotes", "I sleep again.")]].concat()).await;
        cleo.post(&publish, &STORY).await.is(422).shows("published already");

        let page = world.visitor().get(&showcase).await;
        page.is(200).shows("Waiting time fell by 1.5 hours.").shows("We moved the device to the bed.");
        page.shows("Effect on Waiting time, hours per test").shows("smallest effect worth it");
        page.shows("I sleep again.").shows("by cleo").shows("made by Traction 0.1.0").hides("Take it down");
        world
            .visitor()
            .get("/showcases")
            .await
            .shows("One result is published, and it works.")
            .shows("Results in ten minutes");
    });
}

#[test]
fn bad_and_empty_results_are_published_too_but_a_refused_claim_is_not() {
    on_both(async |world| {
        let change = opened(&world).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        for kind in [Kind::NoWorthwhileEffect, Kind::Harms, Kind::CannotTell] {
            let evidence = proven(&world, &change, kind, "It did not do what was hoped.").await;
            cleo.submit(&format!("/evidence/{evidence}/publish"), &STORY).await;
        }
        cleo.get("/showcases")
            .await
            .shows("3 results are published: 0 work, 3 do not, or cannot be told.")
            .shows("no worthwhile effect")
            .shows("it did harm");
        let refused = proven(&world, &change, Kind::Refused, "No claim can be made: too few units.").await;
        let publish = format!("/evidence/{refused}/publish");
        cleo.get(&publish).await.shows("so there is nothing to publish").hides("Whose story is it?");
        cleo.post(&publish, &STORY).await.is(422).shows("This record makes no claim");
    });
}

#[test]
fn a_units_own_story_is_shown_while_its_lead_agrees_and_not_a_day_longer() {
    on_both(async |world| {
        let change = opened(&world).await;
        let evidence = proven(&world, &change, Kind::Works, "Waiting time fell.").await;
        let ward = world.unit("ward-7", None).await;
        granted(&world, &change, ward, 0).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let (cleo, lea) = (world.browser_of(cleo).await, world.browser_of(lea).await);
        let publish = format!("/evidence/{evidence}/publish");
        let ward = ward.to_string();
        let own = [&STORY[..], &[("unit", &*ward)]].concat();

        let refused = cleo.post(&publish, &own).await;
        refused.is(422).shows("The lead of ward-7 has not agreed to have its own story or figures shown");
        let ask = format!("/evidence/{evidence}/consents");
        cleo.submit(&ask, &[("asked", &ward), ("words", "Your story would help others")]).await;
        cleo.post(&ask, &[("asked", &ward)]).await.is(422).shows("asked already");
        cleo.post(&publish, &own).await.is(422);

        lea.get("/showcases").await.shows("may its own result of Bedside tests be shown?");
        let answer = format!("/evidence/{evidence}/consents/ward-7");
        lea.get(&answer).await.is(200).shows("Your story would help others").shows("Yes, show it");
        cleo.get(&answer).await.is(200).hides("Yes, show it");
        cleo.post(&answer, &[("answer", "given")]).await.is(403);
        world.browser_of(jo).await.get(&answer).await.is(403);
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.get(&answer).await.is(200).hides("Yes, show it");
        ada.post(&answer, &[("answer", "given")])
            .await
            .is(403)
            .shows("Only the unit's lead can answer for it");
        lea.submit(&answer, &[("answer", "given")]).await;
        lea.get("/showcases").await.hides("may its own result");
        let showcase = cleo.submit(&publish, &own).await;
        world.visitor().get(&showcase).await.shows("told by ward-7").shows("We moved the device");

        lea.submit(&answer, &[("answer", "withdrawn")]).await;
        world
            .visitor()
            .get(&showcase)
            .await
            .is(200)
            .shows("taken down")
            .shows("took its consent back")
            .hides("We moved the device");
        world.visitor().get("/showcases").await.hides("Results in ten minutes");
        assert!(feed(&world).await.entries.is_empty());
        cleo.post(&publish, &own).await.is(422).shows("has not agreed");
        cleo.post(&ask, &[("asked", &ward)]).await.is(422).shows("said no, so it is not asked again");

        // The lead's own publication is her consent.
        lea.submit(&publish, &own).await;
        cleo.get(&publish).await.shows("ward-7 given");
    });
}

#[test]
fn a_result_is_held_back_until_the_wave_ends_so_that_the_proof_stays_clean() {
    on_both(async |world| {
        let change = opened(&world).await;
        announced(&world, &change, [0, 7, 7, 30]).await;
        let evidence = proven(&world, &change, Kind::Works, "Waiting time fell.").await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let early = world.browser_of(cleo).await;
        let publish = format!("/evidence/{evidence}/publish");
        let held = [&STORY[..2], &[("release", "after")]].concat();
        early.post(&publish, &held).await.is(422).shows("No wave of this change runs now");
        world.days_go_by(10.0).await;
        let cleo = world.browser_of(cleo).await;
        cleo.get(&publish).await.shows("A wave runs now").shows("When the running wave has ended");
        let showcase = cleo.submit(&publish, &held).await;

        world.visitor().get(&showcase).await.is(404);
        let board = world.visitor().get("/showcases").await;
        board.hides("Results in ten minutes");
        assert!(board.body.contains("0 published"), "the navigation counts what can be seen");
        assert!(feed(&world).await.entries.is_empty());
        cleo.get(&showcase).await.is(200).shows("Held back: others see it in 2 weeks");
        cleo.get("/showcases").await.shows("Held back until the wave ends").shows("Results in ten minutes");

        world.days_go_by(20.0).await;
        let page = world.visitor().get(&showcase).await;
        page.is(200).shows("Waiting time fell.");
        assert!(page.body.contains("1 published"));
        let feed = feed(&world).await;
        assert_eq!(feed.entries[0].updated.to_rfc3339(), "2026-04-01T08:00:00+00:00");
    });
}

#[test]
fn the_feed_carries_each_result_once_with_absolute_addresses() {
    on_both(async |world| {
        let empty = feed(&world).await;
        assert_eq!((empty.id.as_str(), empty.entries.len()), ("http://traction.test/feed.atom", 0));
        let change = opened(&world).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let mut addresses = Vec::new();
        for (says, title) in [("It <fell> & stays.", "One & only <b>"), ("No effect.", "Two")] {
            let evidence = proven(&world, &change, Kind::Works, says).await;
            let wish = [&[("title", title)], &STORY[1..]].concat();
            addresses.push(cleo.submit(&format!("/evidence/{evidence}/publish"), &wish).await);
            world.days_go_by(1.0).await;
        }
        let feed = feed(&world).await;
        let links: Vec<&str> = feed.entries.iter().map(|entry| entry.links[0].href.as_str()).collect();
        let expected: Vec<String> =
            addresses.iter().rev().map(|address| format!("http://traction.test{address}")).collect();
        assert_eq!(links, expected, "the latest first");
        assert_ne!(feed.entries[0].id, feed.entries[1].id);
        assert!(feed.entries[1].id.starts_with("urn:uuid:"));
        assert_eq!(feed.entries[1].title.value, "One & only <b>");
        let content = feed.entries[1].content.as_ref().unwrap().value.as_deref().unwrap();
        assert!(content.contains("It &lt;fell&gt; &amp; stays."), "{content}");
        assert_eq!(feed.updated, feed.entries[0].updated);
        assert!(feed.links.iter().any(|link| link.rel == "self" && link.href == feed.id));

        cleo.submit(&format!("{}/end", addresses[0]), &[("why", "Told twice")]).await;
        cleo.post(&format!("{}/end", addresses[0]), &[("why", "Again")]).await.is(422);
        let feed = self::feed(&world).await;
        assert_eq!(feed.entries.len(), 1);
        assert_eq!(feed.updated.to_rfc3339(), "2026-03-04T08:00:00+00:00");
    });
}

#[test]
fn whoever_reads_a_result_is_pointed_to_the_next_slot_and_the_demand_is_counted() {
    on_both(async |world| {
        let change = opened(&world).await;
        let evidence = proven(&world, &change, Kind::Works, "Waiting time fell.").await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let showcase = cleo.submit(&format!("/evidence/{evidence}/publish"), &STORY).await;
        let reader = world.visitor();
        reader.get(&showcase).await.shows("No further slot is announced yet.").hides("Demand since");

        let wave = announced(&world, &change, [2, 12, 14, 60]).await;
        reader.get("/showcases").await.shows("applications open in 2 days");
        world.days_go_by(4.0).await;
        for name in ["ward-1", "ward-2"] {
            let unit = world.unit(name, None).await;
            applied(&world, wave, unit).await;
        }
        world.days_go_by(1.0).await;
        let page = reader.get(&showcase).await;
        page.shows("Contend for the next slot").shows("applications close in 7 days");
        page.shows("2 units contend for 4 slots, 0.5 a slot");
        page.shows("In the 5 days after, 2 units applied (0 in the 5 days before).");
        assert!(page.body.contains("href=\"/changes/bedside-tests/waves/1\""));
    });
}

async fn applied(world: &TestWorld, wave: WaveId, unit: UnitId) {
    let wave = wave::store::one(world.world.store().read(), wave).await.unwrap().unwrap();
    let written = Application::written("Long waits", "Short ones", "Jo", "An hour a week").unwrap();
    let who = Who::operator();
    application::run::apply(&world.world, &who, &wave, unit, &written).await.unwrap();
}

#[test]
fn a_unit_sees_its_own_gap_and_what_units_like_it_gained_and_nobody_elses() {
    on_both(async |world| {
        let change = opened(&world).await;
        world.unit("north", None).await;
        let own = world.unit("ward-1", Some("north")).await;
        outcomes(&world, &change, own, &[5.0, 4.5, 4.0]).await;
        let jo = world.person("jo", RoleWord::Member, Some(own)).await;
        let ann = world.person("ann", RoleWord::Member, Some(world.unit("ward-9", None).await)).await;
        for (name, after) in [("ward-2", 4.0), ("ward-3", 3.0)] {
            let unit = world.unit(name, Some("north")).await;
            granted(&world, &change, unit, 9).await;
            outcomes(&world, &change, unit, &[5.0, 9.0, after]).await;
        }
        world.days_go_by(21.0).await;
        let (jo, ann) = (world.browser_of(jo).await, world.browser_of(ann).await);
        let page = jo.get("/units/ward-1/gap").await;
        page.is(200)
            .shows("ward-1 is 2 hours per test from the goal of 2 (16 Mar 2026: 4); 1 nearer than at first.");
        page.shows("Fewer than 3 other units with Bedside tests can tell yet");
        ann.get("/units/ward-1/gap").await.is(403).shows("the unit's own people");
        world.visitor().get("/units/ward-1/gap").await.is(303);

        let third = world.unit("ward-4", Some("north")).await;
        granted(&world, &change, third, 9).await;
        outcomes(&world, &change, third, &[5.0, 9.0, 2.0]).await;
        let page = jo.get("/units/ward-1/gap").await;
        page.shows("3 other units beside yours with Bedside tests gained 2.00 hours per test on average");
        page.shows("(95 % interval \u{2212}0.48 to 4.48)").hides("ward-2").hides("ward-3");

        let who = Who::operator();
        let fourth = world.unit("ward-5", Some("north")).await;
        let given_back = granted(&world, &change, fourth, 9).await;
        outcomes(&world, &change, fourth, &[5.0, 9.0, 50.0]).await;
        slot::verbs::step(&world.world, &who, given_back, Step::GivenBack, "no time").await.unwrap();

        let all = ann.get("/changes/bedside-tests/gap").await;
        all.is(200).shows("3 units with Bedside tests gained 2.00 hours per test").hides("ward-1 is");
        jo.get("/changes/bedside-tests/gap").await.shows("ward-1 is 2 hours per test from the goal");
    });
}

#[test]
fn a_program_publishes_and_reads_results() {
    on_both(async |world| {
        let change = opened(&world).await;
        let evidence = proven(&world, &change, Kind::Harms, "Waiting time got worse.").await;
        let writer = world.client(&[Scope::Write]).await;
        let wish = serde_json::json!({"evidence": evidence, "title": "Worse", "story": "It broke down.", "quotes": ["Never again."]});
        writer.post("/api/v1/showcases", &wish).await.is(201);
        let again = writer.post("/api/v1/showcases", &wish).await;
        again.is(422);
        assert!(again.json()["detail"].as_str().unwrap().contains("published already"));
        let reader = world.client(&[Scope::Read]).await;
        let list = reader.get("/api/v1/showcases").await.json();
        let item = &list["items"][0];
        assert_eq!(item["verdict"]["kind"], "harms");
        assert_eq!(item["change"], "bedside-tests");
        assert_eq!(item["quotes"][0], "Never again.");
        assert_eq!(item["shown_since"], "2026-03-02T08:00:00Z");
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        world.visitor().get("/api/v1/showcases").await.is(401);
    });
}
