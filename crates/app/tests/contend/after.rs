//! After the draw: what a winner does next, how the line moves, what lapses, and what takes two people.

use traction::grant::slot;
use traction_domain::contend::draw::{Record, verify};
use traction_domain::grant::slot::{Asked, State};
use traction_domain::org::role::RoleWord;
use traction_domain::time::Moment;

use super::draws::{FIVE, named, published, slots};
use super::ground::{CHANGE, WAVE, Ward, announce, application, apply, contenders, ward, wave};
use crate::world::{Browser, TestWorld, on_both};

async fn give_back(world: &TestWorld, ward: &Ward<'_>, slug: &str) {
    let all = slots(world).await;
    let slot = all.iter().find(|slot| slot.unit_slug.as_str() == slug).unwrap();
    ward.lead.submit(&format!("/slots/{}/steps", slot.id), &[("step", "given-back")]).await;
}

async fn drawn(world: &TestWorld, cleo: &Browser<'_>) -> Record {
    cleo.submit(&format!("{WAVE}/draw"), &[]).await;
    published(world).await
}

#[test]
fn a_winner_learns_the_next_steps_and_who_moves_up_learns_that_he_did() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        let record = drawn(&world, &cleo).await;
        let draw = format!("{WAVE}/draw");
        let winner = named(&wards, &FIVE, &record.granted[0]);
        winner
            .lead
            .get(&draw)
            .await
            .shows("is switched on for your people in 41 hours")
            .shows("Start a first small cycle")
            .shows("Give it back before it starts, and the first who waits gets it");
        let second = named(&wards, &FIVE, &record.waiting[1]);
        second.lead.get(&draw).await.shows("Place 2 on the waiting list");
        give_back(&world, winner, &record.granted[0]).await;
        second
            .lead
            .get(&draw)
            .await
            .shows("Place 1 on the waiting list")
            .shows("It was place 2 at the draw.");
        let first = named(&wards, &FIVE, &record.waiting[0]);
        first
            .lead
            .get(&draw)
            .await
            .shows("Moved up: a slot became free before the start")
            .shows("What comes next");
        // Whoever owns the real system is told the same, before the start and after it.
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        let why = |unit: &str| format!("/access?who={unit}");
        let moved_up = format!(
            "{} holds a slot of wave 1, into which it moved up from the waiting list",
            record.waiting[0]
        );
        ada.get(&why(&record.waiting[0]))
            .await
            .shows(&moved_up)
            .shows("which starts on ")
            .hides("its chance in the draw");
        ada.get(&why(&record.granted[1]))
            .await
            .shows("for which its chance in the draw was 40 %")
            .hides("moved up");
        ada.get(&why(&record.granted[0])).await.shows("gave its slot back").hides("moved up");
        let page = world.visitor().get(&draw).await;
        page.shows(&format!("{} gave its slot back", record.granted[0]))
            .shows(&format!("{} moved up from the waiting list", record.waiting[0]))
            .shows(&format!("{} waiting, place 1", record.waiting[1]))
            .shows("slot, given back");
        let again = world.visitor().get(&format!("{draw}?again=1")).await;
        again
            .shows(&format!("{} waiting, place 2", record.waiting[1]))
            .hides("slot, given back")
            .hides("slot, moved up");
        world.days_go_by(2.0).await;
        let page = world.visitor().get(&draw).await;
        page.shows(&format!("{} no slot", record.waiting[1])).hides("waiting, place");
        second.lead.get(&draw).await.shows("since the slots have started, nobody moves up");
        ada.get(&why(&record.waiting[0])).await.shows(&moved_up).hides("which starts on ");
    });
}

#[test]
fn a_unit_that_got_the_change_in_another_wave_is_not_given_it_twice() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        world.days_go_by(4.2).await;
        let record = drawn(&world, &cleo).await;
        // Who waits in the first wave contends in the second as well, and moves up in the first before that is drawn.
        announce(&cleo, "5", "2026-03-06T13:00", "2026-03-07T13:00", "2026-03-09T06:00").await;
        world.days_go_by(0.1).await;
        for slug in &record.waiting {
            let ward = named(&wards, &FIVE, slug);
            let unit = ward.id.to_string();
            ward.lead.submit(&format!("{CHANGE}/waves/2/applications"), &application(&unit)).await;
        }
        world.days_go_by(1.0).await;
        give_back(&world, named(&wards, &FIVE, &record.granted[0]), &record.granted[0]).await;
        cleo.submit(&format!("{CHANGE}/waves/2/draw"), &[]).await;
        let second = world.visitor().get(&format!("{CHANGE}/waves/2/draw.json")).await;
        let second = Record::parse(&second.body).unwrap();
        assert_eq!(second.withdrawn, [record.waiting[0].clone()], "it keeps its number, and gets nothing");
        assert!(verify(&second).is_ok());
        let sql = world.world.store().read();
        let change = traction::offer::change::verbs::find(sql, "bedside-tests").await.unwrap();
        let all = slot::store::of_change(sql, change.id).await.unwrap();
        for ward in &wards {
            let now = world.world.now();
            let held = all.iter().filter(|slot| slot.unit == ward.id && slot.state(now).is_held());
            assert!(held.count() <= 1);
        }
    });
}

