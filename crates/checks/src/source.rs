//! Rust text taken apart into code and string literals, line by line. No parser: what the rules ask for needs none.

use std::collections::BTreeSet;

use crate::tree::{self, File};

#[cfg(test)]
mod tests;

/// A Rust file, taken apart.
#[derive(Debug)]
pub struct Source {
    /// Path from the project's root.
    pub path: String,
    /// The text with comments and the contents of literals blanked; line breaks stay.
    pub code: String,
    /// String literals with the line they begin on, as written (escapes are not resolved).
    pub strings: Vec<(usize, String)>,
    /// Number of lines.
    pub n_lines: usize,
    /// Whether the file holds tests, benchmarks or examples only.
    pub kind: Kind,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// It is part of the program.
    Program,
    /// It is compiled for tests, benchmarks or examples only.
    Tests,
}

impl Source {
    /// Takes every Rust file of the project apart.
    pub fn all() -> Vec<Self> {
        Self::read(&tree::rust_files())
    }

    /// Takes files apart that belong together.
    pub fn read(files: &[File]) -> Vec<Self> {
        let mut sources: Vec<Self> = files.iter().map(Self::take_apart).collect();
        let for_tests: BTreeSet<String> = sources.iter().flat_map(modules_for_tests).collect();
        for source in sources.iter_mut().filter(|source| for_tests.contains(&source.path)) {
            source.kind = Kind::Tests;
        }
        sources
    }

    /// Takes a snippet apart, as if it lay at `path`.
    pub fn snippet(path: &str, text: &str) -> Self {
        Self::take_apart(&File::snippet(path, text))
    }

    fn take_apart(file: &File) -> Self {
        let chars = file.text.chars().collect();
        let mut reader = Reader { chars, at: 0, line: 1, code: String::new(), strings: vec![] };
        reader.run();
        let (code, strings, path) = (reader.code, reader.strings, file.path.clone());
        Self { kind: kind_by_place(&path), path, code, strings, n_lines: file.text.lines().count() }
    }
}

fn kind_by_place(path: &str) -> Kind {
    let places = ["/tests/", "/benches/", "/examples/"];
    let is_tests = path.ends_with("/tests.rs") || places.iter().any(|place| path.contains(place));
    if is_tests || path.starts_with("crates/checks/") { Kind::Tests } else { Kind::Program }
}

/// Where the modules may lie that this file declares for tests only.
fn modules_for_tests(source: &Source) -> Vec<String> {
    let stem = source.path.trim_end_matches(".rs");
    let is_root = ["/mod", "/lib", "/main"].iter().any(|root| stem.ends_with(root));
    let folder = if is_root { stem.rsplit_once('/').map_or("", |(folder, _)| folder) } else { stem };
    let declared = source.code.split("#[cfg(test)]").skip(1).filter_map(|after| {
        let (name, _) =
            after.trim_start().trim_start_matches("pub ").strip_prefix("mod ")?.split_once(';')?;
        Some(name.trim().to_owned())
    });
    declared.flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")]).collect()
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

impl Reader {
    fn run(&mut self) {
        while let Some(here) = self.peek(0) {
            match (here, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('r', Some('"' | '#')) if !self.inside_word() && self.hashes_then_quote().is_some() => {
                    self.raw_string()
                }
                ('\'', _) => self.quote(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Copies one character into the code.
    fn keep(&mut self) {
        let here = self.chars[self.at];
        self.code.push(here);
        self.line += usize::from(here == '\n');
        self.at += 1;
    }

    /// Replaces one character by a blank, and returns it.
    fn blank(&mut self) -> char {
        let here = self.chars[self.at];
        self.code.push(if here == '\n' { '\n' } else { ' ' });
        self.line += usize::from(here == '\n');
        self.at += 1;
        here
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while let Some(here) = self.peek(0) {
            match (here, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while let Some(here) = self.peek(0) {
            if here == '"' {
                self.keep();
                break;
            }
            text.push(self.blank());
            if here == '\\' && self.peek(0).is_some() {
                text.push(self.blank());
            }
        }
        self.strings.push((line, text));
    }

    /// A raw string's `r`, `br` or `cr` ends a word only if nothing but that prefix stands before it.
    fn inside_word(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.chars.get(at)).copied();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        match before(1) {
            Some('b' | 'c') => is_word(before(2)),
            other => is_word(other),
        }
    }

    /// How many `#` follow the `r`, if a quote follows them.
    fn hashes_then_quote(&self) -> Option<usize> {
        let n_hashes = (1..).take_while(|&ahead| self.peek(ahead) == Some('#')).count();
        (self.peek(1 + n_hashes) == Some('"')).then_some(n_hashes)
    }

    fn raw_string(&mut self) {
        let n_hashes = self.hashes_then_quote().unwrap_or(0);
        let line = self.line;
        for _ in 0..n_hashes + 2 {
            self.keep();
        }
        let mut text = String::new();
        while self.peek(0).is_some() {
            let ends = self.peek(0) == Some('"') && (1..=n_hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if ends {
                for _ in 0..n_hashes + 1 {
                    self.keep();
                }
                break;
            }
            text.push(self.blank());
        }
        self.strings.push((line, text));
    }

    /// A character literal is blanked; a lifetime is left as it is.
    fn quote(&mut self) {
        let literal_ends = match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => (3..12).find(|&ahead| self.peek(ahead) == Some('\'')),
            (Some(_), Some('\'')) => Some(2),
            _ => None,
        };
        self.keep();
        if let Some(ends) = literal_ends {
            for _ in 1..ends {
                self.blank();
            }
            self.keep();
        }
    }
}
