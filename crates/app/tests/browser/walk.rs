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
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        let (nurse, cleo) = (world.link_of(nurse).await, world.link_of(cleo).await);
        let address = world.serve().await;
        let world = Arc::new(world);
        at_a_browser(&address, async move |person| {
            senses(&person, &nurse).await;
            offers(&person, &cleo).await;
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
