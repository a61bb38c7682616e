//! The JSON of a record, key by key, in both directions.
//!
//! Reading is strict, because whoever is shown "verified" must be able to trust the whole file: an unknown or a
//! repeated key is refused, and so is a hash that is not 64 lower-case digits.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{
    Cap, Digest, Entry, Heading, Line, Override, Place, PublicSource, Ranked, Record, Secret, Slots, Terms,
};
use crate::time::Moment;

/// The schema's name, the first thing in a record.
const SCHEMA: &str = "traction.draw/1";

/// Why a text is not a record, and where. The sentence ends with what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong there, and what would be right.
    pub what: String,
}

pub(super) fn read(json: &str) -> Result<Record, Unreadable> {
    serde_json::from_str::<RecordWire>(json).map(Record::from).map_err(|error| unreadable(&error, SCHEMA))
}

/// What is wrong with a text that has not the keys of `schema`.
pub(super) fn unreadable(error: &serde_json::Error, schema: &str) -> Unreadable {
    let (line, column) = (error.line(), error.column());
    // The position is given apart; `serde_json` repeats it at the end of its sentence.
    let what = error.to_string().replace(&format!(" at line {line} column {column}"), "");
    Unreadable { line, column, what: format!("{what}; a record has the keys of {schema} and no others") }
}

pub(super) fn write(record: &Record) -> String {
    let mut json = serde_json::to_string_pretty(&RecordWire::from(record))
        .expect("a record holds only texts, whole numbers and finite shares");
    json.push('\n');
    json
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordWire {
    schema: Schema,
    change: Option<String>,
    wave: Option<String>,
    opened: Option<Word<Moment>>,
    closed: Option<Word<Moment>>,
    drawn: Option<Word<Moment>>,
    commitment: Word<Digest>,
    secret: SecretWire,
    public: Vec<SourceWire>,
    list: Vec<LineWire>,
    list_hash: Word<Digest>,
    withdrawn: Vec<String>,
    slots: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cap: Option<NonZeroU32>,
    seed: Word<Digest>,
    order: Vec<RankedWire>,
    granted: Vec<String>,
    waiting: Vec<String>,
    #[serde(deserialize_with = "each_once")]
    probability: BTreeMap<String, f64>,
    overrides: Vec<OverrideWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineWire {
    number: u32,
    unit: String,
    band: u32,
    layer: u32,
    place: Word<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(try_from = "SourceClaim")]
struct SourceWire(PublicSource);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceClaim {
    name: String,
    when: Option<String>,
    value: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RankedWire {
    unit: String,
    score: Word<Digest>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideWire {
    unit: String,
    what: String,
    who: String,
    why: String,
    when: Option<Word<Moment>>,
}

/// The schema's name, which is read only if it is exactly this one.
struct Schema;

impl Serialize for Schema {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match String::deserialize(from)? {
            name if name == SCHEMA => Ok(Self),
            name => Err(D::Error::custom(format!("the schema is `{name}`, and only `{SCHEMA}` can be read"))),
        }
    }
}

/// A value that is written as one word.
pub(super) struct Word<T>(pub(super) T);

impl<T: std::fmt::Display> Serialize for Word<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: std::fmt::Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Word).map_err(D::Error::custom)
    }
}

struct SecretWire(Secret);

impl Serialize for SecretWire {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.reveal())
    }
}

impl<'de> Deserialize<'de> for SecretWire {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(from)?;
        let secret = Secret::from_hex(&digits).map_err(D::Error::custom)?;
        if secret.reveal() == digits {
            Ok(Self(secret))
        } else {
            Err(D::Error::custom("write the secret in lower case"))
        }
    }
}

impl Serialize for SourceWire {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let PublicSource { name, when, value } = self.0.clone();
        SourceClaim { name, when, value }.serialize(to)
    }
}

impl TryFrom<SourceClaim> for SourceWire {
    type Error = super::SourceRefused;

