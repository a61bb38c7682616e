//! The walk from data to demand: outcomes taken in, the data asked, the answer shown, the next ward in the queue.

use std::io::Write;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::Walk;
use super::starting::applies;
use crate::journey::contend::Drawn;
use crate::journey::measure::{N_WEEKS_BEFORE, TRUE_EFFECT, outcomes};

/// The change lead takes in the laboratory's table as a file, after a look at what would happen.
pub async fn measures(walk: &Walk<'_>, drawn: &Drawn) {
    let waited = outcomes(walk.hospital, 0..24, |ward, week| {
        let is_on = drawn.granted.iter().any(|slug| slug == ward) && week >= N_WEEKS_BEFORE;
        if is_on { TRUE_EFFECT } else { 0.0 }
    });
    let person = walk.turn_of(walk.hospital.cleo).await;
    person.goes_to("/outcomes").await;
    person.looks("outcomes-empty").await;
    takes_in(walk, &waited).await;
    person.sees("16 units from 2025-12-29 to 2026-06-08").await;
    person.looks("outcomes").await;
    person.goes_to("/changes/bedside-tests/uptake").await;
    person.looks("uptake").await;
}

/// Takes rows in as a file, as whoever sits there.
pub async fn takes_in(walk: &Walk<'_>, rows: &[Value]) {
    let file = table(rows);
    walk.person.goes_to("/outcomes").await;
    walk.person.presses("Waiting time").await;
    walk.person.attaches("Or choose a file", file.path()).await;
    walk.person.presses("See what would happen").await;
    walk.person.sees(&format!("{0} rows: {0} new", rows.len())).await;
    walk.person.looks("outcomes-preview").await;
    walk.person.presses("Take them in").await;
    walk.person.sees("By period").await;
}

/// Rows as a CSV file, as a spreadsheet writes it.
fn table(rows: &[Value]) -> NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
    writeln!(file, "unit,period,value").expect("a first line");
    for row in rows {
        let text = |name: &str| row[name].as_str().expect("a text").to_owned();
        writeln!(file, "{},{},{}", text("unit"), text("period"), row["value"]).expect("a line");
    }
    file
}

/// The change lead presses the button, and the data answer.
pub async fn proves(walk: &Walk<'_>) {
    let person = walk.turn_of(walk.hospital.cleo).await;
    person.goes_to("/evidence").await;
    person.presses("Bedside tests").await;
    person.presses("Ask the data").await;
    person.sees("It works").await;
    person.sees("To keep, and to check").await;
    person.looks("evidence").await;
}

/// The change lead asks a ward whether its own story may be told; its lead says yes.
pub async fn asks_for_consent(walk: &Walk<'_>, drawn: &Drawn) {
    let slug = &drawn.granted[0];
    let person = walk.person;
    person.presses("Make a showcase of it").await;
    person.presses("Ask a unit for its consent").await;
    person.chooses("Which unit?", slug).await;
    person.fills_in("What would you like to show?", "How you moved the device to the bed").await;
    person.presses("Ask").await;
    person.sees("What units said to being shown").await;

    walk.turn_of(walk.hospital.ward(slug).lead).await;
    person.sees(&format!("May the result that {slug} had with Bedside tests be shown to others?")).await;
    person.presses("Say yes or no").await;
    person.looks("consent").await;
    person.presses("Yes, show it").await;
    person.sees("Yes, since").await;
}

/// The change lead publishes the ward's story, and announces the next wave.
pub async fn publishes(walk: &Walk<'_>, drawn: &Drawn) {
    let person = walk.turn_of(walk.hospital.cleo).await;
    person.goes_to("/evidence").await;
    person.presses("Bedside tests").await;
    person.presses("Make a showcase of it").await;
    person.fills_in("Title", "Results in ten minutes").await;
    person.fills_in("The story", "We moved the device to the bed.").await;
    person.chooses("From when is it seen?", "At once").await;
    person.presses("Quotes, or a unit's own story").await;
    person.fills_in("What people said", "I am home on time.").await;
    person.chooses("Whose story is it?", &drawn.granted[0]).await;
    person.looks("showcase-new").await;
    person.presses("Publish").await;
    person.sees("We moved the device to the bed.").await;

    person.goes_to("/changes/bedside-tests").await;
    person.presses("Announce a wave").await;
    person.fills_in("How many slots?", "6").await;
    person.sets("Applications open", "2026-06-15T08:00").await;
    person.sets("Applications close", "2026-06-29T12:00").await;
    person.sets("Slots start", "2026-09-07T00:00").await;
    person.presses("Announce").await;
    person.sees("How it is decided").await;
}

/// A visitor reads it; the lead of a ward that waits reads it too, and contends for the next slot.
pub async fn pulls(walk: &Walk<'_>, drawn: &Drawn) {
    let person = walk.person;
    person.presses("Sign out").await;
    person.sees("Sign in").await;
    person.goes_to("/showcases").await;
    person.sees("One result is published, and it works.").await;
    person.looks("showcases").await;
    person.presses("Results in ten minutes").await;
    person.sees("I am home on time.").await;
    person.looks("showcase").await;
    person.goes_to("/showcases").await;
    person.presses("Atom feed").await;
    person.finds_in_the_source("Results in ten minutes").await;

    walk.turn_of(walk.hospital.ward(&drawn.waiting[0]).lead).await;
    person.goes_to("/showcases").await;
    person.presses("Results in ten minutes").await;
    person.presses("Contend for the next slot").await;
    applies(person).await;
}
