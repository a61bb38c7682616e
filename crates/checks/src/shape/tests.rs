//! Things in the wrong place, and the same in the right one.

use super::*;

#[track_caller]
fn check(path: &str, code: &str, n_findings: usize) {
    let findings = misplaced(&Source::snippet(path, code));
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

const VERBS: &str = "crates/app/src/offer/wave/verbs.rs";
const STORE: &str = "crates/app/src/offer/wave/store.rs";
const PAGES: &str = "crates/app/src/offer/wave/pages.rs";

#[test]
fn sql_is_found_outside_stores() {
    check(VERBS, r#"query("SELECT id FROM wave")"#, 1);
    check(VERBS, "query(\"\n   select id\n   from wave\")", 1);
    check(PAGES, r##"query(r#"INSERT INTO wave (id) VALUES ("a")"#)"##, 1);
    check("crates/domain/src/offer/wave.rs", r#""UPDATE wave SET slots = 4""#, 1);
    check("crates/app/src/main.rs", r#""DELETE FROM wave""#, 1);
    check("crates/app/src/main.rs", r#""CREATE TABLE wave (id TEXT)""#, 1);
    check("crates/app/src/main.rs", r#""WITH last AS (SELECT 1) SELECT * FROM last""#, 1);
    check(VERBS, "use sea_orm::ConnectionTrait;", 1);
}

#[test]
fn stores_hold_sql_and_sentences_are_not_sql() {
    check(STORE, r#"use sea_orm::Statement; query("SELECT id FROM wave")"#, 0);
    check("crates/app/src/store/journal.rs", r#"query("SELECT id FROM journal")"#, 0);
    check(PAGES, r#"p { "Select a unit from the list" } p { "update this page to see it" }"#, 0);
    check("crates/app/tests/world.rs", r#"query("SELECT id FROM wave")"#, 0);
}

#[test]
fn http_is_found_away_from_the_doors() {
    check(VERBS, "use axum::http::StatusCode;", 1);
    check("crates/domain/src/offer/wave.rs", "fn f() -> axum::Json<u8>", 1);
    check(PAGES, "use axum::extract::State;", 0);
    check("crates/app/src/web/failure.rs", "use axum::http::StatusCode;", 0);
    check("crates/app/src/routes.rs", "use axum::Router;", 0);
    check("crates/app/src/overview/home.rs", "use axum::Router;", 0);
}

#[test]
fn addresses_are_read_by_our_own_extractors() {
    check(PAGES, "use axum::extract::{Path, State};", 1);
    check(PAGES, "use axum::extract::Query;", 1);
    check(PAGES, "fn show(axum::extract::Path(id): axum::extract::Path<u8>)", 2);
    check(PAGES, "use crate::web::{Path, Query};", 0);
    check(ADDRESSES, "axum::extract::Path::<T>::from_request_parts(parts, state)", 0);
}

#[test]
fn a_reasoned_exception_holds_for_its_file_and_crate_only() {
    check("crates/app/src/trouble.rs", "use sea_orm::DbErr;", 0);
    check("crates/app/src/trouble.rs", "use axum::Json;", 1);
    check("crates/app/src/loops.rs", "use sea_orm::DbErr;", 1);
}

#[test]
fn clocks_and_dice_are_found_outside_the_world() {
    check(VERBS, "let now = jiff::Timestamp::now();", 1);
    check(PAGES, "std::time::Instant::now()", 1);
    check(STORE, "Uuid::now_v7()", 1);
    check("crates/stats/src/power.rs", "let mut dice = rand::rng();", 1);
    check("crates/app/src/world.rs", "jiff::Timestamp::now(); Uuid::now_v7()", 0);
    check(VERBS, "world.now(); // not Timestamp::now", 0);
}
