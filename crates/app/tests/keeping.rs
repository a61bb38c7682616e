//! What whoever keeps the server does: a grown installation is moved, backed up, restored, and looked at.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::ConnectionTrait;
use serde_json::Value;
use traction::keeping::doctor::examine;
use traction::org::token::store::Scope;
use traction::store::whole::{Layout, compare, n_rows};
use traction::store::{Place, Store};

use crate::contend::ground::{WAVE, apply, ward, wave};
use crate::demo::{Demo, PROGRAM};
use crate::world::{TestWorld, on_both, on_sqlite};

fn traction(line: &[&str]) -> Output {
    Command::new(PROGRAM).args(line).env_remove("TRACTION_DATABASE").output().unwrap()
}

/// What a command printed that must succeed.
#[track_caller]
fn does(line: &[&str]) -> String {
    let output = traction(line);
    assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Fails unless the command refused with these words.
#[track_caller]
fn refuses(line: &[&str], words: &str) {
    let output = traction(line);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(words), "expected `{words}` in: {said}");
}

/// Fails unless both hold the same, to the bit; how many rows there are.
async fn same(a: &Place, b: &Place) -> usize {
    let (a, b) = (Store::open(a).await.unwrap(), Store::open(b).await.unwrap());
    let mut n = 0;
    for table in Layout::of_this_version().await.unwrap().tables() {
        assert_eq!(compare(a.read(), b.read(), table).await.unwrap(), None);
        n += n_rows(a.read(), table).await.unwrap();
    }
    n
}

