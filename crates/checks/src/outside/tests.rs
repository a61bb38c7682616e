//! A core file that reaches outside, and places that may.

use super::*;

#[track_caller]
fn check(path: &str, code: &str, n_findings: usize) {
    let findings = reaches(&Source::snippet(path, code));
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn reaching_outside_is_found_in_the_core() {
    check("crates/stats/src/table.rs", "use std::{fs::File, io::Read};", 1);
    check("crates/stats/src/table.rs", "fn read(path: &std::path::Path) {}", 1);
    check("crates/domain/src/time.rs", "std::time::SystemTime::now()", 1);
    check("crates/domain/src/time.rs", "std::env::var(\"TZ\")", 1);
}

#[test]
fn readers_numbers_tests_and_the_shell_are_free() {
    check("crates/stats/src/table.rs", "use std::{io::Read, collections::BTreeMap, time::Duration};", 0);
    check("crates/stats/src/table/tests.rs", "std::fs::read(\"a\")", 0);
    check("crates/stats/tests/reference.rs", "std::env::var(\"TRACTION_REFERENCE\")", 0);
    check("crates/app/src/world.rs", "use std::time::SystemTime;", 0);
}
