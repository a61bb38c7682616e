//! Units compete for the next slot.

use std::process::Command;

use super::hospital::Hospital;
use super::offer::WAVE;

/// What the draw decided, by the short names of the wards.
pub struct Drawn {
    /// Who got a slot.
    pub granted: Vec<String>,
    /// Who waits.
    pub waiting: Vec<String>,
}

/// Ten of the sixteen wards apply, the list is frozen and drawn, and everybody can check it.
pub async fn ten_wards_contend_and_the_lottery_decides(hospital: &Hospital<'_>) -> Drawn {
    let visitor = hospital.world.visitor();
    hospital.until("2026-03-04T08:00:00Z").await;
    for ward in &hospital.wards[..10] {
        let unit = ward.id.to_string();
        let wish = [
            ("unit", &*unit),
            ("pain", "Blood results come late"),
            ("aim", "Results before the round"),
            ("owner", "Lea"),
            ("pledge", "Yes, an hour a week"),
        ];
        let applications = format!("{WAVE}/applications");
        hospital.at(ward.nurses[0]).await.post(&applications, &wish).await.is(403);
        hospital.at(ward.lead).await.submit(&applications, &wish).await;
    }
    visitor.get(WAVE).await.shows("10 units contend for 4 slots").hides("Results before the round");

    hospital.until("2026-03-17T13:00:00Z").await;
    let cleo = hospital.at(hospital.cleo).await;
    cleo.submit(&format!("{WAVE}/draw"), &[]).await;
    let draw = visitor.get(&format!("{WAVE}/draw")).await;
    draw.shows("4 of 10 units got a slot; for 10 of them the lottery decided.");

    let record = visitor.get(&format!("{WAVE}/draw.json")).await;
    checked_by_anyone(&record.body);
    let record = record.json();
    let slugs = |field: &str| -> Vec<String> {
        let list = record[field].as_array().unwrap();
        list.iter().map(|slug| slug.as_str().unwrap().to_owned()).collect()
    };
    let drawn = Drawn { granted: slugs("granted"), waiting: slugs("waiting") };
    assert_eq!((drawn.granted.len(), drawn.waiting.len()), (4, 6));
    let loser = hospital.at(hospital.ward(&drawn.waiting[2]).lead).await;
    let told = loser.get(&format!("{WAVE}/draw")).await;
    told.shows("10 units stood equal for 4 slots, and the lottery decided. Place 3 on the waiting list");
    drawn
}

/// The program verifies the published record without a server, and finds a record that was tampered with.
fn checked_by_anyone(record: &str) {
    let folder = tempfile::tempdir().unwrap();
    let verify = |text: &str| {
        let file = folder.path().join("draw.json");
        std::fs::write(&file, text).unwrap();
        let program = env!("CARGO_BIN_EXE_traction");
        Command::new(program).args(["draw", "verify"]).arg(&file).output().unwrap().status.code()
    };
    assert_eq!(verify(record), Some(0));
    assert_eq!(verify(&record.replacen("ward-03", "ward-93", 1)), Some(1));
}
