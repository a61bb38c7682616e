//! OpenTelemetry's logs: of all records, the evaluations of a feature flag (showings: offered, not used), and events
//! that name a change (use). Whatever else comes is passed over.
//!
//! Both encodings become one plain JSON object a record, which is what is read, and what is set aside.

pub mod json;
pub mod wire;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use traction_domain::measure::usage::{self as rules, EventRefused, Sent, one_writing};
use traction_domain::time::Moment;

use crate::measure::usage::letter::{Fate, Form, Letter, Meant, UsageWish};
use crate::measure::usage::made_id::{IdOf, MADE, fingerprint};
use crate::measure::usage::parts;

/// The largest record that is taken.
pub const N_BYTES_EVENT: usize = 32 * 1024;

/// The event by which OpenTelemetry tells that a flag was evaluated.
const EVALUATION: &str = "feature_flag.evaluation";

/// The attribute by which a record's sender tells it apart.
const UID: &str = "log.record.uid";

/// Where it stands how a record is written.
const OTLP: &str = "the specification of OTLP";

/// A record in either encoding, made plain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The event's name; empty where it has none.
    pub event_name: String,
    /// When it happened, in nanoseconds since 1970; 0 where that is not said.
    pub time: u64,
    /// When it was observed, likewise.
    pub observed: u64,
    /// Of what it is part, in hexadecimal.
    pub trace: String,
    /// Of which part, in hexadecimal.
    pub span: String,
    /// What it says.
    pub body: Value,
    /// What it says by name.
    pub attributes: Map<String, Value>,
}

/// Records of one origin: who sent them, as far as that tells two of them apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// Attributes of the resource.
    pub resource: Map<String, Value>,
    /// The scope's name.
    pub scope: String,
    /// Its records.
    pub records: Vec<Result<Record, Misread>>,
}

/// A record that is not written as OTLP has it. The others of its export are none the worse for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// What is wrong.
    pub what: Cow<'static, str>,
    /// The record, plain, as far as it can be read; what cannot be stands in it as it came.
    pub rest: Value,
}

/// So many records of an export may be misread: one that holds more is none, and would be costly to tell of.
const N_MISREAD_MOST: usize = 10_000;

/// Reads records one by one; `n_misread` counts on over all of an export.
fn each<T>(
    sent: &[T],
    n_misread: &mut usize,
    read: impl Fn(&T) -> Result<Record, Misread>,
) -> Result<Vec<Result<Record, Misread>>, String> {
    let mut records = Vec::with_capacity(sent.len());
    for sent in sent {
        let record = read(sent);
        *n_misread += usize::from(record.is_err());
        if *n_misread > N_MISREAD_MOST {
            return Err(format!("more than {N_MISREAD_MOST} of its records cannot be read"));
        }
        records.push(record);
    }
    Ok(records)
}

/// A letter of all records; those of no use for us are passed over.
pub fn letter_of(origins: Vec<Origin>, received: Moment) -> Letter {
    let mut letter = Letter::new(Form::LogRecord);
    // Records that are alike to the last are told apart by their place among themselves, which stays when all are sent
    // again.
    let mut repeats: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    for Origin { resource, scope, records } in origins {
        let resource = Value::Object(resource);
        for record in records {
            let (mut plain, misread) = match record {
                Ok(record) => (plain(record), None),
                Err(Misread { what, rest }) => (rest, Some(EventRefused::Malformed { what, rules: OTLP })),
            };
            match &misread {
                // Ordinary logs are nobody's dead letters.
                Some(why) if !may_be_ours(&plain) => {
                    letter.refuse(why.clone());
                    continue;
                }
                None if plain["eventName"] == "" => {
                    letter.skip();
                    continue;
                }
                None if !is_ours(&plain) => {
                    letter.note(&plain, Fate::PassedOver);
                    letter.skip();
                    continue;
                }
                _ => {}
            }
            let id = match plain["attributes"].get(UID).and_then(Value::as_str) {
                Some(uid) if !uid.is_empty() => uid.to_owned(),
                _ => {
                    let alike = fingerprint(
                        Form::LogRecord,
                        &json!({ "resource": resource, "scope": scope, "record": fingerprint(Form::LogRecord, &plain) }),
                    );
                    let person = parts::person(Form::LogRecord, &plain);
                    let whose = (alike.clone(), person.map(|name| one_writing(&name).into_owned()));
                    let n = repeats.entry(whose).and_modify(|n| *n += 1).or_insert(1);
                    if *n == 1 { alike } else { format!("{alike}-{n}") }
                }
            };
            plain["id"] = id.as_str().into();
            let read = misread.map_or_else(|| read(&plain, received), Err);
            letter.add(read, plain);
        }
    }
    letter
}

