//! Let the results pull.

use super::contend::Drawn;
use super::hospital::Hospital;

/// The result is published, and whoever reads it is pointed to the next slot; a ward that waits sees its own gap.
pub async fn the_result_pulls_the_next_wards(hospital: &Hospital<'_>, drawn: &Drawn, evidence: &str) {
    let cleo = hospital.at(hospital.cleo).await;
    let story = [
        ("title", "Results in ten minutes"),
        ("story", "We moved the device to the bed."),
        ("quotes", "I am home on time."),
        ("release", "now"),
    ];
    let showcase = cleo.submit(&format!("{evidence}/publish"), &story).await;
    let wave = [
        ("n_slots", "6"),
        ("opens_at", "2026-06-15T08:00"),
        ("closes_at", "2026-06-29T12:00"),
        ("starts_at", "2026-09-07T00:00"),
        ("pledge", "An owner with an hour a week"),
    ];
    cleo.submit("/changes/bedside-tests/waves", &wave).await;

    let visitor = hospital.world.visitor();
    visitor.get(&showcase).await.shows("We moved the device").shows("Contend for the next slot");
    visitor.get("/showcases").await.shows("One result is published, and it works.");
    let feed = visitor.get("/feed.atom").await;
    assert!(feed.body.contains("Results in ten minutes") && feed.body.contains(&showcase), "{}", feed.body);

    let waiting = hospital.ward(&drawn.waiting[0]);
    let nurse = hospital.at(waiting.nurses[0]).await;
    nurse.get(&format!("/units/{}/gap", waiting.slug)).await.shows("from the goal of 60");
}
