//! Where the parts of an event stand in each form: who did it, what names somebody, what is large, what it is called.

use serde_json::{Map, Value};

use crate::measure::usage::letter::{Fate, Form, Shape};

/// So many parts of an event are named in its shape.
const N_PARTS: usize = 20;

/// The parts of a form's event: those that name somebody or say where he sits, the large one, and the name.
struct Parts {
    /// Within which part, if not within the event itself, the person stands.
    within: Option<&'static str>,
    /// Who did it: the first that is there.
    person: &'static [&'static str],
    /// Further names.
    names: &'static [&'static str],
    /// What may be of any size.
    large: &'static str,
    /// What was done.
    event: &'static [&'static str],
}

fn parts(form: Form) -> Parts {
    match form {
        Form::Segment => Parts {
            within: None,
            person: &["userId", "anonymousId"],
            names: &["traits", "context", "integrations", "previousId", "groupId", "writeKey"],
            large: "properties",
            event: &["event", "type"],
        },
        Form::CloudEvent => Parts {
            within: Some("data"),
            person: &["userId", "targetingKey"],
            names: &["traits", "context", "email", "name"],
            large: "data",
            event: &["type"],
        },
        Form::LogRecord => Parts {
            within: Some("attributes"),
            person: &["feature_flag.context.id", "user.id", "enduser.id"],
            names: &[
                "user.name",
                "user.email",
                "user.full_name",
                "user.hash",
                "enduser.pseudo.id",
                "client.address",
            ],
            large: "attributes",
            event: &["eventName"],
        },
    }
}

/// Who did it, as the event says; for CloudEvents also in the attributes of the event itself.
pub fn person(form: Form, body: &Value) -> Option<String> {
    let parts = parts(form);
    let within = parts.within.map_or(Some(body), |part| body.get(part));
    let text = |found: &Value| found.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let named = |key: &str, name: String| if key == "anonymousId" { anonymous(&name) } else { name };
    let found = within
        .and_then(|within| parts.person.iter().find_map(|key| Some(named(key, text(within.get(key)?)?))));
    found.or_else(|| {
        let attributes = if form == Form::CloudEvent { &["userid", "subject"][..] } else { &[] };
        attributes.iter().find_map(|key| text(body.get(key)?))
    })
}

/// Somebody of whom a client knows only that it is the same one: never the person who has that external id.
pub fn anonymous(id: &str) -> String {
    format!("anonymous:{id}")
}

/// The event without whatever names somebody, and without its large part where it is larger than may be kept.
pub fn without_names(form: Form, body: &mut Value, n_bytes_most: usize) {
    let parts = parts(form);
    let gone = || parts.person.iter().chain(parts.names);
    if let Some(Value::Object(within)) = parts.within.and_then(|part| body.get_mut(part)) {
        gone().for_each(|key| drop(within.remove(*key)));
    }
    if let Value::Object(event) = body {
        gone().for_each(|key| drop(event.remove(*key)));
        if form == Form::CloudEvent {
            ["userid", "subject", "data_base64"].iter().for_each(|key| drop(event.remove(*key)));
        }
        if Value::Object(event.clone()).to_string().len() > n_bytes_most {
            event.remove(parts.large);
        }
    }
    if body.to_string().len() > n_bytes_most {
        *body = Value::String("(left out: too large)".into());
    }
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
    let event = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let large = body.get(kinds.large).and_then(Value::as_object);
    let named = |key: &&String| {
        key.len() <= 40 && key.chars().all(|letter| letter.is_ascii_alphabetic() || "._-".contains(letter))
    };
    // A name with figures or blanks in it may be somebody's: of those it is only said that there are some.
    let keys = || large.into_iter().flat_map(Map::keys);
    let mut said: Vec<&str> = keys().filter(named).take(N_PARTS).map(String::as_str).collect();
    if keys().count() > said.len() {
        said.push("…");
    }
    Shape { event, fate, parts: said.join(", ") }
}
