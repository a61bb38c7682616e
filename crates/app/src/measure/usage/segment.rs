//! Segment's HTTP API as JSON: what of a batch is an event of ours, what is passed over, what is set aside.
//!
//! Reads values, not requests; decides nothing about change or unit. A batch that is JSON is always taken: a refusal
//! would stop some clients' own process.

use serde_json::{Map, Value};
use traction_domain::measure::usage::{self as rules, EventRefused, Sent};
use traction_domain::time::Moment;

use crate::measure::usage::letter::{Form, Letter, Meant, UsageWish, fingerprint};
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

/// Reads the body of `/v1/batch`.
pub fn batch(mut body: Map<String, Value>, received: Moment) -> Result<Letter, NoLetter> {
    let Some(Value::Array(items)) = body.remove("batch") else { return Err(NoLetter::NoBatch) };
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
    let id = if read.is_err() { fingerprint(&item) } else { String::new() };
    // What is set aside, now or by what it names, must tell by itself when it was sent.
    if let (Some(sent_at), Value::Object(event)) = (sent_at, &mut item) {
        event.entry("sentAt").or_insert_with(|| sent_at.to_string().into());
    }
    letter.add(&id, read, item);
}

/// What an item means; one of another kind (identify, page, …) says nothing about use.
pub fn read(item: &Value, sent_at: Option<Moment>, received: Moment) -> Result<Meant, EventRefused> {
    let Value::Object(event) = item else {
        return Err(EventRefused::Malformed { what: "an event is a JSON object" });
    };
    match event.get("type") {
        None => {}
        Some(Value::String(kind)) if kind == "track" => {}
        Some(Value::String(_)) => return Ok(Meant::Nothing),
        Some(_) => return Err(EventRefused::Malformed { what: "the type of an event is a text" }),
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
    let id = name(event, "messageId")?.map_or_else(|| fingerprint(item), str::to_owned);
    let anonymous = name(event, "anonymousId")?.map(anonymous);
    let person = name(event, "userId")?.map(str::to_owned).or(anonymous);
    let (unit, change) = (either(event, "unit"), either(event, "change"));
    let event_name = name(event, "event")?.unwrap_or_default();
    let value =
        event.get("properties").and_then(|properties| properties.get("value")).and_then(Value::as_f64);
    let sent = Sent { id: &id, event: event_name, person: person.as_deref(), unit: unit.as_deref(), value };
    rules::check(&sent)?;
    let occurred = rules::happened(received, sent_at, stamped)?;
    let event = event_name.to_owned();
    Ok(Meant::Used(UsageWish { id, event, person, subject: None, unit, change, value, occurred }))
}

/// A text of an event; an empty one is none.
fn name<'a>(event: &'a Map<String, Value>, key: &'static str) -> Result<Option<&'a str>, EventRefused> {
    match event.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => {
            Err(EventRefused::Malformed { what: "messageId, userId, anonymousId and event are texts" })
        }
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
