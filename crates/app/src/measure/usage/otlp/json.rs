//! OTLP's logs as JSON has them: protobuf's JSON, with ids in hexadecimal and whole numbers that may be texts. Names
//! that are not known are passed over, as the specification asks.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::measure::usage::mended::mended;
use crate::measure::usage::otlp::{self, Misread, Origin, Record};

/// What is wrong with a part.
type Wrong = Cow<'static, str>;

/// The kinds of values that there are.
const KINDS: [&str; 7] =
    ["stringValue", "boolValue", "intValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue"];

/// Reads the body of a request.
pub fn read(bytes: &[u8]) -> Result<Vec<Origin>, String> {
    let body: Value = serde_json::from_slice(bytes)
        .or_else(|error| serde_json::from_slice(&mended(bytes)).map_err(|_| error.to_string()))?;
    let Value::Object(_) = body else { return Err("the body is not a JSON object".into()) };
    let (mut origins, mut n_misread) = (Vec::new(), 0);
    for logs in list(&body, "resourceLogs")? {
        let resource = logs.get("resource").filter(|resource| !resource.is_null());
        let resource = resource.map_or(Ok(Map::new()), |resource| named(resource, "attributes"));
        for scope_logs in list(logs, "scopeLogs")? {
            let scope = scope_logs.get("scope").and_then(|scope| scope.get("name")).and_then(Value::as_str);
            let read = |sent: &Value| match &resource {
                Ok(_) => record(sent).map_err(|what| Misread { what, rest: rest(sent) }),
                Err(what) => Err(Misread { what: format!("its resource: {what}").into(), rest: rest(sent) }),
            };
            let records = otlp::each(list(scope_logs, "logRecords")?, &mut n_misread, read)?;
            let (resource, scope) =
                (resource.clone().unwrap_or_default(), scope.unwrap_or_default().to_owned());
            origins.push(Origin { resource, scope, records });
        }
    }
    Ok(origins)
}

fn record(sent: &Value) -> Result<Record, Wrong> {
    if !sent.is_object() {
        return Err("a record is a JSON object".into());
    }
    Ok(Record {
        event_name: text(sent, "eventName")?,
        time: nanoseconds(sent, "timeUnixNano")?,
        observed: nanoseconds(sent, "observedTimeUnixNano")?,
        trace: text(sent, "traceId")?.to_lowercase(),
        span: text(sent, "spanId")?.to_lowercase(),
        body: sent.get("body").map_or(Ok(Value::Null), any)?,
        attributes: named(sent, "attributes")?,
    })
}

/// A record that is misread, plain: what cannot be read stands there as it came, so that it can be seen and mended.
fn rest(sent: &Value) -> Value {
    if !sent.is_object() {
        return Value::Null;
    }
    let attributes = match &sent["attributes"] {
        Value::Array(pairs) => pairs
            .iter()
            .filter_map(|pair| Some((pair.get("key")?.as_str()?.to_owned(), as_it_came(pair.get("value")?))))
            .collect(),
        other => other.clone(),
    };
    let name = [&sent["eventName"], &attributes["event.name"]];
    let name = name.into_iter().find(|name| !name.is_null() && *name != "").cloned();
    json!({
        "eventName": name.unwrap_or_else(|| "".into()),
        "timeUnixNano": sent["timeUnixNano"],
        "observedTimeUnixNano": sent["observedTimeUnixNano"],
        "traceId": sent["traceId"],
        "spanId": sent["spanId"],
        "body": sent["body"],
        "attributes": attributes,
    })
}

/// A value, or what stands in its place.
fn as_it_came(sent: &Value) -> Value {
    let inner = || KINDS.iter().find_map(|kind| sent.get(kind)).unwrap_or(sent).clone();
    any(sent).unwrap_or_else(|_| inner())
}

/// A list; nothing, or null, is an empty one.
fn list<'a>(within: &'a Value, key: &str) -> Result<&'a [Value], Wrong> {
    match within.get(key) {
        None | Some(Value::Null) if within.is_object() => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        _ => Err(format!("`{key}` is not a list").into()),
    }
}

fn text(within: &Value, key: &str) -> Result<String, Wrong> {
    match within.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("`{key}` is not a text").into()),
    }
}

fn nanoseconds(within: &Value, key: &str) -> Result<u64, Wrong> {
    let read = match within.get(key) {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(text)) => text.parse().ok(),
        Some(other) => other.as_u64().or_else(|| whole(other)?.try_into().ok()),
    };
    read.ok_or_else(|| format!("`{key}` is not a whole number of nanoseconds").into())
}

/// A whole number that is written as a broken one, such as `1e3`.
fn whole(sent: &Value) -> Option<i64> {
    let number = sent.as_f64().filter(|number| number.fract() == 0.0)?;
    // Up to there each whole number has a double of its own, or the next one is near enough to a moment.
    (number.abs() < i64::MAX as f64).then_some(number as i64)
}

fn named(within: &Value, key: &str) -> Result<Map<String, Value>, Wrong> {
    let pairs = list(within, key)?.iter().map(|pair| -> Result<(String, Value), Wrong> {
        if !pair.is_object() {
            return Err(format!("an entry of `{key}` is not an object").into());
        }
        Ok((text(pair, "key")?, pair.get("value").map_or(Ok(Value::Null), any)?))
    });
    pairs.collect()
}

fn any(sent: &Value) -> Result<Value, Wrong> {
    if !sent.is_object() {
        return if sent.is_null() { Ok(Value::Null) } else { Err("a value is not an object".into()) };
    }
    // A kind of a later version is none.
    let found = KINDS.iter().find_map(|kind| Some((*kind, sent.get(kind).filter(|value| !value.is_null())?)));
    let Some((kind, value)) = found else { return Ok(Value::Null) };
    let read = match (kind, value) {
        ("stringValue" | "bytesValue", Value::String(_)) | ("boolValue", Value::Bool(_)) => {
            Some(value.clone())
        }
        ("intValue", Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        ("intValue", Value::Number(number)) => number.as_i64().or_else(|| whole(value)).map(Value::from),
        ("doubleValue", Value::Number(number)) => number.as_f64().map(Value::from),
        // JSON has no such numbers; protobuf's JSON writes them so.
        ("doubleValue", Value::String(text)) => text.parse::<f64>().ok().map(Value::from),
        ("arrayValue", Value::Object(_)) => {
            Some(list(value, "values")?.iter().map(any).collect::<Result<Value, _>>()?)
        }
        ("kvlistValue", Value::Object(_)) => Some(Value::Object(named(value, "values")?)),
        _ => None,
    };
    read.ok_or_else(|| format!("`{kind}` does not hold a value of its kind").into())
}
