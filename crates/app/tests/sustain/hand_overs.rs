//! A change is handed to an owner in the unit, who accepts; then its gain is watched.

use traction::grant::slot;
use traction::measure::outcome;
use traction::measure::outcome::store::Taken;
use traction::measure::outcome::verbs::Mode;
use traction::offer::change;
use traction_domain::grant::slot::{Asked, Span};
use traction_domain::id::{MetricId, SlotId, UnitId};
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_stats::panel::Period;

use super::readings::{around, used, weekly};
use crate::fixture::BEDSIDE_TESTS;
use crate::world::{Browser, TestWorld, monday, on_both};

/// A ward that has had the solution for a year, its lead, its coach, and the metric of the change.
struct Ward<'a> {
    unit: UnitId,
    slot: SlotId,
    metric: MetricId,
    lea: Browser<'a>,
    lea_id: String,
    coach: Browser<'a>,
}

async fn ward(world: &TestWorld) -> Ward<'_> {
    let unit = world.unit("ward-7", None).await;
    let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
    let lea = world.person("lea", RoleWord::Lead, Some(unit)).await;
    let coach = world.person("cory", RoleWord::Coach, None).await;
    world.browser_of(cleo).await.submit("/changes", &BEDSIDE_TESTS).await;
    let change = change::verbs::find(world.world.store().read(), "bedside-tests").await.unwrap();
    let mut tx = world.world.store().begin().await.unwrap();
    let granting = slot::store::Granting {
        change: change.id,
        wave: None,
        unit,
        asked: Asked::Pull,
        probability: None,
        time: Span { from: start(), until: None },
    };
    let slot = slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
    world.world.commit(tx).await.unwrap();
    let lea_id = lea.to_string();
    let (lea, coach) = (world.browser_of(lea).await, world.browser_of(coach).await);
    Ward { unit, slot, metric: change.metric, lea, lea_id, coach }
}

/// A year before the story begins, on a Monday.
fn start() -> traction_domain::time::Moment {
    "2025-03-03T00:00:00Z".parse().unwrap()
}

impl<'a> Ward<'a> {
    /// A session ends after a week without a visit.
    async fn signs_in_again(&mut self, world: &'a TestWorld) {
        self.lea = world.browser_of(self.lea_id.parse().unwrap()).await;
    }

    fn wish(&self) -> Vec<(&'static str, String)> {
        vec![
            ("slot", self.slot.to_string()),
            ("owner", self.lea_id.clone()),
            ("transferred", "the weekly look at the figures\nwho trains new people".to_owned()),
            ("support_ends", "2026-04-01".to_owned()),
        ]
    }

    async fn proposed(&self) -> String {
        let wish = self.wish();
        self.coach.submit("/hand-overs", &borrowed(&wish)).await
    }
}

fn borrowed<'a>(wish: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    wish.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn only_the_named_owner_accepts_and_then_the_unit_has_it() {
    on_both(async |world| {
        let ward = ward(&world).await;
        ward.lea.post("/hand-overs", &borrowed(&ward.wish())).await.is(403);
        ward.coach.get("/hand-overs").await.shows("ward-7: Bedside tests");
        let slot = format!("/slots/{}", ward.slot);
        let link = format!("href=\"/hand-overs/new?slot={}\"", ward.slot);
        assert!(ward.coach.get(&slot).await.body.contains(&link), "the slot's page leads to its hand-over");
        ward.lea.get(&slot).await.hides("Hand it over");
        ward.lea.get("/changes/bedside-tests").await.shows("The one switch-on was asked for.");
        let hand_over = ward.proposed().await;
        ward.coach.get(&hand_over).await.shows("lea has been asked to own it").hides("Will you own it?");
        ward.coach
            .post(&format!("{hand_over}/accept"), &[])
            .await
            .is(422)
            .shows("Only the named owner can answer");
        ward.lea.get(&hand_over).await.shows("Will you own it?").shows("who trains new people");
        ward.lea.submit(&format!("{hand_over}/accept"), &[]).await;
        ward.lea.get(&hand_over).await.shows("lea accepted and owns it.");
        ward.coach.get(&slot).await.hides("Hand it over");
        ward.lea.post(&format!("{hand_over}/accept"), &[]).await.is(422).shows("is accepted already");
        ward.coach
            .post("/hand-overs", &borrowed(&ward.wish()))
            .await
            .is(422)
            .shows("This slot was handed over and has its owner");
        let sql = world.world.store().read();
        let slot = slot::store::one(sql, ward.slot).await.unwrap().unwrap();
        assert_eq!(slot.state(world.world.now()), traction_domain::grant::slot::State::HandedOver);
        let client = world.client(&[traction::org::token::store::Scope::Read]).await;
        let listed = client.get("/api/v1/hand-overs").await.json();
        assert_eq!(listed["items"][0]["state"], "accepted");
        assert_eq!(listed["items"][0]["transferred"][1], "who trains new people");
    });
}

