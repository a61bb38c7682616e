//! Waves of one change that overlap: who gets the change in one contends in the other no longer, at once, and is told so.

use traction::grant::slot;
use traction::org::token::store::Scope;
use traction_domain::contend::draw::{Record, verify};
use traction_domain::org::role::RoleWord;

use super::draws::{named, published};
use super::ground::{CHANGE, WAVE, Ward, announce, application, contenders, wave};
use crate::world::{Browser, TestWorld, on_both};

/// The second wave: it opens after the first and closes before it.
const SECOND: &str = "/changes/bedside-tests/waves/2";

/// Three wards contend in the first wave; the first of them alone in the second, which is drawn: it has a slot, while the
/// first wave is open for another 22 hours.
async fn overlapping<'a>(world: &'a TestWorld) -> (Browser<'a>, Vec<Ward<'a>>) {
    let cleo = wave(world, "1", "2026-03-02T08:00").await;
    announce(&cleo, "1", "2026-03-02T09:00", "2026-03-05T08:00", "2026-03-20T06:00").await;
    let wards = contenders(world, ["yew", "elm", "fir"]).await;
    world.days_go_by(0.1).await;
    let unit = wards[0].id.to_string();
    wards[0].lead.submit(&format!("{SECOND}/applications"), &application(&unit)).await;
    world.days_go_by(3.0).await;
    cleo.get(WAVE).await.shows("3 units contend for 1 slot").shows("yew");
    cleo.submit(&format!("{SECOND}/draw"), &[]).await;
    (cleo, wards)
}

async fn gives_back(world: &TestWorld, ward: &Ward<'_>) {
    let sql = world.world.store().read();
    let slots = traction::grant::slot::store::of_unit(sql, ward.id).await.unwrap();
    ward.lead.submit(&format!("/slots/{}/steps", slots[0].id), &[("step", "given-back")]).await;
}

#[test]
fn who_got_a_slot_in_one_wave_leaves_the_contenders_of_the_other_at_once() {
    on_both(async |world| {
        let (cleo, wards) = overlapping(&world).await;
        let visitor = world.visitor();
        visitor.get(WAVE).await.shows("2 units contend for 1 slot").shows("2 units for 1 slot, 2.0 per slot");
        visitor.get("/waves").await.shows("open 2 (2.0 per slot)");
        visitor.get(CHANGE).await.shows("2 contend for 1 slot").shows("2 for 1 slot");
        visitor.get("/showcases").await.hides("3 units");
        let nurse = world.person("nurse", RoleWord::Lead, Some(world.unit("oak", None).await)).await;
        world.browser_of(nurse).await.get("/").await.shows("2 contend").hides("3 contend");
        let client = world.client(&[Scope::Read]).await;
        let waves = client.get("/api/v1/waves").await.json();
        let of = |n: u64| waves["items"].as_array().unwrap().iter().find(|wave| wave["wave"] == n).unwrap();
        assert_eq!((&of(1)["contenders"], &of(2)["contenders"]), (&2.into(), &1.into()));
        let applications = client.get(&format!("/api/v1{WAVE}/applications")).await.json();
        assert_eq!(applications["contenders"], 2);

        let policy = cleo.get(&format!("{WAVE}/policy")).await;
        policy.shows("of 2 units, the lottery decides for 2").shows("50 %").hides("33.3 %");
        assert!(!policy.body.contains("/units/yew"), "it is in no row of the consequence");
        let call = cleo.get(WAVE).await;
        assert!(!call.body.contains("yew"), "it does not stand among those who contend");
        let own = wards[0].lead.get(WAVE).await;
        own.shows("yew has applied")
            .shows("It counts no longer: yew holds a slot of wave 2")
            .shows("counts again if that slot is given back before applications close")
            .hides("Contend for a slot");
        wards[1].lead.get(WAVE).await.hides("counts no longer");
    });
}

#[test]
fn who_holds_a_slot_at_closing_is_never_listed_and_is_told_why() {
    on_both(async |world| {
        let (cleo, wards) = overlapping(&world).await;
        world.days_go_by(1.0).await;
        let draw = format!("{WAVE}/draw");
        world.visitor().get(&draw).await.shows("2 units on the list, frozen").hides("yew");
        let left = "yew: when the list was frozen, it held a slot of this change";
        cleo.get(&draw).await.shows(left);
        wards[0]
            .lead
            .get(WAVE)
            .await
            .shows("It is not on the list: when the list was frozen, it held a slot");
        // What becomes of that slot later changes nothing: the list is frozen.
        gives_back(&world, &wards[0]).await;
        cleo.submit(&draw, &[]).await;
        let record = published(&world).await;
        let listed: Vec<&str> = record.list.iter().map(|line| line.entry.unit.as_str()).collect();
        assert_eq!((listed, record.withdrawn.len()), (vec!["elm", "fir"], 0));
        assert_eq!((record.probability["elm"], record.probability["fir"]), (0.5, 0.5));
        verify(&record).unwrap();
        world.visitor().get(&draw).await.shows("1 of 2 units got a slot").shows(left);
        wards[0].lead.get(WAVE).await.shows("It is not on the list").hides("Withdraw");
    });
}

