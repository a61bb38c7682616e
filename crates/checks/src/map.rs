//! What the documents point at exists: the map's paths, the links between pages, the numbers of decisions,
//! and each word of the glossary once. Does not judge whether what they say of it is true.

use std::collections::BTreeMap;

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

#[test]
fn every_path_on_the_map_exists() {
    let findings = lost_paths(&tree::file("ARCHITECTURE.md"), exists);
    assert_none(
        "ARCHITECTURE.md names paths from the root or from crates/; mend the map with the move.",
        &findings,
    );
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let files = tree::files();
    let documents = files.iter().filter(|file| file.path.ends_with(".md"));
    let findings: Vec<Finding> = documents.flat_map(|file| lost_links(file, exists)).collect();
    assert_none("A link in a document leads to a file of the project.", &findings);
}

#[test]
fn decisions_are_numbered_once() {
    let paths: Vec<String> = tree::files().into_iter().map(|file| file.path).collect();
    assert_none("Each decision has its own number.", &repeated_numbers(&paths));
}

#[test]
fn the_glossary_says_each_word_once() {
    assert_none("The glossary says each word once.", &repeated_words(&tree::file("docs/glossary.md")));
}

fn exists(path: &str) -> bool {
    tree::root().join(path).exists()
}

/// Backticked paths that exist neither from the root nor from `crates/`.
fn lost_paths(file: &File, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in prose(&file.text) {
        for word in line.split('`').skip(1).step_by(2).filter(|word| is_path(word)) {
            if !exists(word) && !exists(&format!("crates/{word}")) {
                findings.push(Finding::at(&file.path, number, format!("`{word}` does not exist")));
            }
        }
    }
    findings
}

/// A word with a folder, or the name of a document; neither an address, a command, a pattern, nor a kind of file.
fn is_path(word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
    let is_document = word.ends_with(".md") || word.ends_with(".toml");
    is_plain && !word.starts_with('/') && (word.contains('/') || is_document)
}

/// Links to files that are not there.
fn lost_links(file: &File, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    for (number, line) in prose(&file.text) {
        let targets =
            line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '/'])) {
            let path = target.split('#').next().unwrap_or_default();
            let from_root = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
            if !exists(&from_root) {
                findings.push(Finding::at(
                    &file.path,
                    number,
                    format!("the link to `{target}` leads nowhere"),
                ));
            }
        }
    }
    findings
}

/// The lines outside fenced blocks, numbered from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_fenced = false;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_fenced ^= is_fence;
        (!is_fenced && !is_fence).then_some((number + 1, line))
    })
}

/// Decisions that share their number with an earlier one.
fn repeated_numbers(paths: &[String]) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for path in paths {
        let Some(name) = path.strip_prefix("docs/decisions/") else { continue };
        let number = name.split('-').next().unwrap_or_default();
        let is_number = number.len() == 4 && number.chars().all(|c| c.is_ascii_digit());
        if !is_number {
            findings.push(Finding::of(path, "a decision's file is named `NNNN-in-few-words.md`"));
        } else if let Some(earlier) = seen.insert(number, path) {
            findings.push(Finding::of(path, format!("has the number of {earlier}; take the next free one")));
        }
    }
    findings
}

/// Words in the first column of the glossary's tables that stand there already.
fn repeated_words(file: &File) -> Vec<Finding> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for (number, line) in prose(&file.text) {
        let Some(row) = line.strip_prefix("| **") else { continue };
        let Some((word, _)) = row.split_once("**") else { continue };
        if let Some(earlier) = seen.insert(word.to_lowercase(), number) {
            findings.push(Finding::at(
                &file.path,
                number,
                format!("`{word}` stands in line {earlier} already"),
            ));
        }
    }
    findings
}
