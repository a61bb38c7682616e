//! The paths a Rust file names: those of its `use` trees, spread out, and those written in place.
//! Macros' insides count like code; nothing is resolved beyond `super` and `self`.

use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// A path such as `crate::contend::draw`, where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Line, from 1.
    pub line: usize,
    /// Its segments, from the crate's name or `crate` if the path says so; never `super` or `self`.
    pub segments: Vec<String>,
    /// The word by which a `use` makes it known in this file, `*` for all of it; `None` if it is written in place.
    pub known_as: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    line: usize,
    text: String,
}

impl Token {
    fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Every path in `code` (comments and literals already blanked) of the file at `path`.
pub fn paths(path: &str, code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_use = tokens[at].text == "use" && tokens.get(at + 1).is_some_and(|next| next.text != "<");
        if is_use {
            at = use_tree(&tokens, at + 1, &[], &mut found);
        } else if tokens[at].is_word() {
            let mut segments = vec![tokens[at].text.clone()];
            let line = tokens[at].line;
            at += 1;
            while at + 1 < tokens.len() && tokens[at].text == "::" && tokens[at + 1].is_word() {
                segments.push(tokens[at + 1].text.clone());
                at += 2;
            }
            found.push(Named { line, segments, known_as: None });
        } else {
            at += 1;
        }
    }
    let module = module_of(path);
    found.into_iter().map(|named| Named { segments: absolute(&module, named.segments), ..named }).collect()
}

/// As [`paths`], each spelt out from the crate's root as far as the file's own `use` trees and its place tell.
pub fn spelt_out(path: &str, code: &str) -> Vec<Named> {
    let named = paths(path, code);
    let mut brought: BTreeMap<&str, &[String]> = BTreeMap::new();
    for named in &named {
        if let Some(word) = &named.known_as {
            brought.insert(word, &named.segments);
        }
    }
    let module = module_of(path);
    let spelt = |named: &Named| {
        let first = named.segments[0].as_str();
        let is_whole = first == "crate" || named.segments.len() == 1 && !brought.contains_key(first);
        let mut segments = match brought.get(first) {
            _ if is_whole => named.segments.clone(),
            Some(stem) if named.known_as.is_none() => [stem, &named.segments[1..]].concat(),
            // A child module, or another crate, which then is no module here.
            _ => [&["crate".to_owned()], &module[..], &named.segments[..]].concat(),
        };
        segments.retain(|segment| segment != "self");
        Named { segments, ..named.clone() }
    };
    named.iter().map(spelt).collect()
}

/// The module a file is, from its crate's root: `domain/src/contend/draw.rs` is `contend`, `draw`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let inside = inside.trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// `super` and `self` at the front replaced by what they mean in `module`.
fn absolute(module: &[String], segments: Vec<String>) -> Vec<String> {
    if !["super", "self"].contains(&segments[0].as_str()) {
        return segments;
    }
    let n_up = segments.iter().filter(|segment| *segment == "super").count();
    let kept = &module[..module.len().saturating_sub(n_up)];
    let rest = segments.into_iter().filter(|segment| segment != "super" && segment != "self");
    std::iter::once("crate".to_owned()).chain(kept.iter().cloned()).chain(rest).collect()
}

/// Reads one branch of a `use` tree from `at`; returns the place after it.
fn use_tree(tokens: &[Token], mut at: usize, stem: &[String], found: &mut Vec<Named>) -> usize {
    let mut segments = stem.to_vec();
    let mut known_as = None;
    let line = tokens.get(at).map_or(0, |token| token.line);
    while at < tokens.len() {
        let token = &tokens[at];
        match token.text.as_str() {
            "::" => at += 1,
            "as" => {
                known_as = tokens.get(at + 1).map(|word| word.text.clone());
                at += 2;
            }
            "{" => {
                at += 1;
                while at < tokens.len() && tokens[at].text != "}" {
                    at = use_tree(tokens, at, &segments, found);
                    at += usize::from(tokens.get(at).is_some_and(|next| next.text == ","));
                }
                return at + 1;
            }
            _ if token.is_word() => {
                segments.push(token.text.clone());
                at += 1;
            }
            "*" => {
                known_as = Some("*".to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    if !segments.is_empty() {
        let last = segments.iter().rev().find(|segment| *segment != "self").cloned();
        found.push(Named { line, segments, known_as: known_as.or(last) });
    }
    // A mark that no tree holds must not stop the reader for ever.
    let stuck = tokens.get(at).is_some_and(|token| ![",", "}", ";"].contains(&token.text.as_str()));
    at + usize::from(stuck)
}

fn tokens(code: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for (number, text) in code.lines().enumerate() {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            let begins = at;
            if chars[at].is_alphanumeric() || chars[at] == '_' {
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
            } else if chars[at] == ':' && chars.get(at + 1) == Some(&':') {
                at += 2;
            } else {
                at += 1;
            }
            let text: String = chars[begins..at].iter().collect();
            if !text.trim().is_empty() {
                found.push(Token { line: number + 1, text });
            }
        }
    }
    found
}
