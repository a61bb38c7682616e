//! What is published of a draw before it: the *opening record* with commitment, sources and terms, and the *closing record*
//! that adds the hash of the frozen list. Whoever keeps one can tell later whether the draw was run with what it says.
//!
//! Neither holds anything secret, and neither can be recomputed: they are there to be compared with.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::wire::{LineWire, Word, unreadable};
use super::{Cap, Digest, Flaw, Heading, Line, Record, Slots, Terms, Unreadable};
use crate::time::Moment;

/// A public source as it is named before its value exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSource {
    /// What it is.
    pub name: String,
    /// When its value comes to be.
    pub when: Option<String>,
    /// Where its value is published, for whoever compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What closing adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The hash of the frozen list.
    pub list_hash: Digest,
    /// The list itself, where the wave's policy shows who contends.
    pub list: Option<Vec<Line>>,
}

/// What is published of a draw before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorRecord {
    /// What is drawn for, when it opened, and when it closes; it has no moment of the draw.
    pub heading: Heading,
    /// SHA-256 of the secret.
    pub commitment: Digest,
    /// The public sources in the order in which they were named.
    pub public: Vec<NamedSource>,
    /// The capacity and the cap.
    pub terms: Terms,
    /// What closing adds; `None` in an opening record.
    pub closing: Option<Closing>,
}

impl PriorRecord {
    /// Whether a text that names this schema is one of the two.
    pub fn has_schema(schema: &str) -> bool {
        [OPENING, CLOSING].contains(&schema)
    }

    /// Reads an opening or a closing record from its JSON.
    ///
    /// # Errors
    /// [`Unreadable`] with line and column when the text is neither.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        let schemas = format!("{OPENING} or {CLOSING}");
        let wire: PriorWire = serde_json::from_str(json).map_err(|error| unreadable(&error, &schemas))?;
        read(wire).map_err(|what| Unreadable { line: 1, column: 1, what: what.into() })
    }

    /// The record as JSON, indented, with a line end.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(&PriorWire::from(self));
        json.expect("it holds only texts and whole numbers") + "\n"
    }

    /// Holds when a draw was run with what this says.
    ///
    /// Sources may have been named after an opening record was kept, as long as nobody had applied: a record may have
    /// more of them, never fewer or others.
    ///
    /// # Errors
    /// [`Flaw::NotAsPublished`] for the first key, in the record's order, that differs.
    pub fn agrees_with(&self, record: &Record) -> Result<(), Flaw> {
        let (here, there) = (&record.heading, &self.heading);
        let is_same = |source: &NamedSource, other: &super::PublicSource| {
            source.name == other.name && source.when == other.when
        };
        let n_same =
            self.public.iter().zip(&record.public).take_while(|(ours, theirs)| is_same(ours, theirs)).count();
        let is_whole = self.closing.is_none() || self.public.len() == record.public.len();
        let list_hash = self.closing.as_ref().map(|closing| closing.list_hash);
        let list = self.closing.as_ref().and_then(|closing| closing.list.as_ref());
        let parts = [
            ("change", here.change == there.change),
            ("wave", here.wave == there.wave),
            ("opened", here.opened == there.opened),
            ("closed", here.closed == there.closed),
            ("commitment", record.commitment == self.commitment),
            ("public", n_same == self.public.len() && is_whole),
            ("list", list.is_none_or(|list| *list == record.list)),
            ("list_hash", list_hash.is_none_or(|hash| hash == record.list_hash)),
            ("slots", record.terms.slots == self.terms.slots),
            ("cap", record.terms.cap == self.terms.cap),
        ];
        match parts.into_iter().find(|(_, agrees)| !agrees) {
            Some((key, _)) => Err(Flaw::NotAsPublished { key }),
            None => Ok(()),
        }
    }
}

const OPENING: &str = "traction.draw.opening/1";
const CLOSING: &str = "traction.draw.closing/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorWire {
    schema: Schema,
    change: Option<String>,
    wave: Option<String>,
    opened: Option<Word<Moment>>,
    closed: Option<Word<Moment>>,
    commitment: Word<Digest>,
    public: Vec<NamedSource>,
    slots: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cap: Option<NonZeroU32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list_hash: Option<Word<Digest>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<Vec<LineWire>>,
}

/// Which of the two it is.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Schema {
    #[serde(rename = "traction.draw.opening/1")]
    Opening,
    #[serde(rename = "traction.draw.closing/1")]
    Closing,
}

fn read(wire: PriorWire) -> Result<PriorRecord, &'static str> {
    let list = wire.list.map(|list| list.into_iter().map(Line::from).collect());
    let closing = match (wire.schema, wire.list_hash) {
        (Schema::Opening, None) if list.is_none() => None,
        (Schema::Opening, _) => return Err("an opening record has no list yet"),
        (Schema::Closing, Some(list_hash)) => Some(Closing { list_hash: list_hash.0, list }),
        (Schema::Closing, None) => return Err("a closing record has a `list_hash`"),
    };
    let (opened, closed) = (wire.opened.map(|at| at.0), wire.closed.map(|at| at.0));
    Ok(PriorRecord {
        heading: Heading { change: wire.change, wave: wire.wave, opened, closed, drawn: None },
        commitment: wire.commitment.0,
        public: wire.public,
        terms: Terms { slots: Slots(wire.slots), cap: wire.cap.map(Cap) },
        closing,
    })
}

impl From<&PriorRecord> for PriorWire {
    fn from(prior: &PriorRecord) -> Self {
        let Heading { change, wave, opened, closed, drawn: _ } = prior.heading.clone();
        let closing = prior.closing.as_ref();
        let list = closing.and_then(|closing| closing.list.as_ref());
        Self {
            schema: if closing.is_some() { Schema::Closing } else { Schema::Opening },
            change,
            wave,
            opened: opened.map(Word),
            closed: closed.map(Word),
            commitment: Word(prior.commitment),
            public: prior.public.clone(),
            slots: prior.terms.slots.0,
            cap: prior.terms.cap.map(|cap| cap.0),
            list_hash: closing.map(|closing| Word(closing.list_hash)),
            list: list.map(|list| list.iter().map(LineWire::from).collect()),
        }
    }
}
