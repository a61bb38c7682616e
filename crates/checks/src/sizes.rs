//! How long a file may be, and that all but the shortest tests stand apart from what they test.

use crate::{
    finding::{Finding, assert_none},
    source::{Kind, Source},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

/// Lines of code file that one sitting can hold.
const MOST_LINES: usize = 300;

/// Lines of tests that may stand at the foot of the file they test; more belong in its `tests.rs`.
const MOST_TEST_LINES: usize = 60;

/// Files that are longer today, with the most lines each may have. This list only shrinks: a file that is mended
/// leaves it, and none is added.
const LONGER: [(&str, usize); 0] = [];

/// What a page brings along, with the most bytes each may have: speed is part of the look.
const ASSETS: [(&str, usize); 6] = [
    ("crates/app/assets/traction.css", 20 * 1024),
    ("crates/app/assets/traction.js", 3 * 1024),
    // Of one page each, or two.
    ("crates/app/assets/live.js", 2 * 1024),
    ("crates/app/assets/draw.css", 2 * 1024),
    ("crates/app/assets/verify.js", 20 * 1024),
    ("crates/app/assets/count.js", 10 * 1024),
];

#[test]
fn files_are_short_and_tests_stand_apart() {
    let files = tree::files();
    let sources = Source::all();
    let mut findings = too_long(&sources, &LONGER);
    findings.extend(sources.iter().filter_map(tests_inside));
    findings.extend(too_heavy(&files, &ASSETS));
    assert_none("A file is one thing, in at most 300 lines; split it where it is two.", &findings);
}

/// Code files longer than they may be, and exceptions that are no longer needed.
fn too_long(sources: &[Source], longer: &[(&str, usize)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.kind == Kind::Program) {
        let exception = longer.iter().find(|(path, _)| *path == source.path).map(|(_, most)| *most);
        let most = exception.unwrap_or(MOST_LINES);
        if source.n_lines > most {
            findings.push(Finding::of(&source.path, format!("{} lines; at most {most}", source.n_lines)));
        }
    }
    for (path, most) in longer {
        let now = sources.iter().find(|source| source.path == *path).map_or(0, |source| source.n_lines);
        if now < *most {
            let says =
                format!("{now} lines by now: lower its exception, or remove it at {MOST_LINES} and below");
            findings.push(Finding::of(path, says));
        }
    }
    findings
}

/// A long module of tests written inside the file it tests.
fn tests_inside(source: &Source) -> Option<Finding> {
    let (before, tests) = source.code.split_once("\nmod tests {")?;
    let n_lines = tests.lines().count();
    let line = before.lines().count() + 1;
    let says = format!("{n_lines} lines of tests; over {MOST_TEST_LINES} they stand in their own `tests.rs`");
    (n_lines > MOST_TEST_LINES).then(|| Finding::at(&source.path, line, says))
}

/// Assets heavier than they may be.
fn too_heavy(files: &[File], assets: &[(&str, usize)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, most) in assets {
        let n_bytes = files.iter().find(|file| file.path == *path).map_or(0, |file| file.text.len());
        if n_bytes > *most {
            findings.push(Finding::of(path, format!("{n_bytes} bytes; at most {most}")));
        }
    }
    findings
}
