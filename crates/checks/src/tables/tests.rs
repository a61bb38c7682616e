//! Stores that reach for what a later stage keeps.

use super::*;

#[track_caller]
fn check(path: &str, statement: &str, n_findings: usize) {
    let steps = [
        File::snippet("crates/app/migrations/0002_friction.sql", "CREATE TABLE friction (id TEXT);"),
        File::snippet("crates/app/migrations/0003_offer.sql", "CREATE TABLE wave (id TEXT);"),
        File::snippet(
            "crates/app/migrations/0005_grant.sql",
            "CREATE TABLE slot (id TEXT);\nCREATE INDEX a ON b (c);",
        ),
    ];
    let source = Source::snippet(path, &format!("sql.all(\"{statement}\", vec![])"));
    let findings = later_tables(&source, &owners(steps.iter()));
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn a_later_stages_table_is_found() {
    let store = "crates/app/src/offer/wave/store.rs";
    check(store, "SELECT w.id FROM wave w JOIN slot s ON s.wave_id = w.id", 1);
    check(store, "DELETE FROM slot", 1);
    check(store, "INSERT INTO slot (id) VALUES ($1)", 1);
    check("crates/app/src/sense/friction/store.rs", "SELECT id FROM wave, slot", 2);
}

#[test]
fn own_and_earlier_tables_and_overviews_are_allowed() {
    check("crates/app/src/offer/wave/store.rs", "SELECT slot FROM wave JOIN friction f ON f.id = wave.id", 0);
    check("crates/app/src/overview/store.rs", "SELECT id FROM slot", 0);
    check("crates/app/src/grant/slot/store.rs", "SELECT id FROM slot JOIN wave w ON w.id = slot.wave_id", 0);
}
