//! The schema's steps: numbered once, and in the words that both databases share.
//! See docs/decisions/0003-moments-as-milliseconds.md for the types.

use std::collections::BTreeMap;

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

const FOLDER: &str = "crates/app/migrations/";

/// Words of one database only, or whose meaning differs, and what we write instead.
const NOT_SHARED: [(&str, &str); 12] = [
    ("BOOLEAN", "a moment that may be absent, or a word"),
    ("TIMESTAMP", "BIGINT, milliseconds UTC"),
    ("TIMESTAMPTZ", "BIGINT, milliseconds UTC"),
    ("DATETIME", "BIGINT, milliseconds UTC"),
    ("DATE", "BIGINT, or the text of a period"),
    ("INTEGER", "BIGINT: PostgreSQL's INTEGER has 32 bits"),
    ("REAL", "DOUBLE PRECISION: PostgreSQL's REAL has 32 bits"),
    ("UUID", "TEXT"),
    ("JSONB", "TEXT"),
    ("SERIAL", "an id from the world"),
    ("AUTOINCREMENT", "an id from the world"),
    ("BLOB", "TEXT in hexadecimal"),
];

#[test]
fn the_schemas_steps_are_for_both_databases() {
    let files = tree::files();
    let steps: Vec<&File> = files.iter().filter(|file| file.path.starts_with(FOLDER)).collect();
    assert!(!steps.is_empty(), "no migrations in {FOLDER}");
    let mut findings = repeated_numbers(&steps);
    findings.extend(steps.iter().flat_map(|step| words_of_one(step)));
    assert_none("A migration has its own number, and words that SQLite and PostgreSQL share.", &findings);
}

/// Steps that share their number with an earlier one.
fn repeated_numbers(steps: &[&File]) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for step in steps {
        let number = step.path.trim_start_matches(FOLDER).split('_').next().unwrap_or_default();
        if let Some(earlier) = seen.insert(number, &step.path) {
            findings.push(Finding::of(
                &step.path,
                format!("has the number of {earlier}; take the next free one"),
            ));
        }
    }
    findings
}

/// Words that only one database knows, or that they take differently.
fn words_of_one(step: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in step.text.lines().enumerate() {
        let statement = line.split("--").next().unwrap_or_default();
        for word in statement.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if let Some((_, instead)) = NOT_SHARED.iter().find(|(banned, _)| *banned == word) {
                findings.push(Finding::at(&step.path, number + 1, format!("`{word}`: write {instead}")));
            }
        }
    }
    findings
}
