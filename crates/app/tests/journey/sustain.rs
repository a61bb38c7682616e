//! Keep it, without the experts.

use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use super::contend::Drawn;
use super::hospital::Hospital;
use super::measure::{N_WEEKS_BEFORE, TRUE_EFFECT, outcomes, record};

/// A coach hands over to the ward's lead, who accepts; the ward slips back, is told so, and a cycle is open for it.
pub async fn the_ward_owns_it_and_is_watched(hospital: &Hospital<'_>, drawn: &Drawn) {
    let ward = hospital.ward(&drawn.granted[0]);
    let coach = hospital.world.person("carl", RoleWord::Coach, None).await;
    let slots = hospital.world.client(&[Scope::Read]).await.get("/api/v1/slots").await.json();
    let slots = slots["items"].as_array().unwrap();
    let slot = slots.iter().find(|slot| slot["unit"] == *ward.slug).expect("the winner's slot");
    let owner = ward.lead.to_string();
    let proposal = [
        ("slot", slot["id"].as_str().unwrap()),
        ("owner", &*owner),
        ("transferred", "the weekly look at the figures\nwho trains new people"),
        ("support_ends", "2026-07-01"),
    ];
    let hand_over = hospital.at(coach).await.submit("/hand-overs", &proposal).await;
    let lead = hospital.at(ward.lead).await;
    lead.submit(&format!("{hand_over}/accept"), &[]).await;
    lead.get(&hand_over).await.shows("accepted and owns it");

    hospital.until("2026-08-03T08:00:00Z").await;
    let waited = outcomes(hospital, 24..31, |slug, week| {
        let is_on = drawn.granted.iter().any(|granted| granted == slug) && week >= N_WEEKS_BEFORE;
        if is_on && slug != ward.slug { TRUE_EFFECT } else { 0.0 }
    });
    record(hospital, &waited).await;
    hospital.world.settles().await;
    let lead = hospital.at(ward.lead).await;
    lead.get(&format!("/watches/{}/bedside-tests", ward.slug)).await.shows("Slipping");
    let cycles = lead.get(&format!("/cycles?unit={}", ward.slug)).await;
    cycles.shows("Win back what slips: outcome of Bedside tests");
    let held = &drawn.granted[1];
    let cycles = hospital.world.visitor().get(&format!("/cycles?unit={held}")).await;
    cycles.shows("0 running").hides("Win back");
    lead.get("/balance").await.is(200);
}
