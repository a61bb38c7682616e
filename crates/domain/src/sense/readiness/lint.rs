//! What can be wrong with an instrument, each with its line and as a sentence that says what to write instead.

use std::collections::BTreeSet;
use std::fmt;

use toml::Spanned;

use super::instrument::{FORMAT, Scale};
use super::raw::RawInstrument;
use super::{AGREEMENT, FEWEST};
use crate::refusal::{self, Refusal};
use crate::sense::playbook::is_name;

/// Characters of a name, a question, a word for an end of the scale.
const SHORT: usize = 200;
/// Characters of a paragraph.
const LONG: usize = 1_000;
/// Items of one scale: with one, agreement is unsteady; with more than six, it takes longer than a minute.
const N_ITEMS: std::ops::RangeInclusive<usize> = 2..=6;
/// More agreement than that hardly any unit reaches.
const MOST_AGREEMENT: f64 = 0.95;
/// More answers than that hardly any unit has.
const MOST_ANSWERS: usize = 50;
/// How much one item may count beside another.
const WEIGHTS: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// One thing that is wrong with an instrument.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InstrumentFlaw {
    /// It is not TOML, or an entry is missing, unknown, or of the wrong kind.
    #[error("{says}; docs/guide/instruments.md has the form")]
    Form {
        /// In the words of what reads it.
        says: String,
    },
    /// Another form.
    #[error("`{written}` is no form that is read here; write format = \"{FORMAT}\"")]
    Format {
        /// What stands there.
        written: String,
    },
    /// No name.
    #[error(
        "`{written}` is no name; use small letters, digits and hyphens, beginning with a letter, at most 40"
    )]
    NotAName {
        /// What stands there.
        written: String,
    },
    /// Version 0.
    #[error("versions are counted from 1")]
    Version,
    /// No words, or too many.
    #[error("{0}")]
    Text(refusal::TextRefused),
    /// Fewer answers than the rule.
    #[error(
        "`minimum_answers` is {FEWEST} to {MOST_ANSWERS}, not {written}: nothing is told of fewer than five people"
    )]
    Minimum {
        /// What stands there.
        written: usize,
    },
    /// Less agreement than the rule.
    #[error("`agreement` is {AGREEMENT} to {MOST_AGREEMENT}, not {written}: below, a mean speaks for nobody")]
    Agreement {
        /// What stands there.
        written: f64,
    },
    /// A scale that is none.
    #[error("`{written}` is no scale; it is appetite or aptitude")]
    NoScale {
        /// What stands there.
        written: String,
    },
    /// A scale that is not there.
    #[error("the scale `{scale}` is missing; add [[scales]] with id = \"{scale}\"")]
    ScaleMissing {
        /// Which one.
        scale: &'static str,
    },
    /// A name that stands there twice.
    #[error("`{name}` is there already; give each its own name")]
    Repeated {
        /// The name.
        name: String,
    },
    /// A scale on which agreement cannot be judged, or that takes too long.
    #[error("the scale {scale} has {n_items} items; give it 2 to 6")]
    Length {
        /// The scale.
        scale: &'static str,
        /// How many items it has.
        n_items: usize,
    },
    /// A weight out of bounds.
    #[error("`weight` is 0.1 to 10, not {written}; leave it out where all items count the same")]
    Weight {
        /// What stands there.
        written: f64,
    },
}

/// A flaw, and the line it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrumentFinding {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub flaw: InstrumentFlaw,
}

impl fmt::Display for InstrumentFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.flaw)
    }
}

/// A text that is no instrument: all that is wrong with it, by line.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrumentRefused {
    /// At least one.
    pub findings: Vec<InstrumentFinding>,
}

impl fmt::Display for InstrumentRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.findings.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for InstrumentRefused {}

impl Refusal for InstrumentRefused {
    fn field(&self) -> Option<&'static str> {
        Some("text")
    }
}

/// The file as it is written, when nothing is wrong with it.
pub fn linted(text: &str) -> Result<RawInstrument, InstrumentRefused> {
    let mut linter = Linter { text, findings: Vec::new() };
    let raw: RawInstrument = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let says = error.message().trim().replace('\n', ", ");
            let at = error.span().map_or(0, |span| span.start);
            linter.add(at, InstrumentFlaw::Form { says });
            return Err(InstrumentRefused { findings: linter.findings });
        }
    };
    linter.head(&raw);
    linter.scales(&raw);
    linter.items(&raw);
    if linter.findings.is_empty() {
        return Ok(raw);
    }
    linter.findings.sort_by_key(|finding| finding.line);
    Err(InstrumentRefused { findings: linter.findings })
}