#[test]
fn who_gives_the_slot_back_before_closing_contends_again() {
    on_both(async |world| {
        let (_, wards) = overlapping(&world).await;
        gives_back(&world, &wards[0]).await;
        world.visitor().get(WAVE).await.shows("3 units contend for 1 slot");
        wards[0].lead.get(WAVE).await.hides("counts no longer");
        world.days_go_by(1.0).await;
        world.visitor().get(&format!("{WAVE}/draw")).await.shows("3 units on the list, frozen");
    });
}

#[test]
fn who_is_listed_and_gets_a_slot_elsewhere_before_the_draw_keeps_the_number_and_gets_nothing() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        announce(&cleo, "1", "2026-03-02T09:00", "2026-03-05T08:00", "2026-03-20T06:00").await;
        let wards = contenders(&world, ["yew", "elm"]).await;
        world.days_go_by(0.1).await;
        let unit = wards[0].id.to_string();
        wards[0].lead.submit(&format!("{SECOND}/applications"), &application(&unit)).await;
        world.days_go_by(4.1).await;
        cleo.submit(&format!("{SECOND}/draw"), &[]).await;
        let draw = format!("{WAVE}/draw");
        world.visitor().get(&draw).await.shows("2 units on the list, frozen");
        world.visitor().get(WAVE).await.shows("1 unit contends for 1 slot");
        wards[0].lead.get(WAVE).await.shows("it keeps its number on the list, and gets nothing here");
        cleo.submit(&draw, &[]).await;
        let record = Record::parse(&world.visitor().get(&format!("{WAVE}/draw.json")).await.body).unwrap();
        assert_eq!(
            (record.list.len(), record.withdrawn, record.granted),
            (2, vec!["yew".to_owned()], vec!["elm".to_owned()])
        );
    });
}

#[test]
fn who_gives_a_slot_back_and_waits_in_the_other_wave_moves_up_there() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        announce(&cleo, "1", "2026-03-02T09:00", "2026-03-06T09:00", "2026-03-20T06:00").await;
        let wards = contenders(&world, ["yew", "elm"]).await;
        world.days_go_by(0.1).await;
        for ward in &wards {
            let unit = ward.id.to_string();
            ward.lead.submit(&format!("{SECOND}/applications"), &application(&unit)).await;
        }
        world.days_go_by(4.1).await;
        // Each gets the one slot of a wave, and would wait in the other for what is given back there.
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        cleo.submit(&format!("{SECOND}/draw"), &[]).await;
        let winner = usize::from(published(&world).await.granted == ["elm"]);
        let in_wave = async |ward: &Ward<'_>| {
            let sql = world.world.store().read();
            let change = traction::offer::change::verbs::find(sql, "bedside-tests").await.unwrap();
            let held = slot::store::held(sql, change.id, ward.id, world.world.now()).await.unwrap();
            held.and_then(|slot| slot.wave_n)
        };
        let (first, second) = (&wards[winner], &wards[1 - winner]);
        assert_eq!((in_wave(first).await, in_wave(second).await), (Some(1), Some(2)));
        gives_back(&world, first).await;
        assert_eq!(in_wave(second).await, Some(2), "it has the change by another wave, and is passed over");
        gives_back(&world, second).await;
        assert_eq!(
            (in_wave(first).await, in_wave(second).await),
            (None, Some(1)),
            "now it moves up in the first"
        );
    });
}

#[test]
fn who_waits_and_gets_a_slot_elsewhere_holds_nobody_up_in_the_line() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        announce(&cleo, "1", "2026-03-02T09:00", "2026-03-06T20:00", "2026-03-20T06:00").await;
        let three = ["yew", "elm", "fir"];
        let wards = contenders(&world, three).await;
        world.days_go_by(4.2).await;
        let draw = format!("{WAVE}/draw");
        cleo.submit(&draw, &[]).await;
        let waiting = published(&world).await.waiting;
        let (first, second) = (named(&wards, &three, &waiting[0]), named(&wards, &three, &waiting[1]));
        let unit = first.id.to_string();
        first.lead.submit(&format!("{SECOND}/applications"), &application(&unit)).await;
        world.days_go_by(0.4).await;
        second.lead.get(WAVE).await.shows("Place 2 on the waiting list");
        cleo.submit(&format!("{SECOND}/draw"), &[]).await;
        let page = world.visitor().get(&draw).await;
        page.shows(&format!("{} has it by another slot", waiting[0]))
            .shows(&format!("{} waiting, place 1", waiting[1]));
        second.lead.get(WAVE).await.shows("Place 1 on the waiting list").shows("It was place 2 at the draw.");
        first.lead.get(WAVE).await.shows("It has the change by another slot by now.");
    });
}
