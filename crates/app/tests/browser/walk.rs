//! Once around the loop at a browser: the journey's acts by hand, each page of it looked at.

use std::sync::Arc;

use traction_domain::org::role::RoleWord;

use super::driver::at_a_browser;
use super::person::Person;
use crate::world::{TestWorld, on_sqlite};

#[test]
fn somebody_walks_once_around_the_loop() {
    on_sqlite(async |world: TestWorld| {
        let ward = world.unit("ward-01", None).await;
        let nurse = world.person("nurse", RoleWord::Member, Some(ward)).await;
        let other = world.unit("ward-02", None).await;
        let lea = world.person("lea", RoleWord::Lead, Some(ward)).await;
        let lou = world.person("lou", RoleWord::Lead, Some(other)).await;
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let address = world.serve().await;
        let world = Arc::new(world);
        at_a_browser(&address, async move |person| {
            senses(&person, &world.link_of(nurse).await).await;
            offers(&person, &world.link_of(cleo).await).await;
            for lead in [lea, lou] {
                contends(&person, &world.link_of(lead).await).await;
            }
            world.days_go_by(16.0).await;
            draws(&person, &world.link_of(cleo).await).await;
            world.days_go_by(6.0).await;
            tests(&person, &world.link_of(nurse).await).await;
            drop(world);
        })
        .await;
    });
}

/// A nurse names what gets in the way.
async fn senses(person: &Person, nurse: &str) {
    person.enters(nurse).await;
    person.looks("home").await;
    person.goes_to("/frictions/new").await;
    person.fills_in("What got in the way?", "Blood results come late").await;
    person.fills_in("How often a week?", "10").await;
    person.fills_in("How many minutes each time?", "30").await;
    person.presses("Report").await;
    person.sees("about 5.0 hours a week").await;
}

/// The change lead opens a change, locks its prediction and announces a wave.
async fn offers(person: &Person, cleo: &str) {
    person.enters(cleo).await;
    person.goes_to("/changes").await;
    person.looks("changes-empty").await;
    person.presses("Open a change").await;
    person.looks("change-new").await;
    person.fills_in("What is it called?", "Bedside tests").await;
    person.fills_in("What does it promise to those who get it?", "Results in ten minutes, at the bed").await;
    person.fills_in("The goal", "Results within the hour").await;
    person.fills_in("Where should it be?", "60").await;
    person.fills_in("Name", "Waiting time").await;
    person.fills_in("What is one of it?", "minutes per test").await;
    person.chooses("Which way is better?", "less is better").await;
    person.fills_in("The smallest effect that would be worth it", "10").await;
    person.presses("Open").await;
    person.sees("Results within the hour (Waiting time: 60 minutes per test)").await;

    person.presses("Lock the prediction").await;
    person.looks("prediction-new").await;
    person.fills_in("What do you expect?", "Half an hour less to wait").await;
    person.fills_in("By how much?", "-30").await;
    person.presses("Lock it").await;

    person.presses("Announce a wave").await;
    person.looks("wave-new").await;
    person.fills_in("How many slots?", "1").await;
    person.sets("Applications open", "2026-03-02T08:00").await;
    person.sets("Applications close", "2026-03-17T12:00").await;
    person.sets("Slots start", "2026-03-23T00:00").await;
    person.presses("Announce").await;
    person.sees("How it is decided").await;
    person.looks("wave").await;
    person.goes_to("/changes/bedside-tests").await;
    person.sees("Contend for a slot").await;
    person.looks("change").await;
    person.goes_to("/changes").await;
    person.looks("changes").await;
}

/// The lead of a ward contends for a slot.
async fn contends(person: &Person, lead: &str) {
    person.enters(lead).await;
    person.sees("can contend for the one slot of Bedside tests").await;
    person.presses("Contend").await;
    person.fills_in("What hurts today?", "Results come after the round").await;
    person.fills_in("What do you want to reach?", "Decide on the round itself").await;
    person.fills_in("Who in the unit answers for it?", "Lea").await;
    person.fills_in("What does the unit pledge?", "An hour a week").await;
    person.presses("Apply").await;
    person.sees("has applied").await;
    person.looks("wave-applied").await;
}

/// The change lead draws; one ward gets the slot, and everybody can check it.
async fn draws(person: &Person, cleo: &str) {
    person.enters(cleo).await;
    person.goes_to("/changes/bedside-tests/waves/1").await;
    person.presses("Run the draw").await;
    person.sees("1 of 2 units got a slot; for 2 of them the lottery decided.").await;
    person.sees("traction draw verify draw.json").await;
    person.looks("draw").await;
    person.goes_to("/slots").await;
    person.sees("Bedside tests").await;
    person.looks("slots").await;
}

/// A nurse tests in a small cycle how to use it best.
async fn tests(person: &Person, nurse: &str) {
    person.enters(nurse).await;
    person.goes_to("/cycles").await;
    person.presses("Start a cycle").await;
    person.fills_in("What do you want to get better?", "Results on the round").await;
    person.fills_in("What do you expect to see?", "Ten minutes less").await;
    person.fills_in("What will you do, and until when?", "Two bays, until Friday").await;
    person.presses("Lock and start").await;
    person.fills_in("What did you do, or see?", "Tried on two bays").await;
    person.presses("We did this").await;
    person.sees("Tried on two bays").await;
    person.fills_in("What did you learn, beside what you expected?", "The kit must be ready before").await;
    person.presses("Close the cycle").await;
    person.sees("Start the next one from it").await;
    person.looks("cycle-closed").await;
}
