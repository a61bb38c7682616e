//! CloudEvents 1.0.2: what of an event is use of a solution, whichever of the three modes it came in.
//!
//! The doors make one JSON object of any mode first, as the structured mode has it; this reads that. What an event says
//! about use stands in its `data`, or in attributes of its own: `change`, `unit`, `userid`, `value`, `sentat`.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use traction_domain::measure::usage::{self as rules, EventRefused, N_CHARACTERS_MOST, Sent};
use traction_domain::time::Moment;

use crate::measure::usage::letter::{Form, Letter, Meant, UsageWish};
use crate::measure::usage::made_id::{IdOf, fingerprint};
use crate::measure::usage::mended::mended;
use crate::measure::usage::parts;

/// The largest event that is counted: what the specification has everybody forward.
pub const N_BYTES_EVENT: usize = 64 * 1024;

/// So many events may be in a batch, whatever they cost.
pub const N_EVENTS_MOST: usize = 20_000;

/// A body that holds no events.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEvents {
    /// Not JSON.
    #[error("the body is not JSON ({0}); send an event in CloudEvents' JSON format")]
    NotJson(String),
    /// JSON, but not a list.
    #[error("the body of a batch is a JSON list of events; send one event as application/cloudevents+json")]
    NoList,
    /// JSON, but no object.
    #[error("the body is not a JSON object; send a list of events as application/cloudevents-batch+json")]
    NoObject,
    /// More events than a batch holds.
    #[error("the batch holds {n_events} events; send {N_EVENTS_MOST} at most")]
    TooMany {
        /// So many.
        n_events: usize,
    },
}

fn json(bytes: &[u8]) -> Result<Value, NoEvents> {
    serde_json::from_slice(bytes).or_else(|error| {
        serde_json::from_slice(&mended(bytes)).map_err(|_| NoEvents::NotJson(error.to_string()))
    })
}

/// Reads the body of the structured mode: one event.
pub fn structured(bytes: &[u8], received: Moment) -> Result<Letter, NoEvents> {
    match json(bytes)? {
        event @ Value::Object(_) => Ok(letter_of(vec![event], received)),
        _ => Err(NoEvents::NoObject),
    }
}

/// Reads the body of the batched mode: a list of events.
pub fn batched(bytes: &[u8], received: Moment) -> Result<Letter, NoEvents> {
    match json(bytes)? {
        Value::Array(events) if events.len() > N_EVENTS_MOST => {
            Err(NoEvents::TooMany { n_events: events.len() })
        }
        Value::Array(events) => Ok(letter_of(events, received)),
        _ => Err(NoEvents::NoList),
    }
}

/// Reads the binary mode: attributes by name, as they stood in the headers, and the data.
pub fn binary(
    attributes: Vec<(String, String)>,
    content_type: Option<&str>,
    bytes: &[u8],
    received: Moment,
) -> Result<Letter, NoEvents> {
    let mut event: Map<String, Value> =
        attributes.into_iter().map(|(name, value)| (name, value.into())).collect();
    if let Some(content_type) = content_type {
        event.insert("datacontenttype".into(), content_type.into());
    }
    if !bytes.is_empty() {
        let data = if is_json(content_type) { json(bytes)? } else { Value::Null };
        event.insert("data".into(), data);
    }
    Ok(letter_of(vec![Value::Object(event)], received))
}

fn letter_of(events: Vec<Value>, received: Moment) -> Letter {
    let mut letter = Letter::new(Form::CloudEvent);
    for mut event in events {
        unpack(&mut event);
        let read = read(&event, received);
        letter.add(read, event);
    }
    letter
}

/// Whether data of this media type is JSON, which it is where nothing is said.
fn is_json(content_type: Option<&str>) -> bool {
    let kind = content_type.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_lowercase());
    kind.is_none_or(|kind| kind.ends_with("/json") || kind.ends_with("+json"))
}

