//! The core (`stats` and `domain`) touches no clock, disk, socket or die.
//! What the core may depend on is in `dependencies`.

use crate::{
    finding::{Finding, assert_none},
    paths,
    source::{Kind, Source},
};

#[cfg(test)]
mod tests;

/// Parts of the standard library that reach outside the program.
const OUTSIDE: [&str; 7] = ["fs", "net", "path", "process", "env", "time", "thread"];

#[test]
fn the_core_reaches_nothing_outside_itself() {
    let findings: Vec<Finding> = Source::all().iter().flat_map(reaches).collect();
    assert_none("The core takes time, chance and text as arguments.", &findings);
}

/// Every place where a file of the core uses a part of the standard library that reaches outside.
fn reaches(source: &Source) -> Vec<Finding> {
    let in_core =
        ["crates/stats/src/", "crates/domain/src/"].iter().any(|root| source.path.starts_with(root));
    if !in_core || source.kind == Kind::Tests {
        return vec![];
    }
    let mut findings = Vec::new();
    for named in paths::paths(&source.path, &source.code) {
        let [root, module, ..] = named.segments.as_slice() else { continue };
        // A length of time is a number; only reading a clock is an accident.
        let is_number = named.segments.get(2).is_some_and(|item| module == "time" && item == "Duration");
        if root == "std" && OUTSIDE.contains(&module.as_str()) && !is_number {
            findings.push(Finding::at(&source.path, named.line, format!("`std::{module}` in the core")));
        }
    }
    findings
}
