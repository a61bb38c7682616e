//! Once around the loop at a browser: the journey's acts by hand, each page of it looked at.

mod keeping;
mod proving;
mod starting;

use traction_domain::id::PersonId;

use super::driver::at_a_browser;
use super::person::Person;
use crate::journey::hospital::Hospital;
use crate::journey::measure;
use crate::world::{TestWorld, on_sqlite};

/// The browser, and the hospital whose people sit down at it in turn.
struct Walk<'a> {
    person: &'a Person,
    hospital: &'a Hospital<'a>,
}

impl Walk<'_> {
    /// Somebody sits down at the browser and signs in.
    async fn turn_of(&self, somebody: PersonId) -> &Person {
        self.person.enters(&self.hospital.world.link_of(somebody).await).await;
        self.person
    }
}

#[test]
fn somebody_walks_once_around_the_loop() {
    on_sqlite(async |world: TestWorld| {
        let address = world.serve().await;
        at_a_browser(&address, async move |person| {
            let hospital = Hospital::found(&world).await;
            let walk = Walk { person: &person, hospital: &hospital };
            starting::senses(&walk).await;
            starting::offers(&walk).await;
            starting::contends(&walk).await;
            hospital.until("2026-03-18T08:00:00Z").await;
            let drawn = starting::draws(&walk).await;
            hospital.until("2026-03-24T08:00:00Z").await;
            starting::tests(&walk, &drawn).await;

            hospital.until("2026-06-15T08:00:00Z").await;
            measure::use_comes_in(&hospital, &drawn).await;
            proving::measures(&walk, &drawn).await;
            proving::proves(&walk).await;
            proving::asks_for_consent(&walk, &drawn).await;
            proving::publishes(&walk, &drawn).await;
            proving::pulls(&walk, &drawn).await;

            keeping::hands_over(&walk, &drawn).await;
            keeping::engages_an_expert(&walk, &drawn).await;
            hospital.until("2026-08-03T08:00:00Z").await;
            keeping::slips(&walk, &drawn).await;
            keeping::rocks(&walk, &drawn).await;
        })
        .await;
    });
}
