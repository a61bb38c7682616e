//! Once around the loop, in one story, through the doors, on both databases: somebody names what gets in the way; in
//! the end his ward owns what took it away, and is watched over.

mod hospital;
mod offer;
mod sense;

use crate::world::on_both;
use hospital::Hospital;

#[test]
fn a_friction_becomes_a_proven_change_that_is_handed_over_and_watched() {
    on_both(async |world| {
        let hospital = Hospital::found(&world).await;
        sense::a_nurse_names_what_gets_in_the_way(&hospital).await;
        offer::the_change_lead_offers_few_slots_for_what_takes_it_away(&hospital).await;
    });
}
