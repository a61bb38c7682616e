//! What is allowed where: SQL in stores, HTTP at the doors, the clock and the dice in the world, addresses read by our
//! own extractors.

use crate::{
    finding::{Finding, assert_none},
    paths,
    source::{Kind, Source},
};

#[cfg(test)]
mod tests;

/// Calls that read a clock.
const CLOCKS: [&str; 5] = ["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now", "Utc::now"];

/// Calls that throw a die nobody handed over.
const DICE: [&str; 8] = [
    "Uuid::new_v4",
    "Uuid::now_v7",
    "rand::rng",
    "rand::random",
    "rand::thread_rng",
    "getrandom::fill",
    "rngs::OsRng",
    "rngs::SysRng",
];

/// What reads an address in the framework's words.
const EXTRACTORS: [&str; 2] = ["axum::extract::Path", "axum::extract::Query"];

/// The one file that puts ours in their place.
const ADDRESSES: &str = "crates/app/src/web/address.rs";

/// Files that may name a crate out of its place, and why. No line is added for comfort.
const REASONED: [(&str, &str, &str); 2] = [
    ("crates/app/src/trouble.rs", "sea_orm", "the database's accidents become ours in one place"),
    (
        "crates/app/src/web/failure.rs",
        "getrandom",
        "an accident's id in the log, even where there is no world yet",
    ),
];

#[test]
fn each_thing_is_where_it_belongs() {
    let findings: Vec<Finding> = Source::all().iter().flat_map(misplaced).collect();
    assert_none("SQL belongs in stores, HTTP at the doors, clock and dice in the world.", &findings);
}

/// Every thing in this file that belongs elsewhere.
fn misplaced(source: &Source) -> Vec<Finding> {
    if source.kind == Kind::Tests || !source.path.contains("/src/") {
        return vec![];
    }
    let mut findings = Vec::new();
    if !is_store(&source.path) {
        findings.extend(sql(source));
        findings.extend(names(source, &["sea_orm", "sqlx"], "the database belongs in a `store.rs`"));
    }
    if !is_door(&source.path) {
        findings.extend(names(
            source,
            &["axum"],
            "HTTP belongs in `pages.rs`, `api.rs`, `routes.rs` or `web/`",
        ));
    }
    if source.path != ADDRESSES {
        let says =
            "addresses that cannot be read are answered in our words: take `web::Path` and `web::Query`";
        findings.extend(calls(source, &EXTRACTORS, says));
    }
    if source.path != "crates/app/src/world.rs" {
        findings.extend(calls(source, &CLOCKS, "time is an argument: ask the world"));
        findings.extend(calls(source, &DICE, "chance is an argument: ask the world"));
    }
    findings
}

/// What is said to databases of others, so that they hold a query to reading: they have no store here.
const HELD: &str = "crates/warehouse/src/adbc/held.rs";

/// A `store.rs`, a folder `store/`, or the shell's own `store/`.
fn is_store(path: &str) -> bool {
    path == HELD || path.strip_prefix("crates/app/src/").is_some_and(|inside| has_part(inside, &["store"]))
}

/// A door for people or programs, a page across stages, the page of URLs, the socket, or the ground they stand on.
fn is_door(path: &str) -> bool {
    let doors = ["pages", "api", "overview", "routes", "serve", "web"];
    path.strip_prefix("crates/app/src/").is_some_and(|inside| has_part(inside, &doors))
}

fn is_reasoned(source: &Source, name: &str) -> bool {
    REASONED.iter().any(|(path, named, _)| *path == source.path && *named == name)
}

fn has_part(inside: &str, words: &[&str]) -> bool {
    inside.split('/').any(|part| words.contains(&part.trim_end_matches(".rs")))
}

fn sql(source: &Source) -> Vec<Finding> {
    let found = source.strings.iter().filter(|(_, text)| is_sql(text));
    found.map(|(line, _)| Finding::at(&source.path, *line, "SQL belongs in a `store.rs`")).collect()
}

/// Whether a string literal is a statement. A statement begins with its verb in one case throughout, so that
/// sentences for people ("Select a unit from the list") are not taken for one.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\\').filter(|w| !w.is_empty()).collect();
    let Some(first) = words.first() else { return false };
    let has = |word: &str| words.contains(&word) || words.contains(&word.to_lowercase().as_str());
    let second_is =
        |word: &str| words.get(1).is_some_and(|second| *second == word || *second == word.to_lowercase());
    match *first {
        "SELECT" | "select" => has("FROM"),
        "WITH" | "with" => has("SELECT"),
        "INSERT" | "insert" => second_is("INTO") || second_is("OR"),
        "UPDATE" | "update" => has("SET"),
        "DELETE" | "delete" => second_is("FROM"),
        "CREATE" | "ALTER" | "DROP" | "create" | "alter" | "drop" => {
            second_is("TABLE") || second_is("INDEX") || second_is("UNIQUE")
        }
        "PRAGMA" => true,
        _ => false,
    }
}

fn names(source: &Source, crates: &[&str], says: &str) -> Vec<Finding> {
    let is_misplaced = |name: &str| crates.contains(&name) && !is_reasoned(source, name);
    let paths = paths::paths(&source.path, &source.code);
    let found = paths.into_iter().filter(|named| is_misplaced(&named.segments[0]));
    found
        .map(|named| Finding::at(&source.path, named.line, format!("`{}`: {says}", named.segments[0])))
        .collect()
}

fn calls(source: &Source, banned: &[&str], says: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for named in paths::paths(&source.path, &source.code) {
        let path = named.segments.join("::");
        let is_banned = banned.iter().any(|call| path == *call || path.ends_with(&format!("::{call}")));
        if is_banned && !is_reasoned(source, &named.segments[0]) {
            findings.push(Finding::at(&source.path, named.line, format!("`{path}`: {says}")));
        }
    }
    findings
}
