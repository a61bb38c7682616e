//! The walk from a pain to a test: what hurts, what is offered, who gets it, what is tried.

use super::Walk;
use crate::browser::person::Person;
use crate::journey::contend::Drawn;

/// A nurse names what gets in the way.
pub async fn senses(walk: &Walk<'_>) {
    let person = walk.turn_of(walk.hospital.wards[0].nurses[0]).await;
    person.looks("home").await;
    person.goes_to("/frictions/new").await;
    person.fills_in("What got in the way?", "Blood results come late").await;
    person.fills_in("How often a week?", "10").await;
    person.fills_in("How many minutes each time?", "30").await;
    person.presses("Report").await;
    person.sees("about 5.0 hours a week").await;
}

/// The change lead opens a change, locks its prediction and announces a wave.
pub async fn offers(walk: &Walk<'_>) {
    let person = walk.turn_of(walk.hospital.cleo).await;
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
    person.fills_in("How many slots?", "4").await;
    person.sets("Applications open", "2026-03-02T08:00").await;
    person.sets("Applications close", "2026-03-17T12:00").await;
    person.sets("Slots start", "2026-03-23T00:00").await;
    person.presses("Announce").await;
    person.sees("How it is decided").await;
    person.looks("wave").await;
    person.goes_to("/changes/bedside-tests").await;
    person.sees("See the call").await;
    person.looks("change").await;
    person.goes_to("/changes").await;
    person.looks("changes").await;
}

/// Ten wards contend: the leads of two by hand, those of the others by the same door.
pub async fn contends(walk: &Walk<'_>) {
    let wards = &walk.hospital.wards[..10];
    for ward in &wards[..2] {
        let person = walk.turn_of(ward.lead).await;
        person.sees("can contend for one of 4 slots of Bedside tests").await;
        person.presses("Contend").await;
        applies(person).await;
        person.looks("wave-applied").await;
    }
    for ward in &wards[2..] {
        let unit = ward.id.to_string();
        let wish = [
            ("unit", &*unit),
            ("pain", "Results come after the round"),
            ("aim", "Decide on the round itself"),
            ("owner", "Lea"),
            ("pledge", "An hour a week"),
        ];
        let lead = walk.hospital.at(ward.lead).await;
        lead.submit("/changes/bedside-tests/waves/1/applications", &wish).await;
    }
}

/// Fills in the application that is open, and sends it.
pub async fn applies(person: &Person) {
    person.fills_in("What hurts today?", "Results come after the round").await;
    person.fills_in("What do you want to reach?", "Decide on the round itself").await;
    person.fills_in("Who in the unit answers for it?", "Lea").await;
    person.presses("Apply").await;
    person.sees("has applied").await;
}

/// The change lead draws; four wards get a slot, and everybody can check it.
pub async fn draws(walk: &Walk<'_>) -> Drawn {
    let person = walk.turn_of(walk.hospital.cleo).await;
    person.goes_to("/changes/bedside-tests/waves/1").await;
    person.presses("Run the draw").await;
    person.sees("4 of 10 units got a slot; for 10 of them the lottery decided.").await;
    person.sees("traction draw verify draw.json").await;
    person.looks("draw").await;
    person.goes_to("/slots").await;
    person.sees("Bedside tests").await;
    person.looks("slots").await;
    let record = walk.hospital.world.visitor().get("/changes/bedside-tests/waves/1/draw.json").await.json();
    let slugs = |field: &str| record[field].as_array().into_iter().flatten().map(in_words).collect();
    Drawn { granted: slugs("granted"), waiting: slugs("waiting") }
}

fn in_words(slug: &serde_json::Value) -> String {
    slug.as_str().expect("a short name").to_owned()
}

/// A nurse tests in a small cycle how to use it best.
pub async fn tests(walk: &Walk<'_>, drawn: &Drawn) {
    let person = walk.turn_of(walk.hospital.ward(&drawn.granted[0]).nurses[0]).await;
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
