//! A record beside what was published of the draw before: what no hash binds, and a commitment that was put in the place
//! of another, are found only by comparing the two.
//!
//! It does not say which of the two is right; whoever kept the published one knows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Flaw, PriorRecord, Record, Unreadable};

/// What somebody kept of what was published of a draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Published {
    /// The opening record, or the closing record.
    Prior(Box<PriorRecord>),
    /// The record of the draw.
    Record(Box<Record>),
}

impl Published {
    /// Reads what was kept, whichever of the three it is.
    ///
    /// # Errors
    /// [`Unreadable`] with line and column when it is none of them.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Named {
            schema: String,
        }
        let schema = serde_json::from_str::<Named>(json).map(|named| named.schema).unwrap_or_default();
        if PriorRecord::has_schema(&schema) {
            return PriorRecord::parse(json).map(Box::new).map(Self::Prior);
        }
        Record::parse(json).map(Box::new).map(Self::Record)
    }

    /// Holds when a record says what was published before, as far as that goes.
    ///
    /// # Errors
    /// [`Flaw::NotAsPublished`] for the first key that differs.
    pub fn agrees_with(&self, record: &Record) -> Result<(), Flaw> {
        match self {
            Self::Prior(prior) => prior.agrees_with(record),
            Self::Record(published) => as_published(record, published),
        }
    }
}

/// Holds when a record says in every part what the published one says.
///
/// Overrides are added after a draw: the published one may have more of them, never fewer or others.
///
/// # Errors
/// [`Flaw::NotAsPublished`] for the first key, in the record's order, that differs.
pub fn as_published(record: &Record, published: &Record) -> Result<(), Flaw> {
    let (stated, published) = (keys(record), keys(published));
    for key in KEYS {
        let (here, there) = (stated.get(key), published.get(key));
        let agree = match (key, here, there) {
            ("overrides", Some(Value::Array(here)), Some(Value::Array(there))) => there.starts_with(here),
            _ => here == there,
        };
        if !agree {
            return Err(Flaw::NotAsPublished { key });
        }
    }
    Ok(())
}

/// Every key of a record, in the order in which it is written.
const KEYS: [&str; 19] = [
    "change",
    "wave",
    "opened",
    "closed",
    "drawn",
    "commitment",
    "secret",
    "public",
    "list",
    "list_hash",
    "withdrawn",
    "slots",
    "cap",
    "seed",
    "order",
    "granted",
    "waiting",
    "probability",
    "overrides",
];

fn keys(record: &Record) -> BTreeMap<String, Value> {
    // What a record writes, it can read again: the form is an object of these keys.
    serde_json::from_str(&record.to_json()).unwrap_or_default()
}
