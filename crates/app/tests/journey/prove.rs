//! What did it do.

use traction::org::token::store::Scope;

use super::hospital::Hospital;
use super::measure::TRUE_EFFECT;
use super::offer::CHANGE;

/// The change lead asks the data; the address of the evidence record, whose interval holds the truth.
pub async fn the_data_say_what_it_did(hospital: &Hospital<'_>) -> String {
    let cleo = hospital.at(hospital.cleo).await;
    let evidence = cleo.submit(&format!("{CHANGE}/evidence"), &[]).await;
    let reader = hospital.world.client(&[Scope::Read]).await;
    let record = reader.get(&format!("/api/v1{evidence}")).await;
    record.is(200);
    let record = record.json();
    assert_eq!(record["schema"], "traction.evidence/1");
    assert_eq!(record["verdict"]["kind"], "works", "{}", record["verdict"]["says"]);
    let number = |field: &str| record["overall"][field].as_f64().unwrap();
    assert!(number("low") < TRUE_EFFECT && TRUE_EFFECT < number("high"), "{}", record["overall"]);
    assert!(number("high") - number("low") < 10.0, "{}", record["overall"]);
    let says = record["verdict"]["says"].as_str().unwrap();
    hospital.world.visitor().get(&evidence).await.is(200).shows(says);
    evidence
}