struct Linter<'a> {
    text: &'a str,
    findings: Vec<InstrumentFinding>,
}

impl Linter<'_> {
    fn add(&mut self, at: usize, flaw: InstrumentFlaw) {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        self.findings.push(InstrumentFinding { line, flaw });
    }

    fn find<T>(&mut self, entry: &Spanned<T>, flaw: InstrumentFlaw) {
        self.add(entry.span().start, flaw);
    }

    fn words(&mut self, entry: &Spanned<String>, field: &'static str, limit: usize) {
        if let Err(refused) = refusal::text(entry.get_ref(), field, field, limit) {
            self.find(entry, InstrumentFlaw::Text(refused));
        }
    }

    fn head(&mut self, raw: &RawInstrument) {
        if raw.format.get_ref() != FORMAT {
            self.find(&raw.format, InstrumentFlaw::Format { written: raw.format.get_ref().clone() });
        }
        self.name(&raw.id);
        if *raw.version.get_ref() == 0 {
            self.find(&raw.version, InstrumentFlaw::Version);
        }
        self.words(&raw.name, "name", SHORT);
        self.words(&raw.about, "about", LONG);
        self.words(&raw.low, "low", SHORT);
        self.words(&raw.high, "high", SHORT);
        let minimum = *raw.minimum_answers.get_ref();
        if !(FEWEST..=MOST_ANSWERS).contains(&minimum) {
            self.find(&raw.minimum_answers, InstrumentFlaw::Minimum { written: minimum });
        }
        let agreement = *raw.agreement.get_ref();
        if !(AGREEMENT..=MOST_AGREEMENT).contains(&agreement) {
            self.find(&raw.agreement, InstrumentFlaw::Agreement { written: agreement });
        }
    }

    fn name(&mut self, name: &Spanned<String>) {
        if !is_name(name.get_ref()) {
            self.find(name, InstrumentFlaw::NotAName { written: name.get_ref().clone() });
        }
    }

    fn once<'b>(&mut self, seen: &mut BTreeSet<&'b str>, name: &'b Spanned<String>) {
        if !seen.insert(name.get_ref()) {
            self.find(name, InstrumentFlaw::Repeated { name: name.get_ref().clone() });
        }
    }

    fn scale(&mut self, written: &Spanned<String>) {
        if Scale::of(written.get_ref()).is_none() {
            self.find(written, InstrumentFlaw::NoScale { written: written.get_ref().clone() });
        }
    }

    fn scales(&mut self, raw: &RawInstrument) {
        let mut seen = BTreeSet::new();
        for scale in &raw.scales {
            self.scale(&scale.id);
            self.once(&mut seen, &scale.id);
            self.words(&scale.name, "name", SHORT);
            self.words(&scale.means, "means", LONG);
        }
        for scale in Scale::ALL.into_iter().filter(|scale| !seen.contains(scale.word())) {
            self.find(&raw.id, InstrumentFlaw::ScaleMissing { scale: scale.word() });
        }
    }

    fn items(&mut self, raw: &RawInstrument) {
        let mut seen = BTreeSet::new();
        for item in &raw.items {
            self.name(&item.id);
            self.once(&mut seen, &item.id);
            self.scale(&item.scale);
            self.words(&item.says, "says", SHORT);
            if let Some(weight) = item.weight.as_ref().filter(|weight| !WEIGHTS.contains(weight.get_ref())) {
                self.find(weight, InstrumentFlaw::Weight { written: *weight.get_ref() });
            }
        }
        for scale in Scale::ALL {
            let n_items = raw.items.iter().filter(|item| item.scale.get_ref() == scale.word()).count();
            let at = raw.scales.iter().find(|named| named.id.get_ref() == scale.word());
            if let Some(named) = at.filter(|_| !N_ITEMS.contains(&n_items)) {
                self.find(&named.id, InstrumentFlaw::Length { scale: scale.word(), n_items });
            }
        }
    }
}
