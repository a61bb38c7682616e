//! A record beside the one that was published: what no hash binds is found only by comparing the two.
//!
//! It does not say which of the two is right; whoever kept the published one knows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Flaw, Record};

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
