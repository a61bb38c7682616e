//! What the words of a title stand for: things, common things, and troubles. Read once from the files in `lexicon/`, one a
//! language; what stands for the same has the same name in each, so that titles in two languages can be alike.
//!
//! It cuts endings and takes long words apart; it parses no sentence. Words it does not know stand for themselves.

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

/// A word of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The concept it stands for; of an unknown one, its stem.
    pub word: String,
    /// Its stem as it was written.
    pub stem: String,
    /// What it tells of.
    pub kind: Kind,
}

/// A concept: its name, and what it tells of.
#[derive(Clone, Debug)]
struct Concept {
    name: String,
    kind: Kind,
}

/// One language.
#[derive(Default)]
struct Lexicon {
    words: BTreeMap<String, Concept>,
    stems: BTreeMap<String, Concept>,
    names: BTreeMap<String, Concept>,
    /// Several words said as one, by the first of them, the longest first.
    phrases: BTreeMap<String, Vec<(Vec<String>, String)>>,
    empty: BTreeSet<String>,
    near: BTreeMap<(String, String), f64>,
    endings: Vec<(String, String)>,
    /// What joins the parts of a compound; none where words are not joined.
    joints: Vec<String>,
}

static LANGUAGES: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
    let files = [
        include_str!("lexicon/en.txt"),
        include_str!("lexicon/de.txt"),
        include_str!("lexicon/fr.txt"),
        include_str!("lexicon/es.txt"),
        include_str!("lexicon/it.txt"),
    ];
    files.iter().map(|text| read(text)).collect()
});

/// The telling words of a title, each concept once, in the language that knows most of its words; English where none does.
pub(super) fn tokens(title: &str) -> Vec<Token> {
    let words = words(title);
    let mut best: Option<(usize, &Lexicon)> = None;
    for language in LANGUAGES.iter() {
        let n_known = words.iter().filter(|word| language.knows(word)).count();
        if best.is_none_or(|(most, _)| n_known > most) {
            best = Some((n_known, language));
        }
    }
    best.map(|(_, language)| language.tokens(&words)).unwrap_or_default()
}

/// How near two troubles are, from 0 to 1.
pub(super) fn nearness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let key = if one < other { (one, other) } else { (other, one) };
    let key = (key.0.to_owned(), key.1.to_owned());
    LANGUAGES.first().and_then(|english| english.near.get(&key)).copied().unwrap_or(0.0)
}

