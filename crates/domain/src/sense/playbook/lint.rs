//! Everything that can be wrong with a playbook whose form is right, each with its line.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::raw::{Number, RawPlaybook, RawRemedy, RawSign, Words};
use super::{FORMAT, Finding, Flaw, Part, UNKNOWN};
use crate::refusal;

/// Characters of a name, a question, an answer.
const SHORT: usize = 200;
/// Characters of a paragraph.
const LONG: usize = 1_000;
/// How far shares that should add up to 1 may miss it, for thirds written with three digits.
const ROUNDING: f64 = 0.002;

/// The names of one kind, in the order of their places.
pub struct Names {
    part: Part,
    /// Name, place in the playbook, line.
    all: BTreeMap<String, (usize, usize)>,
}

impl Names {
    /// The place of a name.
    pub fn place(&self, name: &Words) -> Option<usize> {
        self.all.get(name.get_ref()).map(|(place, _)| *place)
    }

    fn nearest(&self, written: &str) -> Option<String> {
        let by_distance = self.all.keys().map(|name| (distance(written, name), name));
        let (apart, name) = by_distance.min()?;
        (apart <= 1 + written.chars().count() / 4).then(|| name.clone())
    }
}

/// Flaws that are told at once; whoever has mended so many asks again.
const TOLD: usize = 500;

/// Reads along the text and gathers what is wrong.
pub struct Linter {
    /// Where each line but the first begins.
    begins: Vec<usize>,
    findings: Vec<Finding>,
}

impl Linter {
    /// Of a text.
    pub fn new(text: &str) -> Linter {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Linter { begins: breaks.map(|(at, _)| at + 1).collect(), findings: Vec::new() }
    }

