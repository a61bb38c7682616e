//! Once around the loop, in one story, through the doors, on both databases: somebody names what gets in the way; in
//! the end his ward owns what took it away, and is watched over.

pub mod contend;
mod crowd;
mod cycle;
mod grant;
pub mod hospital;
pub mod measure;
mod offer;
mod prove;
mod publish;
mod sense;
mod sustain;

use crate::world::{TestWorld, on_both};
pub use hospital::{Hospital, N_WARDS};

#[test]
fn a_friction_becomes_a_proven_change_that_is_handed_over_and_watched() {
    on_both(async |world| {
        let hospital = told(&world).await;
        crowd::everybody_follows_every_link(&hospital).await;
    });
}

/// Tells the story; the hospital as it is in the end.
pub async fn told(world: &TestWorld) -> Hospital<'_> {
    let hospital = Hospital::found(world).await;
    sense::a_nurse_names_what_gets_in_the_way(&hospital).await;
    offer::the_change_lead_offers_few_slots_for_what_takes_it_away(&hospital).await;
    let drawn = contend::ten_wards_contend_and_the_lottery_decides(&hospital).await;
    grant::the_solution_is_switched_on_for_the_winners(&hospital, &drawn).await;
    cycle::a_nurse_tries_something_small(&hospital, hospital.ward(&drawn.granted[0])).await;
    hospital.until("2026-06-15T08:00:00Z").await;
    measure::use_comes_in(&hospital, &drawn).await;
    measure::outcomes_come_in(&hospital, &drawn).await;
    let evidence = prove::the_data_say_what_it_did(&hospital).await;
    publish::the_result_pulls_the_next_wards(&hospital, &drawn, &evidence).await;
    sustain::the_ward_owns_it_and_is_watched(&hospital, &drawn).await;
    hospital
}