/// The words of a title in small letters, without marks above or below them.
fn words(title: &str) -> Vec<String> {
    let letters: String = title.to_lowercase().chars().map(plain).collect();
    let letters = letters.replace('ß', "ss").replace('œ', "oe");
    letters.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A letter without its mark, as it is often typed.
fn plain(letter: char) -> char {
    match letter {
        'ä' | 'à' | 'á' | 'â' | 'å' | 'ã' => 'a',
        'ö' | 'ò' | 'ó' | 'ô' | 'õ' => 'o',
        'ü' | 'ù' | 'ú' | 'û' => 'u',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

impl Lexicon {
    fn knows(&self, word: &str) -> bool {
        self.empty.contains(word) || self.words.contains_key(word) || self.phrases.contains_key(word)
    }

    fn tokens(&self, words: &[String]) -> Vec<Token> {
        let mut found: Vec<Token> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let (n_taken, said) = match self.phrase(&words[at..]) {
                Some((n_words, word)) => (n_words, self.said(word)),
                None => (1, self.token(&words[at])),
            };
            for token in said {
                if !found.iter().any(|before| before.word == token.word) {
                    found.push(token);
                }
            }
            at += n_taken;
        }
        found
    }

    /// How many of the next words are said as one, and which one that is.
    fn phrase(&self, words: &[String]) -> Option<(usize, &str)> {
        let phrases = self.phrases.get(&words[0])?;
        let (several, word) = phrases.iter().find(|(several, _)| words.starts_with(several))?;
        Some((several.len(), word.as_str()))
    }

    /// What a phrase stands for: a concept by its name, or as the one word would.
    fn said(&self, word: &str) -> Vec<Token> {
        match self.names.get(word) {
            Some(concept) => vec![concept.token(word.to_owned())],
            None => self.token(word),
        }
    }

    /// What a word stands for: nothing, one thing, or, of a compound, what its parts stand for.
    fn token(&self, word: &str) -> Vec<Token> {
        let stem = self.stem(word);
        if let Some(concept) = self.words.get(word) {
            return vec![concept.token(stem)];
        }
        if self.empty.contains(word) {
            return vec![];
        }
        if let Some(concept) = self.stems.get(&stem) {
            return vec![concept.token(stem)];
        }
        self.parts(word).unwrap_or_else(|| vec![Token { word: stem.clone(), stem, kind: Kind::Unknown }])
    }

    /// A compound as what it begins with and the known word that it ends with.
    fn parts(&self, word: &str) -> Option<Vec<Token>> {
        if self.joints.is_empty() {
            return None;
        }
        let starts = word.char_indices().map(|(at, _)| at).filter(|at| *at >= LEAST_PART);
        let head = starts.filter(|at| word.len() - at >= LEAST_PART).find_map(|at| {
            let (before, head) = word.split_at(at);
            let concept = self.words.get(head).or_else(|| self.stems.get(&self.stem(head)))?;
            Some((before, concept.token(self.stem(head))))
        });
        let (before, head) = head?;
        let bare = self.joints.iter().filter_map(|joint| before.strip_suffix(joint.as_str()));
        let known = std::iter::once(before).chain(bare).find_map(|part| self.concept(part));
        let before_stem = self.stem(before);
        let first = known.map_or_else(
            || Token { word: before_stem.clone(), stem: before_stem.clone(), kind: Kind::Unknown },
            |concept| concept.token(before_stem.clone()),
        );
        Some(vec![first, head])
    }

    fn concept(&self, word: &str) -> Option<&Concept> {
        self.words.get(word).or_else(|| self.stems.get(&self.stem(word)))
    }

    /// A word without its ending. Not a stem as grammars know it: it only has to be the same for the forms of one word.
    fn stem(&self, word: &str) -> String {
        let cut = self.endings.iter().find_map(|(ending, instead)| {
            let rest = word.strip_suffix(ending.as_str()).filter(|rest| rest.chars().count() >= 3)?;
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
}

impl Concept {
    fn token(&self, stem: String) -> Token {
        Token { word: self.name.clone(), stem, kind: self.kind }
    }
}

/// Letters that a part of a compound has at least.
const LEAST_PART: usize = 4;

fn read(text: &str) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((head, written)) = line.split_once(": ") else { continue };
        let mut head = head.split(' ');
        let (kind, name) = (head.next().unwrap_or_default(), head.next().unwrap_or_default());
        let other = head.next().unwrap_or_default();
        let bare: String = written.chars().map(plain).collect::<String>().replace('ß', "ss");
        lexicon.take(kind, name, other, &bare);
        // As it is typed where a keyboard has no such letters.
        let spelt = written.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
        if spelt != written && !spelt.chars().any(|letter| letter != plain(letter)) {
            lexicon.take(kind, name, other, &spelt);
        }
    }
    lexicon
}

impl Lexicon {
    /// One line of a file: its kind, the name and the other name it has, and what is written behind them.
    fn take(&mut self, kind: &str, name: &str, other: &str, written: &str) {
        let concept = |kind| Concept { name: name.to_owned(), kind };
        match kind {
            "ending" => {
                let instead = if name == "-" { "" } else { name };
                self.endings.extend(written.split(' ').map(|one| (one.to_owned(), instead.to_owned())));
            }
            "joint" => self.joints.extend(written.split(' ').map(str::to_owned)),
            "thing" => self.learn(&concept(Kind::Thing), written),
            "common" => self.learn(&concept(Kind::Common), written),
            "trouble" => self.learn(&concept(Kind::Trouble), written),
            "near" => {
                let near = written.parse().ok().map(|near| ((name.to_owned(), other.to_owned()), near));
                self.near.extend(near);
            }
            "phrase" => {
                let several: Vec<String> = written.split(' ').map(str::to_owned).collect();
                let phrases = self.phrases.entry(several[0].clone()).or_default();
                phrases.push((several, name.to_owned()));
                phrases.sort_by_key(|(several, _)| std::cmp::Reverse(several.len()));
            }
            _ => self.empty.extend(written.split(' ').map(str::to_owned)),
        }
    }

    fn learn(&mut self, concept: &Concept, words: &str) {
        self.names.entry(concept.name.clone()).or_insert_with(|| concept.clone());
        for word in words.split(' ') {
            self.words.insert(word.to_owned(), concept.clone());
            let stem = self.stem(word);
            self.stems.entry(stem).or_insert_with(|| concept.clone());
        }
    }
}