#[test]
fn a_slot_past_the_draw_takes_a_reason_and_two_people_and_leaves_the_risk_set() {
    on_both(async |world| {
        let cleo = wave(&world, "3", "2026-03-02T20:00").await;
        let mut wards = Vec::new();
        for slug in FIVE {
            wards.push(ward(&world, slug).await);
        }
        let dana = world.person("dana", RoleWord::ChangeLead, None).await;
        let dana = world.browser_of(dana).await;
        let protect = format!("{WAVE}/protected");
        let unit = wards[0].id.to_string();
        cleo.post(&protect, &[("unit", &unit)]).await.is(422).shows("Say in a sentence why");
        cleo.submit(&protect, &[("unit", &unit), ("why", "pilot since January")]).await;
        world.days_go_by(0.5).await;
        for ward in &wards {
            apply(ward).await;
        }
        let call = world.visitor().get(WAVE).await;
        call.shows("ash has a protected place if it applies (cleo: pilot since January)");
        world.days_go_by(3.7).await;
        let record = drawn(&world, &cleo).await;
        assert_eq!((record.granted[0].as_str(), record.probability["ash"]), ("ash", 1.0));
        assert_eq!(verify(&record).unwrap().risk_set().unwrap().members.len(), 4);

        let yew = ward(&world, "yew").await.id.to_string();
        let waits = record.waiting[0].as_str();
        let waiting = named(&wards, &FIVE, waits).id.to_string();
        let overrides = format!("{WAVE}/overrides");
        let wish = [("unit", waiting.as_str()), ("why", "roof is open")];
        wards[0].lead.post(&overrides, &wish).await.is(403);
        cleo.post(&overrides, &wish).await.is(422).shows("All 3 slots are taken");
        let elsewhere = [("unit", yew.as_str()), ("why", "roof is open")];
        cleo.post(&overrides, &elsewhere).await.is(422).shows("`yew` is not on the list of this wave");
        world.days_go_by(2.0).await;
        give_back(&world, &wards[0], "ash").await;
        cleo.post(&overrides, &[("unit", &waiting)]).await.is(422).shows("Say in a sentence why");

        cleo.submit(&overrides, &wish).await;
        cleo.post(&overrides, &wish).await.is(422).shows("was asked for already");
        assert!(published(&world).await.overrides.is_empty(), "nothing is decided yet");
        let draw = format!("{WAVE}/draw");
        cleo.get(&draw).await.shows("It takes two").shows("Take it back").hides("Confirm it");
        world.visitor().get(&draw).await.hides("roof is open");
        let answer = format!("{overrides}/{waits}");
        let yes = [("answer", "confirmed")];
        wards[1].lead.post(&answer, &yes).await.is(403);
        cleo.post(&answer, &yes).await.is(422).shows("You asked for this yourself");
        dana.get("/").await.shows("cleo asks for a slot past the draw");
        dana.get(&draw).await.shows("cleo asked for it").shows("Confirm it");
        dana.submit(&answer, &yes).await;
        dana.post(&answer, &yes).await.is(404);

        let all = slots(&world).await;
        let pushed = all.iter().find(|slot| slot.unit_slug.as_str() == waits).unwrap();
        assert_eq!((pushed.asked, pushed.probability), (Asked::Push, None));
        let record = published(&world).await;
        let decided = &record.overrides[0];
        assert_eq!(
            (decided.unit.as_str(), decided.why.as_str(), decided.who.as_str()),
            (waits, "roof is open", "cleo, confirmed by dana")
        );
        let left: Vec<_> = verify(&record).unwrap().risk_set().unwrap().members;
        assert!(left.len() == 3 && left.iter().all(|(unit, _)| unit != waits), "{left:?}");
        let page = world.visitor().get(&draw).await;
        page.shows("for 4 of them the lottery decided, of whom 1 got a slot past the draw since and is left out of the proof")
            .shows("of the risk set at the draw; left out of the proof")
            .shows("no slot")
            .hides("waiting, place");
        page.shows(&format!("{waits}: roof is open (cleo, confirmed by dana)"))
            .shows(&format!("{waits} slot past the draw"))
            .shows("slot, given back");
        let facts = world.world.store().read().entries_after(0, 500).await.unwrap();
        let facts: Vec<_> = facts.iter().map(|entry| format!("{:?}", entry.fact)).collect();
        for fact in ["OverrideAsked", "Overridden"] {
            assert_eq!(facts.iter().filter(|known| known.starts_with(fact)).count(), 1, "{fact}");
        }
    });
}