/// An empty database on the server for tests, and its address; `None` where there is no server.
async fn server_database() -> Option<String> {
    static N: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("TRACTION_TEST_POSTGRES") else {
        eprintln!("SKIPPED on PostgreSQL: TRACTION_TEST_POSTGRES is not set (./check sets it)");
        return None;
    };
    let name = format!("keeping_{}_{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
    let control = sea_orm::Database::connect(&server).await.unwrap();
    control.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

#[tokio::test]
async fn a_grown_installation_goes_from_one_database_to_the_other_and_back_and_loses_nothing() {
    let mut demo = Demo::start();
    demo.stop();
    let folder = tempfile::tempdir().unwrap();
    let grown = demo.folder.path().join("traction.db");
    let backup = folder.path().join("backup.db");

    let said: Value = serde_json::from_str(&does(&[
        "backup",
        backup.to_str().unwrap(),
        "--database",
        &url(&grown),
        "--json",
    ]))
    .unwrap();
    let n_rows = same(&Place::Url(url(&grown)), &Place::Url(url(&backup))).await;
    assert!(n_rows > 10_000, "the demo has grown: {n_rows} rows");
    assert_eq!(said["rows"].as_u64(), u64::try_from(n_rows).ok());

    let mut from = url(&backup);
    if let Some(server) = server_database().await {
        let said = does(&["move", "--from", &from, "--to", &server]);
        assert!(said.starts_with(&format!("Moved {n_rows} rows of ")), "{said}");
        same(&Place::Url(url(&grown)), &Place::Url(server.clone())).await;
        refuses(&["move", "--from", &from, "--to", &server], "is in use already (");
        from = server;
    }
    let back = folder.path().join("back.db");
    does(&["move", "--from", &from, "--to", &url(&back)]);
    same(&Place::Url(url(&grown)), &Place::Url(url(&back))).await;

    let restored = folder.path().join("restored");
    does(&["restore", backup.to_str().unwrap(), "--data", restored.to_str().unwrap()]);
    same(&Place::Url(url(&grown)), &Place::Folder(restored.clone())).await;
    let said = does(&["doctor", "--data", restored.to_str().unwrap()]);
    assert!(said.contains("well") && !said.contains("What to do"), "{said}");
    refuses(
        &["restore", backup.to_str().unwrap(), "--data", restored.to_str().unwrap()],
        "choose an empty one",
    );
}

#[test]
fn what_is_no_backup_is_refused_and_a_backup_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let letter = at("letter.txt");
    std::fs::write(&letter, "Dear Jo, this is a letter and no database at all.").unwrap();
    refuses(&["restore", &letter, "--data", &at("a")], "is not a backup of Traction");
    refuses(&["restore", &at("nothing.db"), "--data", &at("a")], "cannot be read");
    refuses(&["backup", &at("b.db"), "--data", &at("a-place-without")], "here is no database at");
    does(&["unit", "add", "north", "North", "--data", &at("data")]);
    refuses(&["backup", &letter, "--data", &at("data")], "is there already");
    assert!(std::fs::read_to_string(&letter).unwrap().starts_with("Dear Jo"));
    does(&["backup", &at("b.db"), "--data", &at("data")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(at("b.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "a backup holds secrets");
        let mode = |path: &str| std::fs::metadata(at(path)).unwrap().permissions().mode() & 0o077;
        assert_eq!((mode("data"), mode("data/traction.db")), (0, 0), "and so does what it was made of");
    }
    // Turned in the middle, and with a log beside it as a database in use has one.
    let mut damaged = std::fs::read(at("b.db")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].iter_mut().for_each(|byte| *byte = !*byte);
    std::fs::write(at("damaged.db"), damaged).unwrap();
    refuses(&["restore", &at("damaged.db"), "--data", &at("c")], "is not a backup of Traction");
    std::fs::copy(at("b.db"), at("used.db")).unwrap();
    std::fs::write(at("used.db-wal"), "what was written last").unwrap();
    refuses(&["restore", &at("used.db"), "--data", &at("c")], "holds what was written last");
    let same = format!("sqlite://{}", at("b.db"));
    refuses(&["move", "--from", &same, "--to", &same], "is where it is already");
    refuses(&["move", "--from", "mysql://a/b", "--to", &same], "sqlite://FILE or postgres://");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_str().unwrap().starts_with(".traction")), "{left:?}");
}

/// Changes the copy in one column of one row, then by one row, and fails unless both are told.
async fn told_apart(original: &Place, copy: &Place) {
    let (a, b) = (Store::open(original).await.unwrap(), Store::open(copy).await.unwrap());
    let layout = Layout::of_this_version().await.unwrap();
    let units = layout.tables().iter().find(|table| table.name == "unit").unwrap();
    let told =
        async || compare(a.read(), b.read(), units).await.unwrap().map(|difference| difference.to_string());
    for (done, undone, words) in [
        (
            "UPDATE unit SET n_members = 9 WHERE id = 'a'",
            "UPDATE unit SET n_members = NULL WHERE id = 'a'",
            "the row a of unit did not arrive as it was",
        ),
        (
            "INSERT INTO unit (id, slug, name, added_at) VALUES ('c', 'c', 'c', 0)",
            "DELETE FROM unit WHERE id = 'c'",
            "unit has rows that nobody copied",
        ),
    ] {
        b.read().run(done, vec![]).await.unwrap();
        assert_eq!(told().await.as_deref(), Some(words));
        b.read().run(undone, vec![]).await.unwrap();
        assert_eq!(told().await, None);
    }
}

#[test]
fn a_unit_may_stand_before_the_one_above_it() {
    on_both(async |world: TestWorld| {
        let sql = world.world.store().read();
        // By its key the lower one comes first, as it may after an import that knew it first.
        for (id, slug, parent) in [("b", "north", None), ("a", "ward-7", Some("b"))] {
            let text = "INSERT INTO unit (id, slug, name, parent_id, attributes, added_at) VALUES ($1, $2, $2, $3, '{}', 0)";
            sql.run(text, traction::bind![id, slug, parent]).await.unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let copy = Place::Folder(folder.path().to_owned());
        traction::keeping::verbs::move_over(world.place(), &copy, |_| {}).await.unwrap();
        assert_eq!(same(world.place(), &copy).await, 2);
        told_apart(world.place(), &copy).await;
        if let Some(server) = server_database().await {
            let server = Place::Url(server);
            traction::keeping::verbs::move_over(&copy, &server, |_| {}).await.unwrap();
            assert_eq!(same(&copy, &server).await, 2);
        }
    });
}

/// Somebody changes a row without adding one while a database is moved: it would be lost, so nothing is taken over.
#[test]
fn a_row_that_is_changed_during_a_move_is_not_lost() {
    on_both(async |world: TestWorld| {
        world.unit("north", None).await;
        let place = world.place().clone();
        let meanwhile = |_| {
            let place = place.clone();
            let write = async move {
                let store = Store::open(&place).await.unwrap();
                let text = "UPDATE unit SET name = 'Up there' WHERE slug = 'north'";
                assert_eq!(store.read().run(text, vec![]).await.unwrap(), 1);
            };
            let alone = move || tokio::runtime::Runtime::new().unwrap().block_on(write);
            std::thread::spawn(alone).join().unwrap();
        };
        let folder = tempfile::tempdir().unwrap();
        let copy = Place::Folder(folder.path().to_owned());
        let moved = traction::keeping::verbs::move_over(world.place(), &copy, meanwhile).await;
        let refused = moved.unwrap_err().to_string();
        assert!(refused.contains("unit was written to while it was read"), "{refused}");
        traction::keeping::verbs::move_over(world.place(), &copy, |_| {}).await.unwrap();
        same(world.place(), &copy).await;
    });
}

/// What the doctor says of a small installation after each of these was done to it behind Traction's back.
#[test]
fn the_doctor_finds_what_was_done_behind_tractions_back() {
    on_sqlite(async |world: TestWorld| {
        world.unit("north", None).await;
        world.unit("ward-7", Some("north")).await;
        let sql = world.world.store().read();
        let findings = async || -> Vec<String> {
            let looks = examine(&world.world).await.unwrap();
            looks.into_iter().flat_map(|look| look.findings).map(|finding| finding.what).collect()
        };
        assert_eq!(findings().await, Vec::<String>::new());
        for (done, undone, expected) in [
            (
                "INSERT INTO journal (seq, at, actor, kind, fact) SELECT MAX(seq) + 2, 0, 'operator', 'x', '{}' FROM journal",
                "DELETE FROM journal WHERE kind = 'x'",
                &["some are missing", "cannot be read", "without a seal"][..],
            ),
            (
                "INSERT INTO loop_cursor (name, seq) VALUES ('business', 900) ON CONFLICT (name) DO UPDATE SET seq = 900",
                "UPDATE loop_cursor SET seq = 0 WHERE name = 'business'",
                &["up to entry 900"],
            ),
            (
                "INSERT INTO loop_trial (seq, n_tries, why, tried_at) VALUES (1, 60, 'the disk was full', 0)",
                "DELETE FROM loop_trial",
                &["was set aside: the disk was full"],
            ),
            (
                "INSERT INTO usage_event (source, id, received_at, occurred_at, event) VALUES ('x', '1', 5, 6, 'opened')",
                "DELETE FROM usage_event",
                &["1 events arrived before they happened"],
            ),
        ] {
            sql.run(done, vec![]).await.unwrap();
            let found = findings().await;
            assert_eq!(found.len(), expected.len(), "{found:?}");
            assert!(found.iter().zip(expected).all(|(found, words)| found.contains(words)), "{found:?}");
            sql.run(undone, vec![]).await.unwrap();
            assert_eq!(findings().await, Vec::<String>::new());
        }
    });
}

/// Evidence rests on who was drawn, and with which chance.
#[test]
fn the_doctor_holds_slots_against_the_draw_that_gave_them() {
    on_sqlite(async |world: TestWorld| {
        wave(&world, "1", "2026-03-02T08:00").await;
        for slug in ["ward-1", "ward-2", "ward-3"] {
            apply(&ward(&world, slug).await).await;
        }
        world.unit("elsewhere", None).await;
        world.days_go_by(4.2).await;
        let client = world.client(&[Scope::Write]).await;
        let drawn = client.post(&format!("/api/v1{WAVE}/draw"), &Value::Null).await;
        assert!(drawn.status.is_success(), "{}", drawn.body);
        world.settles().await;
        let findings = async || -> Vec<String> {
            let looks = examine(&world.world).await.unwrap();
            looks.into_iter().flat_map(|look| look.findings).map(|finding| finding.what).collect()
        };
        assert_eq!(findings().await, Vec::<String>::new());
        let sql = world.world.store().read();
        let row = sql.one("SELECT unit_id, probability FROM slot", vec![]).await.unwrap().unwrap();
        let (unit, chance) = (row.text("unit_id").unwrap(), row.number("probability").unwrap());
        sql.run("UPDATE slot SET probability = 0.99", vec![]).await.unwrap();
        let found = findings().await;
        assert!(
            found.len() == 1 && found[0].contains("has another chance than the draw's record"),
            "{found:?}"
        );
        sql.run("UPDATE slot SET probability = $1", traction::bind![chance]).await.unwrap();
        let moved = "UPDATE slot SET unit_id = (SELECT id FROM unit WHERE slug = 'elsewhere')";
        sql.run(moved, vec![]).await.unwrap();
        let found = findings().await;
        assert!(found.len() == 1 && found[0].contains("elsewhere has a slot of"), "{found:?}");
        sql.run("UPDATE slot SET unit_id = $1", traction::bind![unit]).await.unwrap();
        assert_eq!(findings().await, Vec::<String>::new());
    });
}
