//! How alike two titles are: to show similar frictions while somebody types, and those that may be one, to whoever merges.
//!
//! It reads words, not meanings: two troubles of the same thing are kept apart by a lexicon of what front lines say, and what
//! people merged here is known to be said in both ways. It decides nothing; people merge.

use crate::sense::friction::lexicon::{Kind, Token, nearness, tokens};

/// Titles at least this alike are shown as similar. Chosen on one half of the labelled pairs beside this file; a test
/// measures it on the other.
pub const ALIKE: f64 = 0.43;

/// How much a thing counts that the lexicon does not know, where a known one counts 1.
const UNKNOWN: f64 = 0.55;

/// How much a common thing counts, which is about everything: people, rooms, days.
const COMMON: f64 = 0.2;

/// How alike the troubles are where only one title names one, and where neither does.
const UNNAMED: (f64, f64) = (0.4, 0.55);

/// How much is taken off where each title names a thing that the other one has not.
const OTHER_THINGS: f64 = 0.25;

/// Words of which fewer letters agree are other words.
const SAME_LETTERS: f64 = 0.55;

/// How alike a word is to a longer one that begins or ends with it: *Drucker* and *Etikettendrucker*.
const WITHIN: f64 = 0.8;

/// Letters that a word has at least which is looked for within another.
const LEAST_WITHIN: usize = 5;

/// A title at least this alike to one that was merged is taken for it, and what it was merged with counts as its own words.
const MERGED: f64 = 0.7;

/// A title, its words read.
#[derive(Clone, Debug)]
pub struct Title {
    tokens: Vec<Token>,
}

impl Title {
    /// Reads a title.
    pub fn of(title: &str) -> Title {
        Title { tokens: tokens(title) }
    }

    /// How alike it is to another, from 0 (nothing in common) to 1 (the same words in any order).
    ///
    /// The square root of two shares: of the *things* that both titles name (soft Dice: each word with the likest of the
    /// other title, weighed by how telling it is), and of the *troubles* (late, missing, broken …, by the lexicon). Less where
    /// each names a telling thing that the other one has not: "meetings start late" is not "deliveries start late".
    ///
    /// Source: Dice (1945), Ecology 26(3), 297-302, for the shares; words that the lexicon does not know are compared by
    /// their pieces of three letters, so that a slip of the pen does little, and a compound is like its parts. Misleads on one
    /// or two words, and in a language without a lexicon, of which it compares letters only.
    pub fn likeness(&self, other: &Title) -> f64 {
        let (things, alone) = shared_things(&self.tokens, &other.tokens);
        let penalty = 1.0 - OTHER_THINGS * alone;
        (things * shared_troubles(&self.tokens, &other.tokens)).sqrt() * penalty
    }
}

/// How alike two titles are: see [`Title::likeness`].
pub fn likeness(one: &str, other: &str) -> f64 {
    Title::of(one).likeness(&Title::of(other))
}

/// A line that somebody types, and in which other words the organisation is known to say the same: those of the titles that
/// were merged with one much like it.
#[derive(Clone, Debug)]
pub struct Typed {
    line: Title,
    /// Other words for it, and how sure that is.
    otherwise: Vec<(f64, Title)>,
}

impl Typed {
    /// A line, and pairs of titles of which somebody said, by merging, that they are one friction.
    pub fn of<'a>(line: &str, merged: impl IntoIterator<Item = (&'a str, &'a str)>) -> Typed {
        let line = Title::of(line);
        let mut otherwise = Vec::new();
        for (one, other) in merged {
            let (one, other) = (Title::of(one), Title::of(other));
            let (to_one, to_other) = (line.likeness(&one), line.likeness(&other));
            if to_one >= MERGED {
                otherwise.push((to_one, other));
            }
            if to_other >= MERGED {
                otherwise.push((to_other, one));
            }
        }
        Typed { line, otherwise }
    }

    /// How alike a title is to it, in its own words or in those that are known to say the same.
    pub fn likeness(&self, title: &str) -> f64 {
        let title = Title::of(title);
        let said = self.otherwise.iter().map(|(sure, words)| sure * words.likeness(&title));
        said.fold(self.line.likeness(&title), f64::max)
    }
}

