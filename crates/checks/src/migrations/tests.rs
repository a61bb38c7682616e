//! Steps with a number twice, or for one database only.

use super::*;

#[track_caller]
fn check(text: &str, n_findings: usize) {
    let findings = words_of_one(&File::snippet("crates/app/migrations/0001_a.sql", text));
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn words_of_one_database_are_found() {
    check("CREATE TABLE a (\n  id TEXT PRIMARY KEY, -- a UUID\n  at BIGINT NOT NULL\n);", 0);
    check("CREATE TABLE a (is_open BOOLEAN, at TIMESTAMP);", 2);
    check("CREATE TABLE a (n INTEGER);", 1);
    check("CREATE TABLE a (update_date TEXT);", 0);
}

#[test]
fn a_number_given_twice_is_found() {
    let step = |name: &str| File::snippet(&format!("{FOLDER}{name}"), "");
    let (first, second, twin) = (step("0001_a.sql"), step("0002_b.sql"), step("0001_b.sql"));
    assert_eq!(repeated_numbers(&[&first, &second]), vec![]);
    assert_eq!(repeated_numbers(&[&first, &second, &twin]).len(), 1);
}
