//! Surroundings that must be put right: one clear sentence each, exit code 2, nothing half done.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use traction::store::{Place, Store};

/// Runs the program with this line, on an embedded database in `folder`. Whoever types it wrong is told at once: nothing
/// here takes six seconds, even on a machine that is busy.
fn traction(folder: &Path, line: &str) -> Output {
    Command::new("/usr/bin/timeout")
        .args(["6", env!("CARGO_BIN_EXE_traction")])
        .args(line.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

/// Fails unless the program refused with these words, in one sentence, and exit code 2.
#[track_caller]
fn refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(words), "expected `{words}` in: {said}");
    assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_port_in_use_is_named_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = traction(folder.path(), &format!("serve --addr {address}"));
    refused(&output, &format!("annot listen on {address}"));
    refused(&output, "choose another with --addr");
    assert!(!folder.path().join("traction-data").exists(), "nothing was begun");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let output = traction(folder.path(), "unit add ward-7 Ward --data file/data");
    refused(&output, "file/data cannot be written to");
    refused(&output, "--data");
}

#[test]
fn a_database_that_does_not_answer_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let output =
        traction(folder.path(), &format!("unit list --database postgres://jo:secret@127.0.0.1:{port}/a"));
    refused(&output, &format!("postgres://127.0.0.1:{port}/a does not answer"));
    let nowhere = traction(folder.path(), "unit list --database postgres://jo@nowhere.invalid/a");
    refused(&nowhere, "postgres://nowhere.invalid/a does not answer");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("secret"));
}

#[test]
fn an_address_of_no_database_is_refused_with_the_two_that_are() {
    let folder = tempfile::tempdir().unwrap();
    refused(&traction(folder.path(), "unit list --database mysql://a/b"), "sqlite://FILE or postgres://");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Place::Folder(folder.path().join("data"))).await.unwrap();
        let step = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                    VALUES (9999, 'later', TRUE, x'00', 0)";
        store.read().run(step, vec![]).await.unwrap();
    });
    refused(
        &traction(folder.path(), "unit list --data data"),
        "used by a newer Traction (it knows step 9999",
    );
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "Dear Jo, this is a letter and no database at all.").unwrap();
    refused(
        &traction(folder.path(), "unit list --database sqlite://letter.txt"),
        "letter.txt is not a database",
    );
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("Dear Jo"));
}

#[test]
fn a_time_zone_that_does_not_exist_is_refused_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    refused(&traction(folder.path(), "unit list --time-zone Mars/North"), "write it like Europe/Vienna");
}

#[test]
fn an_address_that_is_none_is_told_apart_from_a_port_in_use() {
    let folder = tempfile::tempdir().unwrap();
    refused(
        &traction(folder.path(), "serve --addr somewhere"),
        "write an address and a port, like 127.0.0.1:7979",
    );
}

#[test]
fn a_port_that_does_not_exist_is_not_called_taken() {
    let folder = tempfile::tempdir().unwrap();
    let output = traction(folder.path(), "serve --addr 127.0.0.1:80000");
    refused(&output, "annot listen on 127.0.0.1:80000");
    refused(&output, "ports go from 1 to 65535");
}

#[test]
fn a_command_that_looks_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    for line in ["user list --data typo", "token list --data typo", "prove change x --data typo"] {
        refused(&traction(folder.path(), line), "here is no database at typo/traction.db");
    }
    refused(&traction(folder.path(), "user list --database sqlite://typo.db"), "here is no database at");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    assert!(traction(folder.path(), "unit add ward-7 Ward --data data").status.success());
    assert!(traction(folder.path(), "unit list --data data").status.success());
}

#[test]
fn what_is_not_there_is_said_without_pointing_at_a_page() {
    let folder = tempfile::tempdir().unwrap();
    assert!(traction(folder.path(), "unit add ward-7 Ward").status.success());
    let output = traction(folder.path(), "change predict nothing words --effect 1");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("go back"), "{said}");
    let wave = traction(folder.path(), "import applications a.csv --change x --wave x/1");
    assert_eq!(wave.status.code(), Some(2));
    let said = String::from_utf8_lossy(&wave.stderr);
    assert!(said.contains("`x/1` is not the number of a wave; write it like 2"), "{said}");
}

#[test]
fn an_address_for_the_outside_must_be_one_and_an_empty_variable_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["not", "ftp://a", "https://", "http://a<b"] {
        let output = traction(folder.path(), &format!("unit add ward-7 Ward --public-url {url}"));
        refused(&output, "is not an address that a browser can go to");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_traction"))
        .args(["unit", "add", "ward-7", "Ward"])
        .current_dir(folder.path())
        .env_clear()
        .env("TRACTION_DATABASE", "")
        .env("TRACTION_PUBLIC_URL", "")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("traction-data/traction.db").exists());
}

#[test]
fn a_server_without_the_user_or_the_database_is_told_apart_from_one_that_is_away() {
    let Ok(server) = std::env::var("TRACTION_TEST_POSTGRES") else {
        eprintln!("SKIPPED: TRACTION_TEST_POSTGRES is not set (./check sets it)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let output = traction(folder.path(), &format!("unit list --database {base}/no_such_database"));
    refused(&output, "runs, but database \"no_such_database\" does not exist");
    let host = base.rsplit_once('@').unwrap().1;
    let output =
        traction(folder.path(), &format!("unit list --database postgres://no_such_user@{host}/postgres"));
    refused(&output, "does not let this user in");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("check that it runs"));
}
