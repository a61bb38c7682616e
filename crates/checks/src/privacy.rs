//! Nobody learns about one person what is his own: use, pulses, commitments, check-ins, reviews, "me too", comings and
//! goings.
//!
//! The tables whose rows are about one person each are a list. SQL that names one stands only in functions that were
//! reviewed, each with the reason why it tells nobody about somebody else; and only reviewed places call those. What
//! the pages then really show is told by the story `crates/app/tests/privacy.rs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::{Finding, assert_none},
    items::{self, Item},
    paths,
    source::{Kind, Source},
    statement::{self, Table},
    tree::{self, File},
};
use reviewed::{REVIEWED, Reviewed};
use tables::{NOT_ABOUT_A_PERSON, PERSONAL};

mod reviewed;
mod tables;
#[cfg(test)]
mod tests;

const APP: &str = "crates/app/src/";

/// The database as a whole, every table by whatever name.
const WHOLE: &str = "crates/app/src/store/whole/";

/// Who may use it: commands for whoever can read the database's file.
const KEEPER: &str = "crates/app/src/keeping/";

const MIGRATIONS: &str = "crates/app/migrations/";

#[test]
fn rows_about_one_person_are_reached_by_reviewed_functions_and_callers_only() {
    let sources: Vec<Source> = Source::all()
        .into_iter()
        .filter(|source| source.path.starts_with(APP) && source.kind == Kind::Program)
        .collect();
    let personal: Vec<&str> = PERSONAL.iter().map(|(table, _)| *table).collect();
    let reached = reached(&sources, &personal);
    let mut findings = unreviewed(&reached, REVIEWED);
    findings.extend(callers(&sources, REVIEWED));
    findings.extend(put_together(&sources));
    assert_none(
        "Rows about one person are reached only by functions on the list crates/checks/src/privacy/reviewed.rs.",
        &findings,
    );
}

#[test]
fn every_table_about_a_person_is_known_as_one() {
    let files = tree::files();
    let steps: Vec<&File> = files.iter().filter(|file| file.path.starts_with(MIGRATIONS)).collect();
    assert_none(
        "crates/checks/src/privacy/tables.rs says of each table with people in it whether its rows are about one.",
        &unclassified(&steps, PERSONAL, NOT_ABOUT_A_PERSON),
    );
}

/// A function or constant that names personal tables, itself or by a constant.
#[derive(Debug, PartialEq)]
struct Reached {
    path: String,
    item: String,
    line: usize,
    tables: BTreeSet<String>,
    is_method: bool,
}

/// Every item in whose SQL a personal table stands. A constant counts for every function of its file that names it.
fn reached(sources: &[Source], personal: &[&str]) -> Vec<Reached> {
    sources.iter().flat_map(|source| reached_in(source, personal)).collect()
}

fn reached_in(source: &Source, personal: &[&str]) -> Vec<Reached> {
    let items = items::items(source);
    let mut found: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    for (line, text) in &source.strings {
        let item = items::around(&items, *line);
        let key = item.map_or((*line, "outside".to_owned()), |item| (item.first, item.name.clone()));
        for table in statement::tables(text) {
            if let Table::Named(table) = table
                && personal.contains(&table.as_str())
            {
                found.entry(key.clone()).or_default().insert(table);
            }
        }
    }
    // Constants may be made of constants.
    loop {
        let n_before: usize = found.values().map(BTreeSet::len).sum();
        for item in &items {
            let used = found.iter().filter(|((_, name), _)| is_constant(name) && names(source, item, name));
            let tables: BTreeSet<String> = used.flat_map(|(_, tables)| tables.clone()).collect();
            if !tables.is_empty() {
                found.entry((item.first, item.name.clone())).or_default().extend(tables);
            }
        }
        if found.values().map(BTreeSet::len).sum::<usize>() == n_before {
            break;
        }
    }
    let is_method =
        |name: &str, line: usize| items.iter().any(|i| i.name == name && i.first == line && i.is_method());
    let reached = |((line, item), tables): ((usize, String), BTreeSet<String>)| Reached {
        is_method: is_method(&item, line),
        path: source.path.clone(),
        item,
        line,
        tables,
    };
    found.into_iter().map(reached).collect()
}

/// Whether an item names a constant, in its code or in a text that is filled in.
fn names(source: &Source, item: &Item, constant: &str) -> bool {
    let within = source.strings.iter().filter(|(line, _)| (item.first..=item.last).contains(line));
    let filled_in = |text: &str| text.contains(&format!("{{{constant}}}"));
    item.name != constant && (item.names(constant) || within.into_iter().any(|(_, text)| filled_in(text)))
}

fn is_constant(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}