    /// All that was found, in the order of the lines.
    pub fn findings(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.line);
        self.findings
    }

    /// The line of a place in the text.
    pub fn line(&self, at: usize) -> usize {
        1 + self.begins.partition_point(|begin| *begin <= at)
    }

    fn line_of<T>(&self, entry: &Spanned<T>) -> usize {
        self.line(entry.span().start)
    }

    fn find<T>(&mut self, entry: &Spanned<T>, flaw: Flaw) {
        if self.findings.len() < TOLD {
            let line = self.line_of(entry);
            self.findings.push(Finding { line, flaw });
        }
    }

    /// The names of one kind, each checked.
    pub fn names<'b>(&mut self, part: Part, written: impl Iterator<Item = &'b Words>) -> Names {
        let mut names = Names { part, all: BTreeMap::new() };
        for (place, word) in written.enumerate() {
            self.name(part, word);
            let (name, line) = (word.get_ref().clone(), self.line_of(word));
            if let Some((_, first)) = names.all.get(&name) {
                let first = *first;
                self.find(word, Flaw::NamedTwice { part, name, first });
            } else {
                names.all.insert(name, (place, line));
            }
        }
        names
    }

    fn name(&mut self, part: Part, word: &Words) {
        let written = word.get_ref();
        if !is_name(written) {
            self.find(word, Flaw::NotAName { part, written: written.clone() });
        } else if part == Part::Answer && written == UNKNOWN {
            self.find(word, Flaw::ReservedName);
        }
    }

    fn known(&mut self, names: &Names, word: &Words) {
        if names.place(word).is_none() && self.findings.len() < TOLD {
            let name = word.get_ref().clone();
            let nearest = names.nearest(&name);
            self.find(word, Flaw::UnknownName { part: names.part, name, nearest });
        }
    }

    fn words(&mut self, entry: &'static str, word: &Words, limit: usize) {
        let text = word.get_ref();
        let n_characters = text.chars().count();
        if text.trim().is_empty() {
            self.find(word, Flaw::Empty { entry });
        } else if n_characters > limit || refusal::control(text).is_some() {
            self.find(word, Flaw::Unreadable { entry, n_characters, limit });
        }
    }

    fn share(&mut self, entry: &'static str, number: &Number) {
        let written = *number.get_ref();
        if !(written > 0.0 && written < 1.0) {
            self.find(number, Flaw::NotAShare { entry, written });
        }
    }

    fn range(&mut self, entry: &'static str, number: &Number, least: f64, most: f64) {
        let written = *number.get_ref();
        if !(written >= least && written <= most) {
            self.find(number, Flaw::OutOfRange { entry, written, least, most });
        }
    }

    fn many(&mut self, entry: &'static str, n: usize, least: usize, most: usize) {
        if !(least..=most).contains(&n) {
            self.findings.push(Finding { line: 1, flaw: Flaw::HowMany { entry, n, least, most } });
        }
    }

    /// The head of the file.
    pub fn head(&mut self, raw: &RawPlaybook) {
        if raw.format.get_ref() != FORMAT {
            self.find(&raw.format, Flaw::OtherFormat { written: raw.format.get_ref().clone() });
        }
        self.name(Part::Playbook, &raw.id);
        if *raw.version.get_ref() == 0 {
            let flaw = Flaw::OutOfRange { entry: "version", written: 0.0, least: 1.0, most: 1e6 };
            self.find(&raw.version, flaw);
        }
        self.words("name", &raw.name, SHORT);
        self.words("about", &raw.about, LONG);
        if let Some(origin) = &raw.forked_from
            && super::read::edition(origin.get_ref()).is_none()
        {
            self.find(origin, Flaw::NotAnEdition { written: origin.get_ref().clone() });
        }
        self.share("something_else", &raw.something_else);
        self.range("n_cases", &raw.n_cases, 0.5, 1_000.0);
        self.many("frictions", raw.frictions.len(), 2, 500);
        self.many("signs", raw.signs.len(), 1, 1_000);
        self.many("remedies", raw.remedies.len(), 1, 1_000);
        for source in &raw.sources {
            self.words("cite", &source.cite, LONG);
        }
        for friction in &raw.frictions {
            self.words("name", &friction.name, SHORT);
            self.words("means", &friction.means, LONG);
            self.range("common", &friction.common, 0.001, 1_000.0);
        }
    }

    /// One sign with its answers and links.
    pub fn sign(&mut self, sign: &RawSign, frictions: &Names, sources: &Names) {
        self.words("ask", &sign.ask, LONG);
        let name = sign.id.get_ref().clone();
        let answers = self.names(Part::Answer, sign.answers.iter().map(|answer| &answer.id));
        if !(2..=9).contains(&sign.answers.len()) {
            self.find(&sign.id, Flaw::Answers { sign: name.clone(), n_answers: sign.answers.len() });
        }
        for answer in &sign.answers {
            self.words("says", &answer.says, SHORT);
            self.share("usual", &answer.usual);
        }
        let sum: f64 = sign.answers.iter().map(|answer| answer.usual.get_ref()).sum();
        if sum.is_nan() || (sum - 1.0).abs() > ROUNDING {
            self.find(&sign.id, Flaw::UsualNotOne { sign: name.clone(), sum });
        }
        if sign.speaks.is_empty() {
            self.find(&sign.id, Flaw::Unexplained { sign: name.clone() });
        }
        let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        // Of each friction: how many links, their sum, and the last of them.
        let mut sums: BTreeMap<&str, (usize, f64, &Number)> = BTreeMap::new();
        for link in &sign.speaks {
            self.known(frictions, &link.friction);
            self.known(&answers, &link.answer);
            self.known(sources, &link.source);
            self.share("strength", &link.strength);
            self.words("why", &link.why, LONG);
            let (friction, answer) = (link.friction.get_ref().as_str(), link.answer.get_ref().as_str());
            if let Some(first) = seen.insert((friction, answer), self.line_of(&link.friction)) {
                self.find(&link.friction, Flaw::LinkedTwice { first });
            }
            let (n, sum, last) = sums.entry(friction).or_insert((0, 0.0, &link.strength));
            *n += 1;
            *sum += link.strength.get_ref();
            *last = &link.strength;
        }
        for (friction, (n, sum, last)) in sums {
            // A single strength of 1 or more is no share, and said to be none already.
            if n > 1 && sum >= 1.0 {
                self.find(
                    last,
                    Flaw::StrengthsAboveOne { sign: name.clone(), friction: friction.into(), sum },
                );
            }
        }
    }

    /// One remedy with its links.
    pub fn remedy(&mut self, remedy: &RawRemedy, frictions: &Names, sources: &Names) {
        self.words("name", &remedy.name, SHORT);
        self.words("do", &remedy.action, LONG);
        self.range("hours", &remedy.hours, 0.1, 100_000.0);
        self.range("people", &remedy.people, 1.0, 100_000.0);
        self.range("relief_days", &remedy.relief_days, 0.1, 3_650.0);
        self.words("plan", &remedy.test.plan, LONG);
        self.words("prediction", &remedy.test.prediction, LONG);
        self.range("days", &remedy.test.days, 0.1, 365.0);
        if remedy.removes.is_empty() {
            self.find(&remedy.id, Flaw::RemovesNothing { remedy: remedy.id.get_ref().clone() });
        }
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for link in &remedy.removes {
            self.known(frictions, &link.friction);
            self.known(sources, &link.source);
            self.share("strength", &link.strength);
            self.words("why", &link.why, LONG);
            if let Some(first) = seen.insert(link.friction.get_ref(), self.line_of(&link.friction)) {
                self.find(&link.friction, Flaw::LinkedTwice { first });
            }
        }
    }

    /// Frictions that nothing shows, or nothing removes.
    pub fn reached(&mut self, raw: &RawPlaybook) {
        let of_signs = raw.signs.iter().flat_map(|sign| &sign.speaks).map(|link| link.friction.get_ref());
        let of_remedies =
            raw.remedies.iter().flat_map(|remedy| &remedy.removes).map(|link| link.friction.get_ref());
        let (shown, removed): (BTreeSet<&String>, BTreeSet<&String>) =
            (of_signs.collect(), of_remedies.collect());
        for friction in &raw.frictions {
            let name = friction.id.get_ref();
            if !shown.contains(name) {
                self.find(&friction.id, Flaw::Invisible { friction: name.clone() });
            }
            if !removed.contains(name) {
                self.find(&friction.id, Flaw::NoRemedy { friction: name.clone() });
            }
        }
    }
}

/// Whether a name may stand in an address and on a command line.
pub fn is_name(written: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    written.starts_with(|letter: char| letter.is_ascii_lowercase())
        && !written.ends_with('-')
        && written.len() <= 40
        && written.chars().all(plain)
}

/// How many letters must be put in, taken out or changed to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, facing) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *facing);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[other.len()]
}