    fn try_from(claim: SourceClaim) -> Result<Self, Self::Error> {
        PublicSource::new(claim.name, claim.when, claim.value).map(Self)
    }
}

/// A map in which a repeated key is an error: two readers could otherwise see two different records.
fn each_once<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, f64>, D::Error> {
    struct Once;
    impl<'de> Visitor<'de> for Once {
        type Value = BTreeMap<String, f64>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("each unit once, with its probability")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((unit, probability)) = entries.next_entry::<String, f64>()? {
                if map.insert(unit.clone(), probability).is_some() {
                    return Err(A::Error::custom(format!("`{unit}` has two probabilities")));
                }
            }
            Ok(map)
        }
    }
    from.deserialize_map(Once)
}

impl From<RecordWire> for Record {
    fn from(wire: RecordWire) -> Self {
        Self {
            heading: Heading {
                change: wire.change,
                wave: wire.wave,
                opened: wire.opened.map(|at| at.0),
                closed: wire.closed.map(|at| at.0),
                drawn: wire.drawn.map(|at| at.0),
            },
            commitment: wire.commitment.0,
            secret: wire.secret.0,
            public: wire.public.into_iter().map(|source| source.0).collect(),
            list: wire.list.into_iter().map(Line::from).collect(),
            list_hash: wire.list_hash.0,
            withdrawn: wire.withdrawn,
            terms: Terms { slots: Slots(wire.slots), cap: wire.cap.map(Cap) },
            seed: wire.seed.0,
            order: wire.order.into_iter().map(|at| Ranked { unit: at.unit, score: at.score.0 }).collect(),
            granted: wire.granted,
            waiting: wire.waiting,
            probability: wire.probability,
            overrides: wire.overrides.into_iter().map(Override::from).collect(),
        }
    }
}

impl From<LineWire> for Line {
    fn from(wire: LineWire) -> Self {
        let LineWire { number, unit, band, layer, place, parent } = wire;
        Self { number, entry: Entry { unit, band, layer, place: place.0, parent } }
    }
}

impl From<OverrideWire> for Override {
    fn from(wire: OverrideWire) -> Self {
        let OverrideWire { unit, what, who, why, when } = wire;
        Self { unit, what, who, why, when: when.map(|at| at.0) }
    }
}

impl From<&Record> for RecordWire {
    fn from(record: &Record) -> Self {
        let Heading { change, wave, opened, closed, drawn } = record.heading.clone();
        let ranked = |at: &Ranked| RankedWire { unit: at.unit.clone(), score: Word(at.score) };
        Self {
            schema: Schema,
            change,
            wave,
            opened: opened.map(Word),
            closed: closed.map(Word),
            drawn: drawn.map(Word),
            commitment: Word(record.commitment),
            secret: SecretWire(record.secret.clone()),
            public: record.public.iter().cloned().map(SourceWire).collect(),
            list: record.list.iter().map(LineWire::from).collect(),
            list_hash: Word(record.list_hash),
            withdrawn: record.withdrawn.clone(),
            slots: record.terms.slots.0,
            cap: record.terms.cap.map(|cap| cap.0),
            seed: Word(record.seed),
            order: record.order.iter().map(ranked).collect(),
            granted: record.granted.clone(),
            waiting: record.waiting.clone(),
            probability: record.probability.clone(),
            overrides: record.overrides.iter().map(OverrideWire::from).collect(),
        }
    }
}

impl From<&Line> for LineWire {
    fn from(line: &Line) -> Self {
        let Entry { unit, band, layer, place, parent } = line.entry.clone();
        Self { number: line.number, unit, band, layer, place: Word(place), parent }
    }
}

impl From<&Override> for OverrideWire {
    fn from(decided: &Override) -> Self {
        let Override { unit, what, who, why, when } = decided.clone();
        Self { unit, what, who, why, when: when.map(Word) }
    }
}
