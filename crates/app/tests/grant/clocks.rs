//! Servers whose clocks do not agree: what one has written down has happened, also for one that is behind.

use jiff::SignedDuration;
use traction::grant::slot;
use traction::org::person;
use traction_domain::grant::slot::Step;

use crate::contend::ground::{WAVE, contenders, wave};
use crate::world::{TestWorld, on_both};

async fn slots(on: &TestWorld) -> Vec<slot::store::Slot> {
    slot::store::all(on.world.store().read()).await.unwrap()
}

#[test]
fn a_server_whose_clock_is_behind_passes_on_what_was_given_back_ahead_of_its_time() {
    on_both(async |world| {
        let cleo = wave(&world, "1", "2026-03-02T08:00").await;
        contenders(&world, ["ash", "elm"]).await;
        world.days_go_by(4.2).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let behind = world.another().await;
        let first = slots(&world).await;
        let [first] = &*first else { panic!("one slot: {first:?}") };

        world.world.turn_clock(world.world.now().after(SignedDuration::from_mins(1)));
        let sql = world.world.store().read();
        let people = person::store::of_unit(sql, first.unit).await.unwrap();
        let lead = person::verbs::who(&world.world, people[0].0.id).await.unwrap().unwrap();
        slot::verbs::step(&world.world, &lead, first.id, Step::GivenBack, "").await.unwrap();
        traction::loops::settle(&behind.world).await.unwrap();
        assert!(behind.world.now() < world.world.now(), "its clock is behind still");
        let units: Vec<String> = slots(&behind).await.iter().map(|slot| slot.unit_slug.to_string()).collect();
        assert_eq!(units.len(), 2, "the one that waited got it: {units:?}");
        assert!(
            behind.world.store().read().trials().await.unwrap().is_empty(),
            "nothing waits to be tried again"
        );
    });
}
