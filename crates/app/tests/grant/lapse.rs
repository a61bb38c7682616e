//! The rule by which unused slots lapse, said and read by programs and by operators.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use traction::org::token::store::Scope;

use crate::contend::ground::{CHANGE, change_by_verbs, wave};
use crate::world::{TestWorld, on_both};

#[test]
fn a_program_says_when_unused_slots_lapse_and_reads_what_was_said() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let lapse = format!("/api/v1{CHANGE}/lapse");
        let reader = world.client(&[Scope::Read]).await;
        let none = json!({ "change": "bedside-tests", "days": null, "said": [] });
        assert_eq!(reader.get(&lapse).await.json(), none);
        reader.post(&lapse, &json!({ "days": 28 })).await.is(403);
        let writer = world.client(&[Scope::Write]).await;
        writer.post(&lapse, &json!({ "days": 3 })).await.is(422);
        let said = writer.post(&lapse, &json!({ "days": 28 })).await;
        said.is(201);
        let first = json!({ "days": 28, "set_at": "2026-03-02T08:00:00Z" });
        assert_eq!(said.json(), json!({ "change": "bedside-tests", "days": 28, "said": [first] }));
        world.visitor().get(&format!("{CHANGE}/lapse")).await.shows("for 28 days lapses");
        world.days_go_by(1.0).await;
        writer.post(&lapse, &json!({ "days": null })).await.is(201);
        let never = json!({ "days": null, "set_at": "2026-03-03T08:00:00Z" });
        let both = json!({ "change": "bedside-tests", "days": null, "said": [first, never] });
        assert_eq!(reader.get(&lapse).await.json(), both);
        writer.post(&lapse, &json!({ "days": null })).await.is(422);
        reader.get("/api/v1/changes/none/lapse").await.is(404);
    });
}

fn traction(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_traction"));
    command.args(line.split_whitespace()).arg("--data").arg(folder).arg("--json").output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_says_it_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let world = TestWorld::kept_in(folder.path()).await;
    change_by_verbs(&world.world, "Bedside tests").await;
    let days = |output: &Output| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let rows: Value = serde_json::from_slice(&output.stdout).expect(&said);
        let rows = rows.as_array().unwrap().clone();
        rows.iter().map(|row| row["days"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let shown = async |line: &str| days(&traction(folder.path(), line));
    assert!(shown("lapse show bedside-tests").await.is_empty());
    assert_eq!(shown("lapse set bedside-tests --days 28").await, ["28"]);
    assert_eq!(shown("lapse set bedside-tests --never").await, ["28", "never"]);
    assert_eq!(shown("lapse show bedside-tests").await, ["28", "never"]);
    for (line, says) in [
        ("lapse set bedside-tests --days 3", "say between 7 and 365"),
        ("lapse set bedside-tests --never", "This is the rule already"),
        ("lapse set bedside-tests", "--days"),
        ("lapse show none", "no such change"),
    ] {
        let refused = traction(folder.path(), line);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{line}: {said}");
    }
}