/// The share of things in common, and how telling the things are that each title has alone.
fn shared_things(one: &[Token], other: &[Token]) -> (f64, f64) {
    let things = |of: &[Token]| -> Vec<Token> {
        of.iter().filter(|token| token.kind != Kind::Trouble).cloned().collect()
    };
    let (one, other) = (things(one), things(other));
    let (shared_one, all_one, alone_one) = within(&one, &other);
    let (shared_other, all_other, alone_other) = within(&other, &one);
    if all_one + all_other == 0.0 {
        return (0.0, 0.0);
    }
    ((shared_one + shared_other) / (all_one + all_other), alone_one * alone_other)
}

/// Of the things of one title: the weight shared with the other, all of it, and the weight of the most telling one alone.
fn within(these: &[Token], those: &[Token]) -> (f64, f64, f64) {
    let (mut shared, mut all, mut alone) = (0.0, 0.0, 0.0_f64);
    for token in these {
        let weight = match token.kind {
            Kind::Thing => 1.0,
            Kind::Unknown => UNKNOWN,
            Kind::Common | Kind::Trouble => COMMON,
        };
        let likest = those.iter().map(|that| same_thing(token, that)).fold(0.0, f64::max);
        shared += weight * likest;
        all += weight;
        if likest == 0.0 && weight > COMMON {
            alone = alone.max(weight);
        }
    }
    (shared, all, alone)
}

fn shared_troubles(one: &[Token], other: &[Token]) -> f64 {
    let troubles = |of: &[Token]| -> Vec<String> {
        of.iter().filter(|token| token.kind == Kind::Trouble).map(|token| token.word.clone()).collect()
    };
    let (one, other) = (troubles(one), troubles(other));
    match (one.is_empty(), other.is_empty()) {
        (true, true) => UNNAMED.1,
        (true, false) | (false, true) => UNNAMED.0,
        (false, false) => {
            let likest = |word: &String, among: &[String]| {
                among.iter().map(|that| nearness(word, that)).fold(0.0, f64::max)
            };
            let sum: f64 = one.iter().map(|word| likest(word, &other)).sum::<f64>()
                + other.iter().map(|word| likest(word, &one)).sum::<f64>();
            sum / (one.len() + other.len()) as f64
        }
    }
}

/// 1 for the same concept or word, less for one that is nearly written the same or holds it, 0 for another. Two that the
/// lexicon tells apart are two, however they are written.
fn same_thing(one: &Token, other: &Token) -> f64 {
    if one.word == other.word {
        return 1.0;
    }
    if one.kind != Kind::Unknown && other.kind != Kind::Unknown {
        return 0.0;
    }
    let (short, long) =
        if one.stem.len() <= other.stem.len() { (&one.stem, &other.stem) } else { (&other.stem, &one.stem) };
    let is_within =
        short.chars().count() >= LEAST_WITHIN && (long.starts_with(short) || long.ends_with(short));
    let share = shared_letters(short, long);
    match (is_within, share >= SAME_LETTERS) {
        (true, _) => share.max(WITHIN),
        (false, true) => share,
        (false, false) => 0.0,
    }
}

/// Share (0 to 1) of three-letter pieces in common (Sørensen–Dice), each word padded by one blank.
pub(super) fn shared_letters(one: &str, other: &str) -> f64 {
    let (one, other) = (pieces(one), pieces(other));
    let n_common = one.iter().filter(|piece| other.contains(piece)).count();
    if one.is_empty() || other.is_empty() {
        0.0
    } else {
        2.0 * n_common as f64 / (one.len() + other.len()) as f64
    }
}

fn pieces(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = format!(" {word} ").chars().collect();
    let mut pieces: Vec<[char; 3]> = letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}
