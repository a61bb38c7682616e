//! Ids for what has none of its own: the same when it is sent again, and nothing by which a name could be tried.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::measure::usage::letter::Form;
use crate::measure::usage::parts;

/// From where an event has its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdOf {
    /// The sender made it.
    Sender,
    /// It is made here of all that the event says but who did it; before it is kept, his subject goes into it.
    Content,
}

/// A name for something without an id of its own: the same when it is sent again, at whatever time and in whatever order
/// of its parts. Nobody's name goes into it: whoever holds it could try names.
pub fn fingerprint(form: Form, item: &Value) -> String {
    let mut item = item.clone();
    parts::without_person(form, &mut item);
    if let Value::Object(event) = &mut item {
        event.remove("sentAt");
        // A call by itself says by its address what it says in a batch.
        if event.get("type").is_some_and(|kind| kind == "track") {
            event.remove("type");
        }
    }
    let mut written = String::new();
    write_sorted(&item, &mut written);
    format!("{MADE}{}", hex::encode(Sha256::digest(written)))
}

/// The id under which something is kept whose id was made of its content, about this subject: two people who did the same
/// did two things. A subject is chance, so without its link nobody finds a name by it.
pub fn kept_id(id: &str, id_of: IdOf, subject: Option<&str>) -> String {
    match (id_of, subject) {
        (IdOf::Content, Some(subject)) => {
            format!("{MADE}{}", hex::encode(Sha256::digest(format!("{id} {subject}"))))
        }
        _ => id.to_owned(),
    }
}

/// How ids begin that are made here.
pub const MADE: &str = "sha256:";

/// JSON with the parts of each object in the order of their names.
fn write_sorted(value: &Value, to: &mut String) {
    match value {
        Value::Object(object) => {
            let sorted: BTreeMap<&String, &Value> = object.iter().collect();
            to.push('{');
            for (name, value) in sorted {
                to.push_str(&Value::from(name.as_str()).to_string());
                to.push(':');
                write_sorted(value, to);
                to.push(',');
            }
            to.push('}');
        }
        Value::Array(list) => {
            to.push('[');
            for value in list {
                write_sorted(value, to);
                to.push(',');
            }
            to.push(']');
        }
        plain => to.push_str(&plain.to_string()),
    }
}