/// Items that nobody reviewed, methods (whose calls no path tells), and reviews of what is gone.
fn unreviewed(reached: &[Reached], reviewed: &[Reviewed]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in reached {
        let tables = one.tables.iter().cloned().collect::<Vec<_>>().join("`, `");
        if one.is_method {
            let says = format!(
                "`{}` reaches `{tables}` as a method; make it a function, so that its callers can be told",
                one.item
            );
            findings.push(Finding::at(&one.path, one.line, says));
        }
        if !reviewed.iter().any(|line| line.is_of(&one.path, &one.item)) {
            let says = format!(
                "`{}` reaches `{tables}`, whose rows are about one person each. Read figures of five people or more, \
                 or the asker's own rows; then add it to REVIEWED, with the reason why it tells nobody about \
                 somebody else, and who calls it",
                one.item
            );
            findings.push(Finding::at(&one.path, one.line, says));
        }
    }
    for line in reviewed {
        if !reached.iter().any(|one| line.is_of(&one.path, &one.item)) {
            let says = format!("`{}` is reviewed but reaches no personal row: remove its line", line.item);
            findings.push(Finding::of(&format!("{APP}{}", line.store), says));
        }
    }
    findings
}

/// Places that name a reviewed function and are not on its line, and those on its line that do not name it.
fn callers(sources: &[Source], reviewed: &[Reviewed]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
    for source in sources {
        let Some(inside) = source.path.strip_prefix(APP) else { continue };
        for named in paths::spelt_out(&source.path, &source.code) {
            let path = named.segments.join("::");
            for (at, line) in reviewed.iter().enumerate().filter(|(_, line)| line.store != inside) {
                let module = format!("crate::{}", line.module());
                let is_all = named.known_as.as_deref() == Some("*") && path == module;
                if path != format!("{module}::{}", line.item) && !is_all {
                    continue;
                }
                match line.callers.iter().find(|caller| **caller == inside) {
                    Some(caller) if !is_all => {
                        seen.insert((at, caller));
                    }
                    _ => findings.push(Finding::at(&source.path, named.line, told(line))),
                }
            }
        }
    }
    for (at, line) in reviewed.iter().enumerate() {
        for caller in line.callers.iter().filter(|caller| !seen.contains(&(at, **caller))) {
            let says = format!("is on the line of `{}` and does not call it: remove it there", line.item);
            findings.push(Finding::of(&format!("{APP}{caller}"), says));
        }
    }
    findings
}

fn told(line: &Reviewed) -> String {
    format!(
        "calls `{}` of {}, which reaches rows about one person each (reviewed as: {}). See that nobody but himself \
         learns of them here, then add this file to that function's callers",
        line.item, line.store, line.why
    )
}

/// Statements whose table is told only when the program runs, so that no reader could say whose rows they are; and those
/// who take the database as a whole and are not the commands of whoever has the database anyway.
fn put_together(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        if source.path.starts_with(WHOLE) || source.path.starts_with(KEEPER) {
            continue;
        }
        for named in paths::paths(&source.path, &source.code) {
            if named.segments.windows(2).any(|two| two == ["store", "whole"]) {
                let says = "takes every row of every table: only `keeping/` may, whose doors are commands";
                findings.push(Finding::at(&source.path, named.line, says));
            }
        }
        if !source.path.contains("store") {
            continue;
        }
        for (line, text) in &source.strings {
            if statement::tables(text).contains(&Table::PutTogether) {
                findings.push(Finding::at(&source.path, *line, "write the table's name into the statement"));
            }
        }
    }
    findings
}

/// Tables with somebody in them that are on neither list, views and triggers over personal ones, and lines of the
/// lists that no table has.
fn unclassified(steps: &[&File], personal: &[(&str, &str)], others: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut made: BTreeSet<String> = BTreeSet::new();
    let is_personal = |table: &str| personal.iter().any(|(name, _)| *name == table);
    let is_known = |table: &str| is_personal(table) || others.iter().any(|(name, _)| *name == table);
    for step in steps {
        let text: String = step
            .text
            .lines()
            .map(|line| format!("{}\n", line.split("--").next().unwrap_or_default()))
            .collect();
        for statement in text.split(';') {
            let statement = statement.trim();
            let words: Vec<String> = statement
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            let [first, second, name, columns @ ..] = words.as_slice() else { continue };
            if first == "create" && second == "table" {
                made.insert(name.clone());
                let has_somebody = columns.iter().any(|word| word == "person_id" || word == "subject");
                let hangs_on = |pair: &[String]| pair[0] == "references" && is_personal(&pair[1]);
                if (has_somebody || columns.windows(2).any(hangs_on)) && !is_known(name) {
                    let says = format!(
                        "`{name}` holds somebody: say in PERSONAL that its rows are about one person, or in \
                         NOT_ABOUT_A_PERSON why they are not"
                    );
                    findings.push(Finding::of(&step.path, says));
                }
            } else if ["view", "trigger"].iter().any(|word| second == word || name == word)
                && words.iter().any(|word| is_personal(word))
            {
                findings.push(Finding::of(
                    &step.path,
                    "a view or trigger hides whose rows it reads; write a query",
                ));
            }
        }
    }
    for (name, _) in personal.iter().chain(others).filter(|(name, _)| !made.contains(*name)) {
        findings.push(Finding::of(MIGRATIONS, format!("no step makes `{name}`: remove its line")));
    }
    findings
}