#[test]
fn a_hand_over_is_declined_with_a_reason_or_taken_back_and_can_be_proposed_again() {
    on_both(async |world| {
        let ward = ward(&world).await;
        let first = ward.proposed().await;
        ward.coach
            .post("/hand-overs", &borrowed(&ward.wish()))
            .await
            .is(422)
            .shows("waits for its owner's answer; withdraw it first");
        ward.lea
            .post(&format!("{first}/decline"), &[("reason", "")])
            .await
            .is(422)
            .shows("Please fill in why");
        ward.lea.submit(&format!("{first}/decline"), &[("reason", "no time before May")]).await;
        ward.coach.get(&first).await.shows("lea declined: no time before May");
        let second = ward.proposed().await;
        ward.lea.post(&format!("{second}/withdraw"), &[]).await.is(422).shows("Only whoever proposed");
        ward.coach.submit(&format!("{second}/withdraw"), &[]).await;
        ward.coach.get("/hand-overs").await.shows("0 handed over, 0 waiting");
        ward.proposed().await;
    });
}

#[test]
fn a_hand_over_needs_an_owner_of_the_unit_a_list_and_a_day_to_come() {
    on_both(async |world| {
        let ward = ward(&world).await;
        let elsewhere = world.unit("ward-8", None).await;
        let sam = world.person("sam", RoleWord::Member, Some(elsewhere)).await.to_string();
        for (place, value, says) in [
            (1, sam.as_str(), "The owner must belong to the unit"),
            (2, " \n ", "List what was transferred, one thing a line"),
            (3, "2026-03-01", "Support cannot have ended on 2026-03-01"),
            (3, "soon", "`soon` is not a day"),
        ] {
            let mut wish = ward.wish();
            wish[place].1 = value.to_owned();
            ward.coach.post("/hand-overs", &borrowed(&wish)).await.is(422).shows(says);
        }
        ward.coach.get("/hand-overs").await.shows("0 handed over, 0 waiting");
    });
}

