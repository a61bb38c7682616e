//! The rule of the loop in SQL: a stage's store reads and writes its own tables and those of the stages before it.
//! `overview/` reads across. Which stage a table belongs to is told by the migration that makes it.

use std::collections::BTreeMap;

use crate::{
    finding::{Finding, assert_none},
    source::Source,
    stages::{STAGES, bound_stage},
    statement::{self, Table},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

/// Words in the names of migrations that stand for a stage.
const NOUNS: [(&str, &str); 2] = [("friction", "sense"), ("idea", "sense")];

#[test]
fn no_store_touches_a_later_stages_table() {
    let files = tree::files();
    let steps = files.iter().filter(|file| file.path.starts_with("crates/app/migrations/"));
    let owners = owners(steps);
    assert!(owners.contains_key("friction"), "no tables found in the migrations");
    let findings: Vec<Finding> =
        Source::all().iter().flat_map(|source| later_tables(source, &owners)).collect();
    assert_none(
        "A store touches its own stage's tables and earlier ones; later ones arrive as arguments.",
        &findings,
    );
}

/// Each table with the place of its stage in the loop.
fn owners<'a>(steps: impl Iterator<Item = &'a File>) -> BTreeMap<String, usize> {
    let mut owners = BTreeMap::new();
    for step in steps {
        let Some(stage) = stage_of(&step.path) else { continue };
        for line in step.text.lines() {
            let Some(rest) = line.trim_start().strip_prefix("CREATE TABLE ") else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            owners.insert(name, stage);
        }
    }
    owners
}

/// The stage that a migration's name speaks of.
fn stage_of(path: &str) -> Option<usize> {
    let noun = NOUNS.iter().find(|(noun, _)| path.contains(noun)).map(|(_, stage)| *stage);
    let word = noun.or_else(|| STAGES.into_iter().find(|stage| path.contains(&format!("_{stage}"))));
    STAGES.iter().position(|stage| Some(*stage) == word)
}

/// Every statement of a stage's file that names a table of a later one.
fn later_tables(source: &Source, owners: &BTreeMap<String, usize>) -> Vec<Finding> {
    let Some(own) = bound_stage(&source.path) else { return vec![] };
    let mut findings = Vec::new();
    for (line, text) in &source.strings {
        for table in statement::tables(text) {
            let Table::Named(table) = table else { continue };
            if let Some(owner) = owners.get(&table).filter(|owner| **owner > own) {
                let says =
                    format!("`{}` touches `{table}`, of the later stage `{}`", STAGES[own], STAGES[*owner]);
                findings.push(Finding::at(&source.path, *line, says));
            }
        }
    }
    findings
}
