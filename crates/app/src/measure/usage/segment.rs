//! Segment's HTTP API as JSON: what of a batch is an event of ours, what is passed over, what is set aside.
//!
//! Reads values, not requests; decides nothing about change or unit. A batch that is JSON is always taken: a refusal
//! would stop some clients' own process.

use serde_json::{Map, Value};
use traction_domain::measure::usage::{self as rules, EventRefused, Sent};
use traction_domain::time::Moment;

use crate::measure::usage::letter::{Form, Letter, Meant, UsageWish};
use crate::measure::usage::made_id::{IdOf, fingerprint};
use crate::measure::usage::mended::mended;
use crate::measure::usage::parts::anonymous;

/// The largest event that is counted.
pub const N_BYTES_EVENT: usize = 32 * 1024;

/// Calls that are taken and passed over, and what is said of each.
pub const PASSED_OVER: [(&str, &str); 5] = [
    ("identify", "Taken and passed over: traits of people are not kept, and who belongs where is set here."),
    ("group", "Taken and passed over: who belongs to a unit is set here, by its lead or an administrator."),
    (
        "page",
        "Taken and passed over: looking at a page is not counted as use; send a track call for what was done.",
    ),
    (
        "screen",
        "Taken and passed over: looking at a screen is not counted as use; send a track call for what was done.",
    ),
    ("alias", "Taken and passed over: people are kept by their external id alone, without former names."),
];

/// A body that is no batch.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLetter {
    /// Not JSON.
    #[error("the body is not JSON ({0}); send an object")]
    NotJson(String),
    /// JSON, but no object.
    #[error("the body is not a JSON object; send one, with the events in `batch`")]
    NoObject,
    /// No list of events.
    #[error("the body has no list `batch`; send the events there, or one event to /v1/track")]
    NoBatch,
    /// More items than a batch holds.
    #[error("the batch holds {n_items} items; send {N_ITEMS_MOST} at most")]
    TooMany {
        /// So many.
        n_items: usize,
    },
}

/// The body as JSON, which must be an object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, NoLetter> {
    let read = serde_json::from_slice(bytes).or_else(|error| {
        serde_json::from_slice(&mended(bytes)).map_err(|_| NoLetter::NotJson(error.to_string()))
    });
    match read? {
        Value::Object(object) => Ok(object),
        _ => Err(NoLetter::NoObject),
    }
}

/// The write key that a body carries. Nothing else of it is kept: whoever sends it is not known yet.
pub fn write_key(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Keyed {
        #[serde(rename = "writeKey")]
        write_key: Option<String>,
    }
    let keyed: Keyed =
        serde_json::from_slice(bytes).or_else(|_| serde_json::from_slice(&mended(bytes))).ok()?;
    keyed.write_key
}

/// So many items may be in a batch. Within its bytes no client comes near it; a list of nothings does, at a cost of
/// hundreds of times its bytes.
pub const N_ITEMS_MOST: usize = 20_000;

/// Reads the body of `/v1/batch`.
pub fn batch(mut body: Map<String, Value>, received: Moment) -> Result<Letter, NoLetter> {
    let Some(Value::Array(items)) = body.remove("batch") else { return Err(NoLetter::NoBatch) };
    if items.len() > N_ITEMS_MOST {
        return Err(NoLetter::TooMany { n_items: items.len() });
    }
    let sent_at = moment(&body, "sentAt").unwrap_or(None);
    let mut letter = Letter::new(Form::Segment);
    items.into_iter().for_each(|item| add(&mut letter, item, sent_at, received));
    Ok(letter)
}

/// Reads the body of `/v1/track` and the other calls: one event, of this kind.
pub fn call(kind: &str, mut body: Map<String, Value>, received: Moment) -> Letter {
    body.insert("type".into(), kind.into());
    body.remove("writeKey");
    let mut letter = Letter::new(Form::Segment);
    add(&mut letter, Value::Object(body), None, received);
    letter
}

fn add(letter: &mut Letter, mut item: Value, sent_at: Option<Moment>, received: Moment) {
    let read = read(&item, sent_at, received);
    // What is set aside, now or by what it names, must tell by itself when it was sent.
    if let (Some(sent_at), Value::Object(event)) = (sent_at, &mut item) {
        event.entry("sentAt").or_insert_with(|| sent_at.to_string().into());
    }
    letter.add(read, item);
}

/// What an item means; one of another kind (identify, page, …) says nothing about use.
pub fn read(item: &Value, sent_at: Option<Moment>, received: Moment) -> Result<Meant, EventRefused> {
    let Value::Object(event) = item else {
        return Err(malformed("an event is a JSON object"));
    };
    match event.get("type") {
        None => {}
        Some(Value::String(kind)) if kind == "track" => {}
        Some(Value::String(_)) => return Ok(Meant::Nothing),
        Some(_) => return Err(malformed("the type of an event is a text")),
    }
    let n_bytes = item.to_string().len();
    if n_bytes > N_BYTES_EVENT {
        return Err(EventRefused::TooLarge { n_bytes, most: N_BYTES_EVENT });
    }
    let sent_at = moment(event, "sentAt")?.or(sent_at);
    let stamped = match moment(event, "timestamp")? {
        Some(stamped) => Some(stamped),
        None => moment(event, "originalTimestamp")?,
    };
    let (id, id_of) = match name(event, "messageId")? {
        Some(id) => (id, IdOf::Sender),
        None => (fingerprint(Form::Segment, item), IdOf::Content),
    };
    let anonymous = name(event, "anonymousId")?.map(|id| anonymous(&id));
    let person = name(event, "userId")?.or(anonymous);
    let (unit, change) = (either(event, "unit"), either(event, "change"));
    let event_name = name(event, "event")?.unwrap_or_default();
    let event_name = event_name.as_str();
    let value =
        event.get("properties").and_then(|properties| properties.get("value")).and_then(Value::as_f64);
    let sent = Sent { id: &id, event: event_name, person: person.as_deref(), unit: unit.as_deref(), value };
    rules::check(&sent)?;
    let occurred = rules::happened(received, sent_at, stamped)?;
    let event = event_name.to_owned();
    let (subject, stamped) = (None, stamped.or(sent_at));
    Ok(Meant::Used(UsageWish { id, id_of, event, person, subject, unit, change, value, occurred, stamped }))
}

/// A text of an event, or a whole number as its text, as Segment takes it; an empty one is none.
fn name(event: &Map<String, Value>, key: &'static str) -> Result<Option<String>, EventRefused> {
    match event.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(Some(number.to_string())),
        Some(_) => Err(malformed("messageId, userId, anonymousId and event are texts")),
    }
}

/// A text in the event's properties, else in its context.
fn either(event: &Map<String, Value>, key: &str) -> Option<String> {
    let within = |part: &str| event.get(part)?.get(key)?.as_str().map(str::to_owned);
    within("properties").or_else(|| within("context")).filter(|text| !text.is_empty())
}

fn moment(event: &Map<String, Value>, key: &str) -> Result<Option<Moment>, EventRefused> {
    match event.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(written)) => match written.parse() {
            Ok(moment) => Ok(Some(moment)),
            Err(_) => Err(EventRefused::not_a_time(written)),
        },
        Some(other) => Err(EventRefused::not_a_time(&other.to_string())),
    }
}

fn malformed(what: &'static str) -> EventRefused {
    EventRefused::Malformed { what: what.into(), rules: "the specification of the Track call" }
}
