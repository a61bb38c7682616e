//! Small, short, fast; by the people themselves.

use super::hospital::{Hospital, Ward};

/// A winner's nurse tries something small for a week, and keeps what she set herself to herself.
pub async fn a_nurse_tries_something_small(hospital: &Hospital<'_>, ward: &Ward) {
    let unit = ward.id.to_string();
    let nurse = hospital.at(ward.nurses[0]).await;
    let test = [
        ("aim", "Test before the round"),
        ("prediction", "Nine of ten results are there at eight"),
        ("plan", "Two nurses start at seven, until Friday"),
        ("unit", &*unit),
    ];
    let cycle = nurse.submit("/cycles", &test).await;
    let goal = [("goal", "No test after eight"), ("plan", "Start at seven"), ("due", "2026-03-27")];
    let commitment = nurse.submit("/commitments", &goal).await;

    hospital.until("2026-03-27T08:00:00Z").await;
    let nurse = hospital.at(ward.nurses[0]).await;
    let points = [("measure", "results at eight"), ("points", "2026-03-24 6\n2026-03-25 8\n2026-03-26 9")];
    nurse.submit(&format!("{cycle}/points"), &points).await;
    let check_in = [("confidence", "4"), ("learnt", "The charger belongs beside the bed")];
    nurse.submit(&format!("{commitment}/check-ins"), &check_in).await;
    let account = [("outcome", "met"), ("learnt", "Seven is early enough"), ("next_step", "Show the others")];
    nurse.submit(&format!("{commitment}/end"), &account).await;
    nurse
        .submit(&format!("{cycle}/end"), &[("decision", "adopt"), ("learnt", "It works on every day")])
        .await;

    let lead = hospital.at(ward.lead).await;
    lead.get(&cycle).await.shows("It was adopted after 4 days: It works on every day");
    lead.get(&commitment).await.is(404).hides("Show the others");
}