/// JSON that came as a text or packed becomes the data that it is.
fn unpack(event: &mut Value) {
    let Value::Object(event) = event else { return };
    if !is_json(event.get("datacontenttype").and_then(Value::as_str)) {
        return;
    }
    let packed = event.get("data_base64").and_then(Value::as_str);
    let data = packed.and_then(|packed| serde_json::from_slice(&BASE64_STANDARD.decode(packed).ok()?).ok());
    if let Some(data) = data {
        event.remove("data_base64");
        event.insert("data".into(), data);
    }
}

/// What an event means: use, always; the data may lack whatever the attributes say.
pub fn read(event: &Value, received: Moment) -> Result<Meant, EventRefused> {
    let Value::Object(attributes) = event else {
        return Err(malformed("an event is a JSON object"));
    };
    let n_bytes = event.to_string().len();
    if n_bytes > N_BYTES_EVENT {
        return Err(EventRefused::TooLarge { n_bytes, most: N_BYTES_EVENT });
    }
    let [version, source, own_id, kind] = required(attributes)?;
    if version != "1.0" {
        return Err(malformed("an event has the `specversion` 1.0"));
    }
    if source.contains(char::is_whitespace) {
        return Err(malformed("a `source` is an address, without blanks"));
    }
    let person = parts::person(Form::CloudEvent, event);
    let (unit, change) = (either(attributes, "unit"), either(attributes, "change"));
    let value = within(attributes, "value").and_then(number);
    let id = id(&source, &own_id);
    rules::check(&Sent { id: &id, event: &kind, person: person.as_deref(), unit: unit.as_deref(), value })?;
    let (sent, stamped) = (moment(attributes, "sentat")?, moment(attributes, "time")?);
    let occurred = rules::happened(received, sent, stamped)?;
    let event = kind;
    Ok(Meant::Used(UsageWish {
        id,
        id_of: IdOf::Sender,
        event,
        person,
        subject: None,
        unit,
        change,
        value,
        occurred,
        stamped: stamped.or(sent),
    }))
}

/// Source and id together, under which an event counts once. No source has a blank in it, so no two are alike.
fn id(source: &str, id: &str) -> String {
    let both = format!("{source} {id}");
    if both.chars().count() > N_CHARACTERS_MOST && id.chars().count() <= N_CHARACTERS_MOST {
        fingerprint(Form::CloudEvent, &Value::String(both))
    } else {
        both
    }
}

/// What every event has; all of it that one lacks is told at once.
const REQUIRED: [&str; 4] = ["specversion", "source", "id", "type"];

/// The attributes that every event has: texts, or whole numbers as their texts.
fn required(event: &Map<String, Value>) -> Result<[String; 4], EventRefused> {
    let found = REQUIRED.map(|key| match event.get(key) {
        Some(Value::String(text)) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    });
    if let [Some(version), Some(source), Some(id), Some(kind)] = found {
        return Ok([version, source, id, kind]);
    }
    let lacking = REQUIRED.iter().zip(&found).filter(|(_, found)| found.is_none());
    let names: Vec<String> = lacking.map(|(key, _)| format!("`{key}`")).collect();
    Err(match names.as_slice() {
        [one] => malformed(format!("an event has {one}, a text")),
        [first @ .., last] => malformed(format!("an event has {} and {last}, each a text", first.join(", "))),
        [] => malformed("an event is a JSON object"),
    })
}

/// Something that the data says, else an attribute.
fn within<'a>(event: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let data = event.get("data").and_then(|data| data.get(key));
    data.or_else(|| event.get(key)).filter(|found| !found.is_null())
}

fn either(event: &Map<String, Value>, key: &str) -> Option<String> {
    within(event, key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A number; attributes in headers are texts.
fn number(found: &Value) -> Option<f64> {
    let read = found.as_f64().or_else(|| found.as_str()?.parse().ok());
    read.filter(|number| number.is_finite())
}

fn moment(event: &Map<String, Value>, key: &str) -> Result<Option<Moment>, EventRefused> {
    match event.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(written)) => {
            written.parse().map(Some).map_err(|_| EventRefused::not_a_time(written))
        }
        Some(other) => Err(EventRefused::not_a_time(&other.to_string())),
    }
}

fn malformed(what: impl Into<Cow<'static, str>>) -> EventRefused {
    EventRefused::Malformed { what: what.into(), rules: "CloudEvents 1.0.2" }
}