#[test]
fn a_gain_is_watched_from_its_hand_over_on_and_a_slip_raises_one_alarm() {
    on_both(async |world| {
        let mut ward = ward(&world).await;
        let before = start().after_days(-7 * 12);
        weekly(&world, ward.metric, ward.unit, before, &around(100.0, 12)).await;
        weekly(&world, ward.metric, ward.unit, start(), &around(80.0, 52)).await;
        let hand_over = ward.proposed().await;
        ward.lea.get("/watches").await.shows("Nothing has been handed over yet.");
        ward.lea.submit(&format!("{hand_over}/accept"), &[]).await;
        let watch = "/watches/ward-7/bedside-tests";
        ward.lea.get(watch).await.shows("Too early to say: no week is over since the hand-over.");

        world.days_go_by(7.0 * 5.0).await;
        ward.signs_in_again(&world).await;
        let after = monday().after_days(7);
        weekly(&world, ward.metric, ward.unit, after, &around(80.0, 4)).await;
        assert_eq!(traction::sustain::watch::verbs::look(&world.world, &Who::the_loop()).await.unwrap(), 0);
        ward.lea
            .get(watch)
            .await
            .shows("Holding: after 4 weeks, 100 %")
            .shows("false alarm")
            .shows("lea has owned it since");

        world.days_go_by(7.0 * 4.0).await;
        ward.signs_in_again(&world).await;
        weekly(&world, ward.metric, ward.unit, after.after_days(28), &around(97.0, 4)).await;
        let look =
            async || traction::sustain::watch::verbs::look(&world.world, &Who::the_loop()).await.unwrap();
        assert_eq!(look().await, 1);
        assert_eq!(look().await, 0, "an alarm is raised once");
        ward.lea
            .get(watch)
            .await
            .shows("Slipping: ")
            .shows("closer to the old level (100.00) than to the new one (80.00)");
        ward.lea.get("/watches").await.shows("1 of 1 slipping").shows("ward-7 , outcome: Slipping");
        world.visitor().get(watch).await.is(303);
        let other = world.unit("ward-8", None).await;
        let sam = world.person("sam", RoleWord::Member, Some(other)).await;
        let sam = world.browser_of(sam).await;
        sam.get(watch).await.is(403).shows("the unit's own people, a coach or a change lead");
        let listed = sam.get("/watches").await;
        listed.shows("1 of 1 slipping").shows("ward-7, outcome: slipping").hides("100.00");
        assert!(!listed.body.contains(watch), "no link that would be refused: {}", listed.body);
        world.days_go_by(0.0).await;
        world.days_go_by(0.0).await;
        let page = ward.lea.get(watch).await;
        let (_, link) = page.body.split_once("href=\"/cycles/").expect("the alarm links its cycle");
        let cycle = format!("/cycles/{}", link.split('"').next().unwrap());
        ward.lea.get(&cycle).await.is(200).shows("Win back what slips: outcome of Bedside tests");
        let cleo = world.person("cleo-2", RoleWord::ChangeLead, None).await;
        let cleo = world.browser_of(cleo).await;
        let page = cleo.get("/changes/bedside-tests").await;
        page.shows("1 gain is slipping: a cycle was opened.").shows("1 cycle running");
        assert!(page.body.contains(&format!("href=\"{cycle}\"")), "the ring leads there: {}", page.body);
        ward.lea.get("/watches").await.shows("the cycle that wins it back");
        let cycles = ward.lea.get("/cycles").await;
        assert_eq!(
            cycles.text().matches("Win back what slips: outcome of Bedside tests").count(),
            1,
            "{}",
            cycles.text()
        );
        let journal = world
            .world
            .store()
            .read()
            .all("SELECT j.seq AS seq FROM journal j WHERE j.kind = 'slipping'", vec![]);
        assert_eq!(journal.await.unwrap().len(), 1);
        let client = world.client(&[traction::org::token::store::Scope::Read]).await;
        assert_eq!(client.get("/api/v1/watches").await.json()["items"][0]["outcome"]["kind"], "slipping");
    });
}

#[test]
fn uptake_is_watched_in_units_of_five_people_and_more_and_tells_of_nobody() {
    on_both(async |world| {
        let mut ward = ward(&world).await;
        let change = change::verbs::find(world.world.store().read(), "bedside-tests").await.unwrap().id;
        // A year with support, ten of sixteen people active; then two.
        used(&world, change, ward.unit, start(), &[10; 52]).await;
        let hand_over = ward.proposed().await;
        ward.lea.submit(&format!("{hand_over}/accept"), &[]).await;
        let watch = "/watches/ward-7/bedside-tests";
        ward.lea.get(watch).await.shows("or the unit has fewer than five people, of whom nothing is shown");
        for n in 0..15 {
            world.person(&format!("nurse-{n}"), RoleWord::Member, Some(ward.unit)).await;
        }
        used(&world, change, ward.unit, monday().after_days(7), &[2; 6]).await;
        world.days_go_by(7.0 * 7.0).await;
        ward.signs_in_again(&world).await;
        let page = ward.lea.get(watch).await;
        page.shows("Slipping: the last three weeks were all closer to the old level than to the new one.");
        page.shows("are withheld, and with them the levels");
        page.shows("23 Feb 2026 62.5 %").hides("12.5 %").hides("20 %");
    });
}

