//! What hurts.

use super::hospital::Hospital;

/// A nurse reports a friction, another has it too, their lead answers.
pub async fn a_nurse_names_what_gets_in_the_way(hospital: &Hospital<'_>) {
    let ward = &hospital.wards[0];
    let unit = ward.id.to_string();
    let late =
        [("title", "Blood results come late"), ("times_per_week", "10"), ("minutes", "30"), ("unit", &*unit)];
    let friction = hospital.at(ward.nurses[0]).await.submit("/frictions", &late).await;
    let too = [("times_per_week", "4"), ("minutes", "30")];
    hospital.at(ward.nurses[1]).await.submit(&format!("{friction}/shares"), &too).await;

    hospital.until("2026-03-03T08:00:00Z").await;
    let answer = [("answer", "We could test at the bedside"), ("state", "answered")];
    hospital.at(ward.lead).await.submit(&format!("{friction}/answers"), &answer).await;

    let visitor = hospital.world.visitor();
    let page = visitor.get(&friction).await;
    page.shows("about 7.0 hours a week").shows("We could test at the bedside").shows("after 1 day");
    visitor.get("/frictions").await.shows("1 open, together about 7.0 hours a week.");
}
