//! What the words of a title stand for: things, common things, and troubles. Read once from `lexicon.txt`.
//!
//! It knows English words and cuts English endings. Words of other languages stand for themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What a word tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A thing that tells frictions apart.
    Thing,
    /// A thing that many frictions are about.
    Common,
    /// What is wrong.
    Trouble,
    /// Not in the lexicon: taken for a thing.
    Unknown,
}

/// A word of a title, as the concept it stands for, or, of an unknown one, its stem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub word: String,
    pub kind: Kind,
}

#[derive(Default)]
struct Lexicon {
    words: BTreeMap<String, Token>,
    concepts: BTreeMap<String, Token>,
    near: BTreeMap<(String, String), f64>,
    phrases: Vec<(String, String)>,
    empty: BTreeSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| read(include_str!("lexicon.txt")));

/// The telling words of a title, each once.
pub(super) fn tokens(title: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for word in with_phrases(title).split_whitespace() {
        let stem = stem(word);
        // A word as it is written says more than its stem, which another word may share.
        let token = match LEXICON.words.get(word) {
            Some(concept) => concept.clone(),
            None if LEXICON.empty.contains(word) => continue,
            None => match LEXICON.concepts.get(&stem) {
                Some(concept) => concept.clone(),
                None => Token { word: stem, kind: Kind::Unknown },
            },
        };
        if !found.contains(&token) {
            found.push(token);
        }
    }
    found
}

/// How near two troubles are, from 0 to 1.
pub(super) fn nearness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let key = if one < other { (one, other) } else { (other, one) };
    LEXICON.near.get(&(key.0.to_owned(), key.1.to_owned())).copied().unwrap_or(0.0)
}

/// The title in small letters, its words between blanks, and those that are said as several put together.
fn with_phrases(title: &str) -> String {
    let letters = title.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> =
        letters.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut text = format!(" {} ", words.join(" "));
    for (several, word) in &LEXICON.phrases {
        text = text.replace(several, word);
    }
    text
}

fn read(text: &str) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((head, words)) = line.split_once(": ") else { continue };
        let mut head = head.split(' ');
        let (kind, name) = (head.next().unwrap_or_default(), head.next().unwrap_or_default());
        let concept = |kind| Token { word: name.to_owned(), kind };
        match kind {
            "thing" => lexicon.learn(&concept(Kind::Thing), words),
            "common" => lexicon.learn(&concept(Kind::Common), words),
            "trouble" => lexicon.learn(&concept(Kind::Trouble), words),
            "near" => {
                let other = head.next().unwrap_or_default();
                lexicon
                    .near
                    .extend(words.parse().ok().map(|near| ((name.to_owned(), other.to_owned()), near)));
            }
            "phrase" => lexicon.phrases.push((format!(" {words} "), format!(" {name} "))),
            _ => lexicon.empty.extend(words.split(' ').map(str::to_owned)),
        }
    }
    lexicon
}

impl Lexicon {
    fn learn(&mut self, concept: &Token, words: &str) {
        for word in words.split(' ') {
            self.words.insert(word.to_owned(), concept.clone());
            self.concepts.entry(stem(word)).or_insert_with(|| concept.clone());
        }
    }
}

/// Endings that are cut, the longest first; what stays has three letters or more.
const ENDINGS: [(&str, &str); 9] = [
    ("ings", ""),
    ("ing", ""),
    ("edly", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("ed", ""),
    ("ly", ""),
    ("s", ""),
];

/// A word without its ending. Not a stem as grammars know it: it only has to be the same for the forms of one word.
fn stem(word: &str) -> String {
    let cut = ENDINGS.iter().find_map(|(ending, instead)| {
        let rest = word.strip_suffix(ending).filter(|rest| rest.chars().count() >= 3)?;
        Some(format!("{rest}{instead}"))
    });
    let mut letters: Vec<char> = cut.as_deref().unwrap_or(word).chars().collect();
    if letters.len() > 3 && letters.last() == Some(&'e') {
        letters.pop();
    }
    if letters.len() > 3 && letters.last() == letters.get(letters.len() - 2) {
        letters.pop();
    }
    letters.into_iter().collect()
}
