//! The functions and constants of a Rust file, with the lines they reach over. Nothing of types or modules.

use crate::source::Source;

#[cfg(test)]
mod tests;

/// A function or a constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Line on which it begins, from 1.
    pub first: usize,
    /// Line on which it ends.
    pub last: usize,
    /// Its code, without comments and the insides of literals.
    pub code: String,
}

impl Item {
    /// Whether its code names `word`.
    pub fn names(&self, word: &str) -> bool {
        self.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
    }

    /// Whether it is called on something, so that a call does not tell by its path what is called.
    pub fn is_method(&self) -> bool {
        let arguments = self.code.split_once('(').map_or("", |(_, rest)| rest);
        let first = arguments.split([',', ')', ':']).next().unwrap_or_default();
        first.split(|c: char| !c.is_alphanumeric()).any(|word| word == "self")
    }
}

/// Every function and constant, in the order in which they begin.
pub fn items(source: &Source) -> Vec<Item> {
    let chars: Vec<char> = source.code.chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let (word, after) = word_at(&chars, at);
        if word.is_empty() {
            line += usize::from(chars[at] == '\n');
            at += 1;
            continue;
        }
        let (name, _) = word_at(&chars, skip_blanks(&chars, after));
        let is_item = ["fn", "const", "static"].contains(&word.as_str()) && !name.is_empty();
        if is_item && !["fn", "unsafe", "async", "extern", "mut"].contains(&name.as_str()) {
            let end = if word == "fn" { end_of_function(&chars, after) } else { end_of_value(&chars, after) };
            let code: String = chars[at..end].iter().collect();
            found.push(Item { name, first: line, last: line + code.matches('\n').count(), code });
        }
        at = after;
    }
    found
}

/// The innermost item that reaches over `line`.
pub fn around(items: &[Item], line: usize) -> Option<&Item> {
    items.iter().rev().find(|item| item.first <= line && line <= item.last)
}

/// The word that begins at `at` (empty if none does), and the place after it.
fn word_at(chars: &[char], at: usize) -> (String, usize) {
    let is_part = |c: &&char| c.is_alphanumeric() || **c == '_';
    let word: String = chars.get(at..).unwrap_or_default().iter().take_while(is_part).collect();
    let n_chars = word.chars().count();
    (word, at + n_chars)
}

fn skip_blanks(chars: &[char], at: usize) -> usize {
    at + chars[at..].iter().take_while(|c| c.is_whitespace()).count()
}

/// The place after a function's body, or after its semicolon.
fn end_of_function(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in chars.iter().enumerate().skip(from) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return at + 1,
            '{' if depth == 0 => return end_of_block(chars, at),
            _ => {}
        }
    }
    chars.len()
}

fn end_of_block(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in chars.iter().enumerate().skip(from) {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    chars.len()
}

/// The place after a constant's semicolon.
fn end_of_value(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in chars.iter().enumerate().skip(from) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    chars.len()
}
