//! What an SQL statement names, as far as the rules ask: its tables. No parser, and no judgement of the rest.

#[cfg(test)]
mod tests;

/// A table that a statement names.
#[derive(Debug, Clone, PartialEq)]
pub enum Table {
    /// By its name, in small letters.
    Named(String),
    /// By a name that is put together when the program runs.
    PutTogether,
}

/// Words after which a table stands.
const BEFORE: [&str; 5] = ["from", "join", "into", "update", "table"];

/// Words that may stand between those and the table.
const BETWEEN: [&str; 10] =
    ["only", "lateral", "or", "ignore", "replace", "rollback", "abort", "fail", "if", "exists"];

/// Words by which a list of tables ends, and that are no table's other name.
const AFTER: [&str; 13] = [
    "where", "on", "using", "set", "values", "select", "order", "group", "left", "inner", "cross", "join",
    "limit",
];

/// Every table in a text that is or may become a statement; sentences without such words name none.
pub fn tables(text: &str) -> Vec<Table> {
    let words = words(text);
    let mut found = Vec::new();
    for at in 0..words.len() {
        if BEFORE.contains(&words[at].as_str()) {
            named_from(&words, at, &mut found);
        }
    }
    found
}

/// Reads the tables of the list that begins after the word at `at`.
fn named_from(words: &[String], at: usize, found: &mut Vec<Table>) {
    let is_list = words[at] == "from";
    let mut at = at + 1;
    loop {
        while words.get(at).is_some_and(|word| BETWEEN.contains(&word.as_str())) {
            at += 1;
        }
        match words.get(at).map(String::as_str) {
            Some("{") => found.push(Table::PutTogether),
            Some(word) if is_name(word) => {
                // The schema's name stands before the table's.
                while words.get(at + 1).is_some_and(|next| next == ".") {
                    at += 2;
                }
                found.extend(words.get(at).map(|name| Table::Named(name.clone())));
            }
            _ => return,
        }
        at += 1;
        at += usize::from(words.get(at).is_some_and(|word| word == "as"));
        let is_other_name = |word: &String| is_name(word) && !AFTER.contains(&word.as_str());
        at += usize::from(words.get(at).is_some_and(is_other_name));
        if !is_list || words.get(at).is_none_or(|word| word != ",") {
            return;
        }
        at += 1;
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The words and marks of a text, in small letters, without the quotes that may stand around a name, a line's
/// continuation, or a comment.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut word = String::new();
        for c in line.split("--").next().unwrap_or_default().chars() {
            if c.is_alphanumeric() || c == '_' {
                word.extend(c.to_lowercase());
                continue;
            }
            if !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
            if !c.is_whitespace() && !['"', '`', '\\', '[', ']'].contains(&c) {
                found.push(c.to_string());
            }
        }
        if !word.is_empty() {
            found.push(word);
        }
    }
    found
}