#[test]
fn the_balance_tells_how_many_switch_ons_were_asked_for() {
    on_both(async |world| {
        let ward = ward(&world).await;
        let change = change::verbs::find(world.world.store().read(), "bedside-tests").await.unwrap().id;
        for (slug, asked) in [("ward-8", Asked::Push), ("ward-9", Asked::Unknown)] {
            let unit = world.unit(slug, None).await;
            let time = Span { from: start().after_days(35), until: None };
            let granting = slot::store::Granting { change, wave: None, unit, asked, probability: None, time };
            let mut tx = world.world.store().begin().await.unwrap();
            slot::verbs::record(&world.world, &mut tx, &Who::operator(), granting).await.unwrap();
            world.world.commit(tx).await.unwrap();
        }
        ward.lea
            .get("/balance")
            .await
            .shows("1 of 2 switch-ons were asked for (50 %). Of 1 more it is not known: they were imported.")
            .shows("Bedside tests 1 1 1 50 %")
            .shows("Apr 2025 0 1 1 0 %")
            .shows("Mar 2025 1 0 0 100 %");
    });
}

#[test]
fn a_value_that_was_taken_back_is_no_reading() {
    on_both(async |world| {
        let ward = ward(&world).await;
        weekly(&world, ward.metric, ward.unit, start(), &around(80.0, 52)).await;
        let hand_over = ward.proposed().await;
        ward.lea.submit(&format!("{hand_over}/accept"), &[]).await;
        let after = monday().after_days(7);
        weekly(&world, ward.metric, ward.unit, after, &[80.0, 900.0]).await;
        let mistaken: Period = after.after_days(7).date().to_string().parse().unwrap();
        let rows = [(ward.unit, Outcome { period: mistaken, measured: Measured::Nothing })];
        let taken = Taken { kind: "outcomes", sha256: "test", n_rows: 1 };
        let who = Who::operator();
        outcome::verbs::take(&world.world, &who, ward.metric, taken, &rows, Mode::Take).await.unwrap();
        let sql = world.world.store().read();
        let watched = traction::sustain::watch::store::outcomes(sql).await.unwrap();
        let readings = &watched[&(ward.unit, ward.metric)];
        assert_eq!((readings.len(), readings.iter().any(|(period, _)| *period == mistaken)), (53, false));
        let for_tensions = traction::sustain::tension::store::outcomes(sql, ward.metric).await.unwrap();
        assert_eq!(for_tensions.len(), 53);
        ward.lea.get("/watches/ward-7/bedside-tests").await.is(200).hides("900");
    });
}

/// What is watched of use is what was counted when the weeks were closed.
#[test]
fn use_is_watched_by_closed_weeks_and_without_their_events() {
    on_both(async |world| {
        let mut ward = ward(&world).await;
        let hand_over = ward.proposed().await;
        ward.lea.submit(&format!("{hand_over}/accept"), &[]).await;
        let change = change::verbs::find(world.world.store().read(), "bedside-tests").await.unwrap().id;
        let uses = async || traction::sustain::watch::store::uses(world.world.store().read()).await.unwrap();
        used(&world, change, ward.unit, start(), &[7, 0, 5, 6]).await;
        assert!(uses().await.is_empty(), "no week is closed yet");
        world.days_go_by(0.0).await;
        let before = uses().await;
        assert_eq!(before[&(ward.unit, change)].values().copied().collect::<Vec<_>>(), [7, 5, 6]);
        ward.signs_in_again(&world).await;
        let watch = ward.lea.get("/watches/ward-7/bedside-tests").await;
        world.world.store().read().run("DELETE FROM usage_event", vec![]).await.unwrap();
        assert_eq!(uses().await, before);
        assert_eq!(ward.lea.get("/watches/ward-7/bedside-tests").await.text(), watch.text());
    });
}