/// Whether a record says anything that is kept here: of the others not even an id is made.
fn is_ours(record: &Value) -> bool {
    record["eventName"] == EVALUATION || !record["attributes"]["traction.change"].is_null()
}

/// Whether a record that is misread may say something that is kept here: it does, or what would tell cannot be read.
fn may_be_ours(record: &Value) -> bool {
    let is_named = record["eventName"].as_str().is_some_and(|name| !name.is_empty());
    let attributes = &record["attributes"];
    is_ours(record) || is_named && !attributes.is_object() && !attributes.is_null()
}

fn plain(record: Record) -> Value {
    let named = || record.attributes.get("event.name").and_then(Value::as_str);
    let event_name =
        if record.event_name.is_empty() { named().unwrap_or_default().to_owned() } else { record.event_name };
    json!({
        "eventName": event_name,
        "timeUnixNano": record.time.to_string(),
        "observedTimeUnixNano": record.observed.to_string(),
        "traceId": record.trace,
        "spanId": record.span,
        "body": record.body,
        "attributes": record.attributes,
    })
}

/// What a plain record means.
pub fn read(record: &Value, received: Moment) -> Result<Meant, EventRefused> {
    let (Some(name), Some(id)) = (record["eventName"].as_str(), record["id"].as_str()) else {
        return Err(malformed("a record has an `eventName` and an `id`, both texts"));
    };
    let attribute = |key: &str| record["attributes"].get(key).filter(|value| !value.is_null());
    if !is_ours(record) {
        return Ok(Meant::Nothing);
    }
    let is_showing = name == EVALUATION;
    let n_bytes = record.to_string().len();
    if n_bytes > N_BYTES_EVENT {
        return Err(EventRefused::TooLarge { n_bytes, most: N_BYTES_EVENT });
    }
    let text = |key: &str, what: &'static str| match attribute(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(malformed(what)),
    };
    let change = if is_showing {
        let what = "an evaluation has a `feature_flag.key`, a text";
        text("feature_flag.key", what)?.ok_or(malformed(what))?
    } else {
        let what = "`traction.change` is a text: the short name of a change, or its flag";
        text("traction.change", what)?.ok_or(malformed(what))?
    };
    let variant = || {
        let told = attribute("feature_flag.result.variant").or_else(|| attribute("feature_flag.variant"));
        told.and_then(Value::as_str).unwrap_or("unknown").to_owned()
    };
    let event = if is_showing { variant() } else { name.to_owned() };
    let person = parts::person(Form::LogRecord, record);
    let unit = text("traction.unit", "`traction.unit` is a text: the short name of a unit")?;
    let value = attribute("traction.value").and_then(Value::as_f64);
    rules::check(&Sent { id, event: &event, person: person.as_deref(), unit: unit.as_deref(), value })?;
    let stamped = moment(record)?;
    let occurred = rules::happened(received, None, stamped)?;
    let (id, change) = (id.to_owned(), Some(change));
    let id_of = if id.starts_with(MADE) { IdOf::Content } else { IdOf::Sender };
    let subject = None;
    let wish = UsageWish { id, id_of, event, person, subject, unit, change, value, occurred, stamped };
    Ok(if is_showing { Meant::Shown(wish) } else { Meant::Used(wish) })
}

/// When it happened, else when it was observed.
fn moment(record: &Value) -> Result<Option<Moment>, EventRefused> {
    for key in ["timeUnixNano", "observedTimeUnixNano"] {
        let written = &record[key];
        let nanoseconds = match written {
            Value::Null => Some(0),
            Value::String(text) => text.parse::<u64>().ok(),
            other => other.as_u64(),
        };
        let at = nanoseconds.and_then(|n| Moment::from_milliseconds(i64::try_from(n / 1_000_000).ok()?));
        match (nanoseconds, at) {
            (Some(0), _) => {}
            (_, Some(at)) => return Ok(Some(at)),
            _ => return Err(EventRefused::not_a_time(&written.to_string())),
        }
    }
    Ok(None)
}

fn malformed(what: &'static str) -> EventRefused {
    EventRefused::Malformed { what: what.into(), rules: "OpenTelemetry's conventions for feature flags" }
}
