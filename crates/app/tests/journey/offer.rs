//! A change, a goal, few slots.

use super::hospital::Hospital;

/// The page of the change.
pub const CHANGE: &str = "/changes/bedside-tests";
/// The call of its first wave.
pub const WAVE: &str = "/changes/bedside-tests/waves/1";

/// The change lead opens a change, locks what it promises, and announces a wave of four slots: a fortnight to apply, a
/// week to get ready.
pub async fn the_change_lead_offers_few_slots_for_what_takes_it_away(hospital: &Hospital<'_>) {
    let cleo = hospital.at(hospital.cleo).await;
    let change = [
        ("name", "Bedside tests"),
        ("promise", "Results in ten minutes, at the bed"),
        ("goal_title", "Results within the hour"),
        ("target", "60"),
        ("metric_name", "Waiting time"),
        ("unit_of_measure", "minutes per test"),
        ("better", "down"),
        ("worth", "10"),
    ];
    assert_eq!(cleo.submit("/changes", &change).await, CHANGE);
    let prediction = [("prediction", "Half an hour less to wait"), ("effect", "-30")];
    cleo.submit(&format!("{CHANGE}/prediction"), &prediction).await;
    let wave = [
        ("n_slots", "4"),
        ("opens_at", "2026-03-03T12:00"),
        ("closes_at", "2026-03-17T12:00"),
        ("starts_at", "2026-03-23T00:00"),
        ("pledge", "An owner with an hour a week"),
    ];
    assert_eq!(cleo.submit(&format!("{CHANGE}/waves"), &wave).await, WAVE);
    hospital.world.visitor().get(CHANGE).await.shows("Results within the hour").shows("4 slots");
    let earlier =
        cleo.post(&format!("{CHANGE}/prediction"), &[("prediction", "More"), ("effect", "-5")]).await;
    earlier.is(422).shows("stays as it is");
}
