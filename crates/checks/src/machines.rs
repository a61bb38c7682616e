//! The project speaks of itself: no path of somebody's machine in any of its files.
//! Not about people: see `privacy.rs`.

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

/// Folders that only somebody's own machine has; written in two parts so that this file does not name them.
const OWN_FOLDERS: [(&str, &str); 4] = [("/ro", "ot/"), ("/ho", "me/"), ("/wo", "rk/"), ("/Use", "rs/")];

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let findings: Vec<Finding> = tree::files().iter().flat_map(own_paths).collect();
    assert_none(
        "The project's files name no path of one machine; use one relative to the project.",
        &findings,
    );
}

/// Every line that names such a folder at the front of a path.
fn own_paths(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        for (first, second) in OWN_FOLDERS {
            let folder = format!("{first}{second}");
            if begins_path(line, &folder) {
                findings.push(Finding::at(&file.path, number + 1, format!("names `{folder}`")));
            }
        }
    }
    findings
}

/// Whether `folder` stands somewhere in `line` at the front of a path, not in the midst of one.
fn begins_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._~-)}".contains(c))
    })
}
