//! Where the parts of an event stand in each form: who did it, what is read, what is large, what it is called.

use serde_json::{Map, Value};
use traction_domain::measure::usage::ANONYMOUS;

use crate::measure::usage::letter::{Fate, Form, Shape};

/// So many parts of an event are named in its shape.
const N_PARTS: usize = 20;

/// The parts of a form's event: who did it, what of the rest is read, and what it is called.
struct Parts {
    /// Within which part, if not within the event itself, the person stands.
    within: Option<&'static str>,
    /// Who did it: the first that is there.
    person: &'static [&'static str],
    /// Further ones that name him, in the event itself.
    beside: &'static [&'static str],
    /// What is read of the event itself.
    read: &'static [&'static str],
    /// What is read within its parts.
    read_within: &'static [(&'static str, &'static [&'static str])],
    /// What may be of any size, and is told by its names in a shape.
    large: &'static str,
    /// What was done.
    event: &'static [&'static str],
}

fn parts(form: Form) -> Parts {
    match form {
        Form::Segment => Parts {
            within: None,
            person: &["userId", "anonymousId"],
            beside: &["previousId", "groupId", "writeKey"],
            read: &["type", "event", "messageId", "timestamp", "originalTimestamp", "sentAt"],
            read_within: &[("properties", &["unit", "change", "value"]), ("context", &["unit", "change"])],
            large: "properties",
            event: &["event", "type"],
        },
        Form::CloudEvent => Parts {
            within: Some("data"),
            person: &["userId", "targetingKey"],
            beside: &["userid", "subject"],
            read: &["specversion", "id", "source", "type", "time", "sentat", "unit", "change", "value"],
            read_within: &[("data", &["unit", "change", "value"])],
            large: "data",
            event: &["type"],
        },
        Form::LogRecord => Parts {
            within: Some("attributes"),
            person: &["feature_flag.context.id", "user.id", "enduser.id"],
            beside: &[],
            read: &["id", "eventName", "timeUnixNano", "observedTimeUnixNano"],
            read_within: &[(
                "attributes",
                &[
                    "event.name",
                    "feature_flag.key",
                    "feature_flag.result.variant",
                    "feature_flag.variant",
                    "traction.change",
                    "traction.unit",
                    "traction.value",
                ],
            )],
            large: "attributes",
            event: &["eventName"],
        },
    }
}

/// Who did it, as the event says; for CloudEvents also in the attributes of the event itself.
pub fn person(form: Form, body: &Value) -> Option<String> {
    let parts = parts(form);
    let within = parts.within.map_or(Some(body), |part| body.get(part));
    // A whole number is as good a name as a text.
    let text = |found: &Value| match found {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    };
    let named = |key: &str, name: String| if key == "anonymousId" { anonymous(&name) } else { name };
    let found = within
        .and_then(|within| parts.person.iter().find_map(|key| Some(named(key, text(within.get(key)?)?))));
    found.or_else(|| {
        // Not `subject`: that is the thing an event is about, a document say, and no person.
        (form == Form::CloudEvent).then(|| text(body.get("userid")?)).flatten()
    })
}

/// The id that an event has of its sender.
pub fn own_id(form: Form, body: &Value) -> Option<String> {
    let text = |key: &str| body.get(key)?.as_str().map(str::to_owned);
    match form {
        Form::Segment => text("messageId"),
        Form::CloudEvent => Some(format!("{} {}", text("source")?, text("id")?)),
        Form::LogRecord => text("id"),
    }
}

/// Somebody of whom a client knows only that it is the same one: never the person who has that external id.
pub fn anonymous(id: &str) -> String {
    format!("{ANONYMOUS}{id}")
}

/// Takes away who did it, and what else tells of people rather than of what was done.
pub fn without_person(form: Form, body: &mut Value) {
    let parts = parts(form);
    let gone = || parts.person.iter().chain(parts.beside).chain(&["traits", "context", "integrations"]);
    if let Some(Value::Object(within)) = parts.within.and_then(|part| body.get_mut(part)) {
        gone().for_each(|key| drop(within.remove(*key)));
    }
    if let Value::Object(event) = body {
        gone().for_each(|key| drop(event.remove(*key)));
    }
}