#[test]
fn what_is_declined_or_taken_back_is_not_given_and_can_be_asked_again() {
    on_both(async |world| {
        let cleo = wave(&world, "5", "2026-03-02T08:00").await;
        let wards = contenders(&world, FIVE).await;
        let dana = world.person("dana", RoleWord::Administrator, None).await;
        let dana = world.browser_of(dana).await;
        world.days_go_by(4.2).await;
        let id = wards[2].lead.get(WAVE).await;
        let id = id.body.split("/applications/").nth(1).unwrap().split(['"', '/']).next().unwrap().to_owned();
        wards[2].lead.submit(&format!("/applications/{id}/withdrawal"), &[]).await;
        drawn(&world, &cleo).await;
        let unit = wards[2].id.to_string();
        let overrides = format!("{WAVE}/overrides");
        let wish = [("unit", unit.as_str()), ("why", "changed its mind")];
        for (who, shown) in [(&cleo, "cleo"), (&dana, "cleo")] {
            cleo.submit(&overrides, &wish).await;
            who.submit(&format!("{overrides}/cedar"), &[("answer", "declined")]).await;
            cleo.get(&format!("{WAVE}/draw")).await.shows(&format!("asked for by {shown}"));
        }
        assert_eq!(slots(&world).await.len(), 4);
        cleo.submit(&overrides, &wish).await;
        let unclear = dana.post(&format!("{overrides}/cedar"), &[("answer", "perhaps")]).await;
        unclear.is(422);
        dana.submit(&format!("{overrides}/cedar"), &[("answer", "confirmed")]).await;
        assert_eq!(slots(&world).await.len(), 5);
    });
}

#[test]
fn a_slot_that_nobody_uses_lapses_as_was_said_before_the_wave_opened() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-03T08:00").await;
        let lapse = format!("{CHANGE}/lapse");
        cleo.get(&lapse).await.shows("A slot that is not used stays with its unit");
        world.visitor().get(&lapse).await.hides("Say it anew");
        cleo.post(&lapse, &[("days", "3")]).await.is(422).shows("say between 7 and 365");
        cleo.submit(&lapse, &[("days", "14")]).await;
        cleo.post(&lapse, &[("days", "14")]).await.is(422).shows("This is the rule already");
        world.visitor().get(&lapse).await.shows("for 14 days lapses, and is free again");
        world.days_go_by(1.1).await;
        let wards = contenders(&world, FIVE).await;
        for ward in &wards {
            for n in 0..5 {
                world.person(&format!("p{n}-{}", ward.id), RoleWord::Member, Some(ward.id)).await;
            }
        }
        world.days_go_by(3.1).await;
        let record = drawn(&world, &cleo).await;
        // What is said after the opening does not count for this wave.
        cleo.submit(&lapse, &[("days", "")]).await;
        world.days_go_by(2.0).await;
        let (used, unused) = (record.granted[0].as_str(), record.granted[1].as_str());
        let state = async |slug: &str| {
            let all = slots(&world).await;
            let slot = all.iter().find(|slot| slot.unit_slug.as_str() == slug).unwrap();
            slot.state(world.world.now())
        };
        let looks = async || traction::jobs::lapse_unused(&world.world).await.unwrap();
        world.days_go_by(14.0).await;
        looks().await;
        assert_eq!(
            state(unused).await,
            State::Started,
            "no use is known at all: it may be the reports that lack"
        );
        uses(&world, named(&wards, &FIVE, used), "2026-03-20T10:00:00Z").await;
        looks().await;
        assert_eq!((state(used).await, state(unused).await), (State::Started, State::Lapsed));
        looks().await;
        let all = slots(&world).await;
        let lapsed = all.iter().find(|slot| slot.unit_slug.as_str() == unused).unwrap();
        assert_eq!(lapsed.events.len(), 1);
        assert_eq!(all.len(), 2, "after the start nobody moves up");
        world
            .visitor()
            .get(&format!("/slots/{}", lapsed.id))
            .await
            .shows("not used for 14 days")
            .shows("after 14 days without use");
        world.visitor().get(&format!("{WAVE}/draw")).await.shows("lost its slot, which lapsed");
    });
}

/// Somebody of the ward used the solution.
async fn uses(world: &TestWorld, ward: &Ward<'_>, at: &str) {
    use traction::measure::usage::store::{UsageEvent, add};
    let sql = world.world.store().read();
    let change = traction::offer::change::verbs::find(sql, "bedside-tests").await.unwrap();
    let at: Moment = at.parse().unwrap();
    let event = UsageEvent {
        source: "test".into(),
        id: at.to_string(),
        received_at: at,
        occurred_at: at,
        subject: Some("somebody".into()),
        unit: Some(ward.id),
        change: Some(change.id),
        event: "used".into(),
        value: None,
    };
    let tx = world.world.store().begin_ingest().await.unwrap();
    add(&tx, vec![event]).await.unwrap();
    world.world.commit(tx).await.unwrap();
}
