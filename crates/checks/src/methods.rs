//! Each method's page says what a reader needs before believing a number: question, assumption, formula, source, what can
//! mislead, and who should not use it. Does not judge whether it says it well.

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

/// What each page has, as it begins a paragraph in bold or a heading.
const PARTS: [&str; 6] =
    ["Question", "Assumption", "Formula", "Source", "What can mislead", "Who should not use it"];

/// What all of them take, in seconds.
const NO_METHOD: &str = "docs/methods/speed.md";

#[test]
fn every_method_page_has_its_six_parts() {
    let files = tree::files();
    let is_method = |file: &&File| {
        file.path.starts_with("docs/methods/") && file.path.ends_with(".md") && file.path != NO_METHOD
    };
    let pages = files.iter().filter(is_method);
    let findings: Vec<Finding> = pages.flat_map(lacking).collect();
    assert_none("A page in docs/methods has all six parts, in bold or as a heading.", &findings);
}

fn lacking(file: &File) -> Vec<Finding> {
    let begins = |part: &str| {
        file.text.lines().any(|line| {
            ["**", "## "]
                .iter()
                .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.starts_with(part)))
        })
    };
    let missing = PARTS.iter().filter(|part| !begins(part));
    missing.map(|part| Finding::at(&file.path, 1, format!("says nothing under `{part}`"))).collect()
}

#[test]
fn a_page_without_a_part_is_named() {
    let page = |text: &str| File { path: "docs/methods/x.md".to_owned(), text: text.to_owned() };
    let whole = "**Question.** a\n**Assumption: b.** c\n## Formula\n**Sources.** d\n**What can mislead.** e\n## Who should not use it\n";
    assert!(lacking(&page(whole)).is_empty());
    let without = whole.replace("**Sources.**", "Sources:");
    assert_eq!(lacking(&page(&without)).len(), 1);
}
