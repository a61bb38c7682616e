//! OTLP's logs as JSON has them: protobuf's JSON, with ids in hexadecimal and whole numbers that may be texts. Names
//! that are not known are passed over, as the specification asks.

use serde_json::{Map, Value};

use crate::measure::usage::otlp::{Origin, Record};

/// Reads the body of a request.
pub fn read(bytes: &[u8]) -> Result<Vec<Origin>, String> {
    let body: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let Value::Object(_) = body else { return Err("the body is not a JSON object".into()) };
    let mut origins = Vec::new();
    for logs in list(&body, "resourceLogs")? {
        let resource = logs.get("resource").filter(|resource| !resource.is_null());
        let resource = resource.map_or(Ok(Map::new()), |resource| named(resource, "attributes"))?;
        for scope_logs in list(logs, "scopeLogs")? {
            let scope = scope_logs.get("scope").and_then(|scope| scope.get("name")).and_then(Value::as_str);
            let records = list(scope_logs, "logRecords")?.iter().map(record).collect::<Result<_, _>>()?;
            let scope = scope.unwrap_or_default().to_owned();
            origins.push(Origin { resource: resource.clone(), scope, records });
        }
    }
    Ok(origins)
}

fn record(sent: &Value) -> Result<Record, String> {
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

/// A list; nothing, or null, is an empty one.
fn list<'a>(within: &'a Value, key: &str) -> Result<&'a [Value], String> {
    match within.get(key) {
        None | Some(Value::Null) if within.is_object() => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        _ => Err(format!("`{key}` is not a list")),
    }
}

fn text(within: &Value, key: &str) -> Result<String, String> {
    match within.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("`{key}` is not a text")),
    }
}

fn nanoseconds(within: &Value, key: &str) -> Result<u64, String> {
    let read = match within.get(key) {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(text)) => text.parse().ok(),
        Some(other) => other.as_u64(),
    };
    read.ok_or_else(|| format!("`{key}` is not a whole number of nanoseconds"))
}

fn named(within: &Value, key: &str) -> Result<Map<String, Value>, String> {
    let pairs = list(within, key)?.iter().map(|pair| {
        let Some(Value::String(name)) = pair.get("key") else {
            return Err(format!("an entry of `{key}` has no `key`"));
        };
        Ok((name.clone(), pair.get("value").map_or(Ok(Value::Null), any)?))
    });
    pairs.collect()
}

fn any(sent: &Value) -> Result<Value, String> {
    let Value::Object(kinds) = sent else {
        return if sent.is_null() { Ok(Value::Null) } else { Err("a value is not an object".into()) };
    };
    let Some((kind, value)) = kinds.iter().find(|(_, value)| !value.is_null()) else {
        return Ok(Value::Null);
    };
    let read = match (kind.as_str(), value) {
        ("stringValue" | "bytesValue", Value::String(_)) | ("boolValue", Value::Bool(_)) => {
            Some(value.clone())
        }
        ("intValue", Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        ("intValue", Value::Number(number)) => number.as_i64().map(Value::from),
        ("doubleValue", Value::Number(number)) => number.as_f64().map(Value::from),
        // JSON has no such numbers; protobuf's JSON writes them so.
        ("doubleValue", Value::String(text)) => text.parse::<f64>().ok().map(Value::from),
        ("arrayValue", Value::Object(_)) => {
            Some(list(value, "values")?.iter().map(any).collect::<Result<Value, _>>()?)
        }
        ("kvlistValue", Value::Object(_)) => Some(Value::Object(named(value, "values")?)),
        (
            "stringValue" | "bytesValue" | "boolValue" | "intValue" | "doubleValue" | "arrayValue"
            | "kvlistValue",
            _,
        ) => None,
        // A kind of a later version.
        _ => Some(Value::Null),
    };
    read.ok_or_else(|| format!("`{kind}` does not hold a value of its kind"))
}
