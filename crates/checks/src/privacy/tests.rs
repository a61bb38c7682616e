//! Queries and callers that would tell about somebody, and tables that nobody classified.

use super::*;

const STORE: &str = "crates/app/src/cycle/note/store.rs";
const LINE: Reviewed =
    Reviewed { store: "cycle/note/store.rs", item: "of", callers: &["cycle/note/pages.rs"], why: "his own" };

fn source(path: &str, code: &str) -> Source {
    Source::snippet(path, code)
}

#[track_caller]
fn check(code: &str, reviewed: &[Reviewed], expect: &[&str]) {
    let found = unreviewed(&reached(&[source(STORE, code)], &["check_in"]), reviewed);
    let found: Vec<&str> = found.iter().map(|f| f.says.split('`').nth(1).unwrap_or_default()).collect();
    assert_eq!(found, expect);
}

#[test]
fn a_query_of_personal_rows_must_be_reviewed() {
    let reads = "pub async fn of() { sql.all(\"SELECT a FROM b JOIN check_in c\") }";
    check(reads, &[], &["of"]);
    check(reads, &[LINE], &[]);
    check("pub async fn of() { sql.all(\"SELECT check_in FROM b\") }", &[], &[]);
}

#[test]
fn a_constant_counts_for_whoever_uses_it() {
    let code = "const ALL: &str = \"SELECT a FROM check_in\";\nfn of() { sql(&format!(\"{} x\", ALL)) }\nfn other() {}";
    check(code, &[], &["ALL", "of"]);
    let code = "const A: &str = \"SELECT a FROM check_in\";\nconst B: &str = concat!(A, \"\");\nfn c() { B }";
    check(code, &[], &["A", "B", "c"]);
    let code = "const ALL: &str = \"SELECT a FROM check_in\";\nfn of() { format!(\"{ALL} WHERE 1\") }";
    check(code, &[], &["ALL", "of"]);
}

#[test]
fn a_method_is_refused_and_an_idle_review_too() {
    check("impl A { fn of(&self) { sql(\"DELETE FROM check_in\") } }", &[LINE], &["of"]);
    check("fn of() {}", &[LINE], &["of"]);
}

#[track_caller]
fn check_callers(path: &str, code: &str, n_findings: usize) {
    let pages =
        source("crates/app/src/cycle/note/pages.rs", "use crate::cycle::note::store; fn a() { store::of() }");
    let found = callers(&[pages, source(path, code)], &[LINE]);
    assert_eq!(found.len(), n_findings, "{found:?}");
}

#[test]
fn only_reviewed_callers_reach_a_reviewed_function() {
    let elsewhere = "crates/app/src/publish/board/api.rs";
    check_callers(elsewhere, "use crate::cycle::note; fn b() { note::store::of() }", 1);
    check_callers(elsewhere, "use crate::cycle::note::store as rows; fn b() { rows::of() }", 1);
    check_callers(elsewhere, "use crate::cycle::note::store::of;", 1);
    check_callers(elsewhere, "use crate::cycle::note::store::*;", 1);
    check_callers("crates/app/src/cycle/note/mod.rs", "pub use store::of;", 1);
    check_callers(elsewhere, "use crate::cycle::note::store; fn b() { store::other() }", 0);
    check_callers(elsewhere, "use crate::cycle::plan::store; fn b() { store::of() }", 0);
}

#[test]
fn a_caller_that_calls_no_longer_leaves_the_list() {
    assert_eq!(callers(&[], &[LINE]).len(), 1);
}

#[test]
fn a_table_that_is_not_written_into_its_statement_is_found() {
    let one = |code: &str| put_together(&[source(STORE, code)]).len();
    let page = |path: &str| put_together(&[source(path, "use crate::store::whole::paste;")]).len();
    assert_eq!((page("crates/app/src/overview/export.rs"), page("crates/app/src/keeping/verbs.rs")), (1, 0));
    assert_eq!(one("fn a() { format!(\"SELECT b FROM {table}\") }"), 1);
    assert_eq!(one("fn a() { format!(\"SELECT b FROM c {filter}\") }"), 0);
}

#[track_caller]
fn check_table(step: &str, n_findings: usize) {
    let step = format!("CREATE TABLE check_in (person_id TEXT);\n{step}");
    let step = File::snippet("crates/app/migrations/0001_a.sql", &step);
    let found = unclassified(&[&step], &[("check_in", "")], &[]);
    assert_eq!(found.len(), n_findings, "{found:?}");
}

#[test]
fn a_table_with_somebody_in_it_is_on_one_of_the_lists() {
    check_table("CREATE TABLE a (b TEXT, person_id TEXT REFERENCES person (id));", 1);
    check_table("CREATE TABLE a (subject TEXT);", 1);
    check_table("CREATE TABLE a (check_in_id TEXT REFERENCES check_in (id));", 1);
    check_table("CREATE TABLE a (b TEXT); -- no person_id\nCREATE INDEX c ON a (person_id);", 0);
    check_table("CREATE VIEW a AS SELECT b FROM check_in;", 1);
    check_table("CREATE TEMPORARY VIEW a AS SELECT b FROM check_in;", 1);
}

#[test]
fn a_line_of_a_table_that_is_gone_is_found() {
    assert_eq!(unclassified(&[], &[("check_in", "")], &[]).len(), 1);
}
