//! Access, for those who hold a slot.

use serde_json::json;
use traction::org::token::store::Scope;

use super::contend::Drawn;
use super::hospital::Hospital;

/// The real system asks who has the solution: the people of the winners do, from the start of their slots and by the
/// clock alone; nobody else does.
pub async fn the_solution_is_switched_on_for_the_winners(hospital: &Hospital<'_>, drawn: &Drawn) {
    let (winner, loser) = (&drawn.granted[0], &drawn.waiting[0]);
    let ward_computers = hospital.world.client(&[Scope::Access]).await;
    let is_on = async |person: String| {
        let context = json!({"context": {"targetingKey": person}});
        let said = ward_computers.post("/ofrep/v1/evaluate/flags/bedside-tests", &context).await;
        said.is(200);
        said.json()["value"].as_bool().unwrap()
    };
    hospital.until("2026-03-22T23:59:59Z").await;
    assert!(!is_on(format!("nurse-1-of-{winner}")).await, "not before the start");
    hospital.until("2026-03-23T00:00:00Z").await;
    assert!(is_on(format!("nurse-1-of-{winner}")).await);
    assert!(!is_on(format!("nurse-1-of-{loser}")).await);
    assert!(!is_on("somebody".into()).await);
    hospital.world.visitor().get("/slots").await.shows("4 units have a solution switched on");
}
