//! What did it do.

use std::process::Command;

use traction::org::token::store::Scope;

use super::hospital::Hospital;
use super::measure::TRUE_EFFECT;
use super::offer::CHANGE;

/// The change lead asks the data; the address of the evidence record.
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
    // No draw of four of the ten wards strays further than 0.8. Of the 210 there are, 10 give intervals that leave out the truth,
    // as 95 % ask, and this is one of them.
    assert!((number("estimate") - TRUE_EFFECT).abs() < 0.8, "{}", record["overall"]);
    assert!(number("high") - number("low") < 2.0, "{}", record["overall"]);
    let says = record["verdict"]["says"].as_str().unwrap();
    let visitor = hospital.world.visitor();
    let page = visitor.get(&evidence).await;
    page.is(200).shows(says).shows("In units that used it").shows("The draw of wave 1");
    // Of four wards with a slot one is seen to use it: a quarter.
    let users = record["on_users"]["says"].as_str().unwrap();
    assert!(
        users.starts_with("Units that got a slot used it for 25 percentage points more of the time"),
        "{users}"
    );
    visitor.get("/methods/risk-set").await.is(200).shows("Anderson and Rubin").shows("How it is computed");
    made_again_by_anyone(hospital, &evidence).await;
    evidence
}

/// With its files in one folder the program makes the record once more, without a server.
async fn made_again_by_anyone(hospital: &Hospital<'_>, evidence: &str) {
    let cleo = hospital.at(hospital.cleo).await;
    let folder = tempfile::tempdir().unwrap();
    for file in ["evidence.json", "panel.csv", "draw-1.json"] {
        let found = cleo.get(&format!("{evidence}/files/{file}")).await;
        std::fs::write(folder.path().join(file), found.body).unwrap();
    }
    let again = Command::new(env!("CARGO_BIN_EXE_traction"))
        .args(["prove", "again"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(again.status.success(), "{said}{}", String::from_utf8_lossy(&again.stderr));
    assert!(said.contains("the same to the last byte"), "{said}");
}
