//! A wave with a most of slots under one parent: whoever is passed over is told so, and his place as it will be served.

use std::num::NonZeroU32;

use traction::contend::policy;
use traction_domain::contend::draw::{Cap, Place};
use traction_domain::contend::policy::Policy;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::draws::published;
use super::ground::{WAVE, Ward, apply, wave};
use crate::world::{TestWorld, on_both};

const UNITS: [&str; 5] = ["a1", "a2", "b1", "b2", "c1"];

async fn under<'a>(world: &'a TestWorld, slug: &str) -> Ward<'a> {
    let id = world.unit(slug, Some(&slug[..1])).await;
    let lead = world.person(&format!("lead-{slug}"), RoleWord::Lead, Some(id)).await;
    Ward { id, lead: world.browser_of(lead).await }
}

#[test]
fn under_a_cap_a_loser_is_told_of_the_cap_and_the_place_he_is_told_is_the_one_that_is_served() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-03T08:00").await;
        for parent in ["a", "b", "c"] {
            world.unit(parent, None).await;
        }
        let mut wards = Vec::new();
        for slug in UNITS {
            wards.push(under(&world, slug).await);
        }
        let (node, who) = (&world.world, Who::operator());
        let (change, first) =
            traction::offer::wave::verbs::find(node.store().read(), "bedside-tests", 1).await.unwrap();
        let capped = Policy { cap: NonZeroU32::new(1).map(Cap), ..Policy::default() };
        policy::verbs::set(node, &who, &change, &first, capped).await.unwrap();
        let place = Place::Protected;
        policy::verbs::decide_place(node, &who, &change, &first, wards[0].id, place, "pilot").await.unwrap();
        world.days_go_by(1.1).await;
        for ward in &wards {
            apply(ward).await;
        }
        world.days_go_by(3.1).await;
        cleo.submit(&format!("{WAVE}/draw"), &[]).await;
        let record = published(&world).await;
        let draw = format!("{WAVE}/draw");

        // `a2` has no chance, since `a1` has the one slot under their parent.
        let a2 = wards[1].lead.get(&draw).await;
        a2.shows("No slot: units under a have as many slots as one parent may have (1).")
            .shows("passed over as long as a has its most")
            .hides("before its own");
        let page = world.visitor().get(&draw).await;
        page.shows("for 3 of them the lottery decided")
            .shows("1 of 3 got a slot")
            .shows("No more than 1 under one parent get a slot")
            .shows("waiting, passed over");

        // The winner gives back: who was told the first place gets it.
        let winner = &record.granted[1];
        let of = |slug: &str| &wards[UNITS.iter().position(|unit| *unit == slug).unwrap()];
        let mut told = Vec::new();
        for slug in ["b1", "b2", "c1"] {
            if of(slug).lead.get(&draw).await.text().contains("Place 1 on the waiting list") {
                told.push(slug.to_owned());
            }
        }
        assert_eq!(told.len(), 1, "one is told that it is the first: {told:?}");
        let slots = super::draws::slots(&world).await;
        let of_winner = slots.iter().find(|slot| slot.unit_slug.as_str() == winner).unwrap();
        let path = format!("/slots/{}/steps", of_winner.id);
        of(winner).lead.submit(&path, &[("step", "given-back")]).await;
        let live = super::draws::slots(&world).await;
        let moved = live.iter().find(|slot| !record.granted.contains(&slot.unit_slug.to_string())).unwrap();
        let siblings = moved.unit_slug.as_str()[..1] == winner[..1];
        assert!(
            moved.unit_slug.as_str() == told[0] || siblings,
            "told {told:?}, and {} moved up",
            moved.unit_slug
        );
        let lead = &of(moved.unit_slug.as_str()).lead;
        lead.get(&draw).await.shows("was the first who waited and whose parent had not its most");
        wards[1].lead.get(&draw).await.shows("passed over as long as a has its most").hides("Place 1");
    });
}