/// Leaves of an event what its reader looks at, except who did it; of all else the names of a few parts, with nothing in
/// them. What is not read may say anything of anybody.
pub fn strip(form: Form, body: &mut Value, n_bytes_most: usize) {
    let parts = parts(form);
    if let Value::Object(event) = body {
        for (part, value) in event.iter_mut() {
            let read = parts.read_within.iter().find(|(name, _)| name == part).map(|(_, read)| *read);
            match (value, read) {
                (Value::Object(within), Some(read)) => keep_read(within, read, &[], parts.person),
                (value, Some(_)) => *value = Value::Null,
                _ => {}
            }
        }
        let wholes: Vec<&str> = parts.read_within.iter().map(|(part, _)| *part).collect();
        keep_read(event, parts.read, &wholes, &[parts.person, parts.beside].concat());
    } else if body.as_str() != Some(LEFT_OUT) {
        *body = Value::Null;
    }
    if body.to_string().len() > n_bytes_most {
        *body = LEFT_OUT.into();
    }
}

/// Stands for an event that is too large to be kept even so.
const LEFT_OUT: &str = "(left out: too large)";

/// Keeps the plain values that are read and the parts that were looked at (`wholes`), takes away what names somebody by
/// itself, and empties the rest.
fn keep_read(within: &mut Map<String, Value>, read: &[&str], wholes: &[&str], gone: &[&str]) {
    let mut n_named = 0;
    within.retain(|part, value| {
        let is_in = |list: &[&str]| list.contains(&part.as_str());
        if is_in(gone) || is_in(wholes) {
            return !is_in(gone);
        }
        let is_plain_value = !matches!(value, Value::Object(_) | Value::Array(_));
        if is_in(read) && is_plain_value {
            return true;
        }
        *value = Value::Null;
        n_named += 1;
        is_plain(part) && n_named <= N_PARTS
    });
}

/// Whether a part's name is one of a kind: a name with figures or blanks in it may be somebody's.
fn is_plain(name: &str) -> bool {
    name.len() <= 40 && name.chars().all(|letter| letter.is_ascii_alphabetic() || "._-".contains(letter))
}

/// The event with somebody named in it.
pub fn with_person(form: Form, body: &mut Value, person: &str) {
    let parts = parts(form);
    let Value::Object(event) = body else { return };
    match form {
        Form::CloudEvent => drop(event.insert("userid".into(), person.into())),
        _ => {
            let within = match parts.within {
                None => event,
                Some(part) => {
                    let within = event.entry(part).or_insert_with(|| Value::Object(Map::new()));
                    let Value::Object(within) = within else { return };
                    within
                }
            };
            within.insert(parts.person[0].into(), person.into());
        }
    }
}

/// What an event looks like: the names of its parts, never their values.
pub fn shape(form: Form, body: &Value, fate: Fate) -> Shape {
    let kinds = parts(form);
    let name = kinds.event.iter().find_map(|key| body.get(key)?.as_str()).unwrap_or("(no name)");
    let large = body.get(kinds.large).and_then(Value::as_object);
    let keys = || large.into_iter().flat_map(Map::keys);
    let named = keys().filter(|name| is_plain(name));
    let mut said: Vec<&str> = named.take(N_PARTS).map(String::as_str).collect();
    if keys().count() > said.len() {
        said.push("…");
    }
    Shape { event: without_figures(name), fate, parts: said.join(", ") }
}

/// An event's name with one sign for any run of figures: numbers in names are somebody's, and there is no end of them.
pub fn without_figures(name: &str) -> String {
    let mut told = String::new();
    for letter in name.chars().filter(|letter| !letter.is_control()).take(80) {
        match letter.is_numeric() {
            true if told.ends_with('#') => {}
            true => told.push('#'),
            false => told.push(letter),
        }
    }
    told
}
