//! Whether a value has the shape that the document gives it: all that is required, nothing that is not named, each of its
//! kind. Reads only the words of JSON Schema that the document uses; a test holds that it uses no others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use traction::overview::contract;

/// The words that are read here, and those that only explain.
pub const WORDS: [&str; 12] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "contentMediaType",
    "description",
    "enum",
    "format",
    "items",
    "oneOf",
    "properties",
    "required",
    "type",
];

/// What stands at a reference within the document; the value itself, where it is none.
pub fn resolved(schema: &'static Value) -> &'static Value {
    let Some(reference) = schema["$ref"].as_str() else { return schema };
    let pointer = reference.strip_prefix('#').unwrap();
    contract::document().pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

/// The members that a shape names, with those of the shapes it extends, and which of them are required.
pub fn members(schema: &'static Value) -> (BTreeMap<&'static str, &'static Value>, BTreeSet<&'static str>) {
    let schema = resolved(schema);
    let own = schema["properties"].as_object().into_iter().flatten();
    let mut named: BTreeMap<_, _> = own.map(|(name, shape)| (name.as_str(), shape)).collect();
    let required = schema["required"].as_array().into_iter().flatten();
    let mut required: BTreeSet<_> = required.map(|name| name.as_str().unwrap()).collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let (more, needed) = members(part);
        named.extend(more);
        required.extend(needed);
    }
    (named, required)
}

/// What is wrong with a value, each flaw with its place; nothing if it has the shape.
pub fn flaws(schema: &'static Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, value, "", &mut found);
    found
}

fn look(schema: &'static Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(schema);
    if let Some(kinds) = schema["oneOf"].as_array() {
        let tried: Vec<Vec<String>> = kinds
            .iter()
            .map(|kind| {
                let mut found = Vec::new();
                look(kind, value, at, &mut found);
                found
            })
            .collect();
        if tried.iter().filter(|flaws| flaws.is_empty()).count() != 1 {
            found.extend(tried.into_iter().next().unwrap());
        }
        return;
    }
    if !is_of_type(&schema["type"], value) {
        return found.push(format!("{at}: {value} is not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        found.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str())
        && !has_format(format, text)
    {
        found.push(format!("{at}: {value} is no {format}"));
    }
    match value {
        Value::Array(items) if schema["items"].is_object() => {
            for (n, item) in items.iter().enumerate() {
                look(&schema["items"], item, &format!("{at}/{n}"), found);
            }
        }
        Value::Object(object) => look_inside(schema, object, at, found),
        _ => {}
    }
}

fn look_inside(schema: &'static Value, object: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let (named, required) = members(schema);
    let others = &schema["additionalProperties"];
    if named.is_empty() && others.is_null() {
        // Any object.
        return;
    }
    found.extend(
        required.iter().filter(|name| !object.contains_key(**name)).map(|name| format!("{at}: no {name}")),
    );
    for (name, inside) in object {
        let at = format!("{at}/{name}");
        match named.get(name.as_str()) {
            Some(shape) => look(shape, inside, &at, found),
            None if others.is_object() => look(others, inside, &at, found),
            None => found.push(format!("{at}: the document does not name it")),
        }
    }
}

fn is_of_type(kinds: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    };
    match kinds {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is),
        kind => is(kind),
    }
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "date-time" => text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
        "date" => text.parse::<jiff::civil::Date>().is_ok() && text.len() == "2026-03-02".len(),
        "uuid" => uuid::Uuid::parse_str(text).is_ok(),
        other => panic!("{other} is no format"),
    }
}

#[test]
fn what_is_missing_unknown_or_of_another_kind_is_found() {
    let shape: &'static Value = Box::leak(Box::new(json!({
        "allOf": [
            { "type": "object", "required": ["id"], "properties": { "id": { "type": "string", "format": "uuid" } } },
            { "type": "object", "required": ["n"], "properties": {
                "n": { "type": "integer" }, "state": { "type": ["string", "null"], "enum": ["new", null] },
                "of": { "type": "object", "additionalProperties": { "type": "number" } },
                "inner": { "oneOf": [{ "type": "object", "required": ["at"], "properties": { "at": { "type": "string", "format": "date-time" } } }, { "type": "null" }] },
            } },
        ]
    })));
    let id = "0190a1b2-0000-7000-8000-000000000001";
    let fits = json!({ "id": id, "n": 1, "state": null, "of": { "a": 0.5 }, "inner": { "at": "2026-03-02T08:00:00Z" } });
    assert_eq!(flaws(shape, &fits), Vec::<String>::new());
    for (wrong, says) in [
        (json!({ "n": 1 }), ": no id"),
        (json!({ "id": id }), ": no n"),
        (json!({ "id": "7", "n": 1 }), "/id: \"7\" is no uuid"),
        (json!({ "id": id, "n": 1.5 }), "/n: 1.5 is not \"integer\""),
        (json!({ "id": id, "n": 1, "m": 2 }), "/m: the document does not name it"),
        (json!({ "id": id, "n": 1, "state": "old" }), "/state: \"old\" is none of [\"new\",null]"),
        (json!({ "id": id, "n": 1, "of": { "a": "b" } }), "/of/a: \"b\" is not \"number\""),
        (json!({ "id": id, "n": 1, "inner": {} }), "/inner: no at"),
        (
            json!({ "id": id, "n": 1, "inner": { "at": "2026-03-02" } }),
            "/inner/at: \"2026-03-02\" is no date-time",
        ),
    ] {
        assert_eq!(flaws(shape, &wrong), [says]);
    }
}
