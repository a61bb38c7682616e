//! What should follow from a draw and does not: tried again, set aside where somebody sees it, done once in the end.

use traction::contend::draw;
use traction::store::Trial;
use traction::{loops, offer};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::ground::{CHANGE, announce, application, contenders, ward, wave};
use crate::world::{TestWorld, on_both};

/// Draws the first wave without anybody's looking yet at what follows.
async fn drawn(world: &TestWorld) {
    drawn_wave(world, 1).await;
}

async fn drawn_wave(world: &TestWorld, n: usize) {
    let found = offer::wave::verbs::find(world.world.store().read(), "bedside-tests", n).await;
    let (change, wave) = found.unwrap();
    draw::run::run(&world.world, &Who::operator(), &change, &wave).await.unwrap();
}

async fn run(world: &TestWorld, statement: &str) {
    world.world.store().read().run(statement, vec![]).await.unwrap();
}

async fn n_slots(world: &TestWorld) -> usize {
    let row = world.world.store().read().one("SELECT COUNT(*) AS n FROM slot", vec![]).await.unwrap();
    row.unwrap().count("n").unwrap()
}

/// The one fact that led to nothing.
async fn trial(world: &TestWorld) -> Trial {
    let mut trials = world.world.store().read().trials().await.unwrap();
    assert_eq!(trials.len(), 1, "{trials:?}");
    trials.remove(0)
}

/// Whether the second wave's secret is made: it is announced after the first is drawn.
async fn later_facts_go_on(world: &TestWorld) -> bool {
    let sql = world.world.store().read();
    let (_, second) = offer::wave::verbs::find(sql, "bedside-tests", 2).await.unwrap();
    draw::store::commitment(sql, second.id).await.unwrap().is_some()
}

fn turn_clock(world: &TestWorld, n_seconds: i64) {
    world.world.turn_clock(world.world.now().after(jiff::SignedDuration::from_secs(n_seconds)));
}

#[test]
fn a_consequence_that_breaks_is_tried_again_and_nothing_is_lost_or_doubled() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "birch", "cedar"]).await;
        world.days_go_by(4.2).await;
        drawn(&world).await;
        run(&world, "UPDATE draw SET record = 'x' || record").await;
        loops::settle(&world.world).await.unwrap_err();
        announce(&cleo, "2", "2026-03-07T08:00", "2026-03-09T09:00", "2026-03-20T06:00").await;
        loops::settle(&world.world).await.unwrap();
        assert_eq!(trial(&world).await.n_tries, 1, "it waits a second before it is tried again");
        assert!(!later_facts_go_on(&world).await, "later facts wait while it may be an accident");

        run(&world, "UPDATE draw SET record = SUBSTR(record, 2)").await;
        turn_clock(&world, 1);
        loops::settle(&world.world).await.unwrap();
        assert_eq!(n_slots(&world).await, 2);
        assert!(later_facts_go_on(&world).await);
        assert!(world.world.store().read().trials().await.unwrap().is_empty());
        turn_clock(&world, 60);
        world.settles().await;
        assert_eq!(n_slots(&world).await, 2);
    });
}

#[test]
fn what_stays_broken_is_set_aside_for_an_administrator_and_keeps_nobody_waiting() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "birch", "cedar"]).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        world.days_go_by(4.2).await;
        drawn(&world).await;
        run(&world, "UPDATE draw SET record = 'x' || record").await;
        announce(&cleo, "2", "2026-03-07T08:00", "2026-03-09T09:00", "2026-03-20T06:00").await;
        for n_seconds in [1, 4, 15] {
            turn_clock(&world, n_seconds);
            loops::settle(&world.world).await.unwrap_err();
        }
        ada.get("/journal").await.shows("What did not follow").shows("4 times");
        turn_clock(&world, 40);
        loops::settle(&world.world).await.unwrap();
        assert!(later_facts_go_on(&world).await);
        ada.get("/").await.shows("One fact did not lead to what should have followed");
        ada.get("/journal").await.shows("Impossible row").shows("Try again");

        let again = format!("/journal/{}/again", trial(&world).await.seq);
        cleo.post(&again, &[]).await.is(403);
        ada.post(&again, &[]).await.is(500);
        assert_eq!((trial(&world).await.n_tries, n_slots(&world).await), (6, 0));
        run(&world, "UPDATE draw SET record = SUBSTR(record, 2)").await;
        assert_eq!(ada.submit(&again, &[]).await, "/journal");
        assert_eq!(n_slots(&world).await, 2);
        ada.get("/journal").await.hides("What did not follow");
        ada.post(&again, &[]).await.is(404);
        ada.get("/").await.hides("did not lead");
        assert_eq!(n_slots(&world).await, 2);
    });
}

#[test]
fn what_is_refused_is_set_aside_at_once() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "birch", "cedar"]).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        world.days_go_by(4.2).await;
        drawn(&world).await;
        run(&world, "UPDATE unit SET slug = 'x' || slug").await;
        loops::settle(&world.world).await.unwrap();
        let aside = trial(&world).await;
        assert_eq!((aside.n_tries, aside.again_at), (1, None));
        ada.get("/journal").await.shows("There is no unit here");
        run(&world, "UPDATE unit SET slug = SUBSTR(slug, 2)").await;
        ada.submit(&format!("/journal/{}/again", aside.seq), &[]).await;
        assert_eq!(n_slots(&world).await, 2);
    });
}

#[test]
fn a_wave_that_is_over_before_its_slots_are_made_gives_none() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        let wish = [
            ("n_slots", "1"),
            ("opens_at", "2026-03-02T09:00"),
            ("closes_at", "2026-03-05T08:00"),
            ("starts_at", "2026-03-06T08:00"),
            ("ends_at", "2026-03-07T08:00"),
            ("pledge", "An hour"),
        ];
        let second = cleo.submit(&format!("{CHANGE}/waves"), &wish).await;
        let ash = ward(&world, "ash").await;
        world.days_go_by(0.1).await;
        let unit = ash.id.to_string();
        ash.lead.submit(&format!("{second}/applications"), &application(&unit)).await;
        world.days_go_by(3.2).await;
        drawn_wave(&world, 2).await;
        turn_clock(&world, 3 * 86_400);
        world.settles().await;
        assert_eq!(n_slots(&world).await, 0);
        assert!(world.world.store().read().trials().await.unwrap().is_empty());
    });
}
