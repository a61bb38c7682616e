//! A database that is lost, cut off or damaged: `doctor` says so and what to do, and makes nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use traction::keeping::doctor::{Look, examine};

use crate::demo::PROGRAM;
use crate::world::{TestWorld, on_both};

/// What `traction doctor` found in a folder, with the name of the look.
#[track_caller]
fn found(folder: &Path) -> Vec<(String, String)> {
    let mut command = Command::new(PROGRAM);
    command.arg("doctor").arg("--json").arg("--data").arg(folder).env_remove("TRACTION_DATABASE");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["well"], false);
    let looks = said["looks"].as_array().unwrap().iter();
    looks
        .flat_map(|look| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let findings = look["findings"].as_array().unwrap().iter();
            findings.map(move |finding| {
                assert!(finding["todo"].as_str().unwrap().contains("backup"), "{finding}");
                (text(&look["name"]), text(&finding["what"]))
            })
        })
        .collect()
}

/// A grown embedded database, all of it in its one file; at which byte the journal's first page begins.
async fn filled(folder: &Path) -> usize {
    let world = TestWorld::kept_in(folder).await;
    for n in 0..40 {
        world.unit(&format!("ward-{n}"), None).await;
    }
    let store = world.world.store();
    store.settle().await.unwrap();
    let page = "SELECT (rootpage - 1) * 4096 AS begins FROM sqlite_master WHERE name = 'journal'";
    store.read().one(page, vec![]).await.unwrap().unwrap().count("begins").unwrap()
}

#[tokio::test]
async fn a_database_of_something_else_is_found_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traction.db");
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let other = sea_orm::Database::connect(url).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&other, "CREATE TABLE recipe (name TEXT)").await.unwrap();
    other.close().await.unwrap();
    let before = fs::read(&file).unwrap();
    let said = found(folder.path());
    assert!(said.len() == 1 && said[0].1.contains("has no table of Traction"), "{said:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

/// What was found of a table before a row of it that cannot be read stays found.
#[test]
fn what_a_look_finds_before_it_stops_is_told() {
    on_both(async |world| {
        let roll_out = crate::measure::uptake::roll_out(&world).await;
        let sql = world.world.store().read();
        let unit =
            sql.one("SELECT MIN(id) AS id FROM unit", vec![]).await.unwrap().unwrap().text("id").unwrap();
        let early = format!(
            "INSERT INTO usage_event (source, id, received_at, occurred_at, unit_id, change_id, event)
            VALUES ('s', 'e', 1772600000000, 1772600000001, '{unit}', '{roll_out}', 'opened')"
        );
        sql.run(&early, vec![]).await.unwrap();
        sql.run("DROP TABLE uptake_week", vec![]).await.unwrap();
        let looks = examine(&world.world).await.unwrap();
        let usage = looks.iter().find(|look| look.name == "usage").unwrap();
        assert!(
            usage.findings.iter().any(|found| found.what.contains("1 events arrived before")),
            "{usage:?}"
        );
        assert!(usage.findings.len() > 1, "{usage:?}");
    });
}

#[tokio::test]
async fn a_database_that_is_lost_or_empty_is_found_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traction.db");
    let said = found(folder.path());
    assert!(said.len() == 1 && said[0].1.contains("it was lost or never made"), "{said:?}");
    assert!(!file.exists());
    fs::write(&file, "").unwrap();
    let said = found(folder.path());
    assert!(said.len() == 1 && said[0].1.contains("it was lost or never made"), "{said:?}");
    assert_eq!(fs::metadata(&file).unwrap().len(), 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "and nothing stands beside it");
}

#[tokio::test]
async fn a_file_that_was_cut_off_or_written_over_is_found_and_the_other_looks_go_on() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let journal = filled(folder.path()).await;
    let whole = fs::read(folder.path().join("traction.db")).unwrap();
    let file = other.path().join("traction.db");
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let said = found(other.path());
    assert!(said[0].0 == "file" && said[0].1.contains("damaged"), "{said:?}");

    let mut damaged = whole.clone();
    damaged[journal..journal + 4096].iter_mut().for_each(|byte| *byte = !*byte);
    fs::write(&file, damaged).unwrap();
    let said = found(other.path());
    assert!(said[0].0 == "file" && said[0].1.contains("damaged"), "{said:?}");
    let journal = said.iter().find(|(name, _)| name == "journal").unwrap();
    assert!(journal.1.contains("the file is damaged"), "{said:?}");
    assert!(!said.iter().any(|(name, _)| name == "predictions"), "{said:?}");

    fs::write(&file, "Dear Jo, this is a letter and no database at all.").unwrap();
    let said = found(other.path());
    assert!(said.len() == 1 && said[0].1.contains("is not a database"), "{said:?}");
}

#[test]
fn a_table_or_an_index_that_is_gone_is_named_and_the_other_looks_go_on() {
    on_both(async |world| {
        world.unit("north", None).await;
        let sql = world.world.store().read();
        let look = async |name: &str| -> Look {
            let looks = examine(&world.world).await.unwrap();
            assert_eq!(looks.last().unwrap().name, "evidence", "all were taken");
            looks.into_iter().find(|look| look.name == name).unwrap()
        };
        assert_eq!(look("schema").await.findings, vec![]);
        assert_eq!(look("usage").await.findings, vec![]);
        sql.run("DROP INDEX usage_event_received", vec![]).await.unwrap();
        sql.run("DROP TABLE use_day", vec![]).await.unwrap();
        let schema: Vec<String> = look("schema").await.findings.into_iter().map(|found| found.what).collect();
        assert!(schema.contains(&"the table use_day is gone".to_owned()), "{schema:?}");
        assert!(schema.contains(&"the index usage_event_received is gone".to_owned()), "{schema:?}");
        let usage = look("usage").await.findings;
        assert!(
            usage.len() == 1 && usage[0].what.contains("usage cannot be looked at to the end"),
            "{usage:?}"
        );
        for name in ["rows", "journal", "predictions", "evidence"] {
            assert_eq!(look(name).await.findings, vec![], "{name}");
        }
    });
}
