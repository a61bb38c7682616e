//! One place that breaks a rule, and what to do about it. Does not decide what a rule is.

use std::fmt;

/// A place in the project that breaks a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// File, relative to the project's root.
    pub path: String,
    /// Line, from 1; `None` if the finding is about the whole file.
    pub line: Option<usize>,
    /// What is wrong, and where it belongs instead.
    pub says: String,
}

impl Finding {
    /// A finding at a line.
    pub fn at(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), says: says.into() }
    }

    /// A finding about a whole file.
    pub fn of(path: &str, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.path, self.says),
            None => write!(out, "{}: {}", self.path, self.says),
        }
    }
}

/// Fails the test that asks, listing every finding.
#[track_caller]
pub fn assert_none(rule: &str, findings: &[Finding]) {
    let list: Vec<String> = findings.iter().map(|finding| format!("  {finding}")).collect();
    assert!(findings.is_empty(), "{rule}\n{}", list.join("\n"));
}
