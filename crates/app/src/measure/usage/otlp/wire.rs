//! The messages of OTLP's logs as protobuf has them (opentelemetry-proto 1.x, `logs/v1`), as far as they are read here.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prost::Message;
use serde_json::{Map, Value};

use crate::measure::usage::otlp::{self, Misread, Origin, Record};

/// `ExportLogsServiceRequest`.
#[derive(Clone, PartialEq, Message)]
pub struct Export {
    /// By resource.
    #[prost(message, repeated, tag = "1")]
    pub resource_logs: Vec<ResourceLogs>,
}

/// `ResourceLogs`.
#[derive(Clone, PartialEq, Message)]
pub struct ResourceLogs {
    /// Who sends.
    #[prost(message, optional, tag = "1")]
    pub resource: Option<Resource>,
    /// By scope.
    #[prost(message, repeated, tag = "2")]
    pub scope_logs: Vec<ScopeLogs>,
}

/// `Resource`.
#[derive(Clone, PartialEq, Message)]
pub struct Resource {
    /// By name.
    #[prost(message, repeated, tag = "1")]
    pub attributes: Vec<KeyValue>,
}

/// `ScopeLogs`.
#[derive(Clone, PartialEq, Message)]
pub struct ScopeLogs {
    /// What of the sender.
    #[prost(message, optional, tag = "1")]
    pub scope: Option<Scope>,
    /// The records, each as a [`LogRecord`] has it: read one by one, so that none costs the others anything.
    #[prost(bytes = "vec", repeated, tag = "2")]
    pub log_records: Vec<Vec<u8>>,
}

/// `InstrumentationScope`.
#[derive(Clone, PartialEq, Message)]
pub struct Scope {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// `LogRecord`.
#[derive(Clone, PartialEq, Message)]
pub struct LogRecord {
    /// When it happened.
    #[prost(fixed64, tag = "1")]
    pub time_unix_nano: u64,
    /// What it says.
    #[prost(message, optional, tag = "5")]
    pub body: Option<AnyValue>,
    /// What it says by name.
    #[prost(message, repeated, tag = "6")]
    pub attributes: Vec<KeyValue>,
    /// Of what it is part.
    #[prost(bytes = "vec", tag = "9")]
    pub trace_id: Vec<u8>,
    /// Of which part.
    #[prost(bytes = "vec", tag = "10")]
    pub span_id: Vec<u8>,
    /// When it was observed.
    #[prost(fixed64, tag = "11")]
    pub observed_time_unix_nano: u64,
    /// The event's name.
    #[prost(string, tag = "12")]
    pub event_name: String,
}

/// `KeyValue`.
#[derive(Clone, PartialEq, Message)]
pub struct KeyValue {
    /// The name.
    #[prost(string, tag = "1")]
    pub key: String,
    /// The value.
    #[prost(message, optional, tag = "2")]
    pub value: Option<AnyValue>,
}

/// `AnyValue`.
#[derive(Clone, PartialEq, Message)]
pub struct AnyValue {
    /// Which.
    #[prost(oneof = "Any", tags = "1, 2, 3, 4, 5, 6, 7")]
    pub value: Option<Any>,
}

/// The kinds of `AnyValue`.
#[expect(missing_docs, reason = "their names say it")]
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Any {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Truth(bool),
    #[prost(int64, tag = "3")]
    Whole(i64),
    #[prost(double, tag = "4")]
    Number(f64),
    #[prost(message, tag = "5")]
    List(AnyList),
    #[prost(message, tag = "6")]
    Named(AnyNamed),
    #[prost(bytes, tag = "7")]
    Bytes(Vec<u8>),
}

/// `ArrayValue`.
#[derive(Clone, PartialEq, Message)]
pub struct AnyList {
    /// Its members.
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<AnyValue>,
}

/// `KeyValueList`.
#[derive(Clone, PartialEq, Message)]
pub struct AnyNamed {
    /// Its members.
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<KeyValue>,
}

/// `ExportLogsServiceResponse`.
#[derive(Clone, PartialEq, Message)]
pub struct Answer {
    /// What was not taken, where anything was not.
    #[prost(message, optional, tag = "1")]
    pub partial_success: Option<PartialSuccess>,
}

/// `ExportLogsPartialSuccess`.
#[derive(Clone, PartialEq, Message)]
pub struct PartialSuccess {
    /// How many were not taken.
    #[prost(int64, tag = "1")]
    pub rejected_log_records: i64,
    /// Why.
    #[prost(string, tag = "2")]
    pub error_message: String,
}

/// `google.rpc.Status`, by which a refusal is told.
#[derive(Clone, PartialEq, Message)]
pub struct Status {
    /// One of gRPC's codes.
    #[prost(int32, tag = "1")]
    pub code: i32,
    /// The sentence.
    #[prost(string, tag = "2")]
    pub message: String,
}

/// Reads the body of a request.
pub fn read(bytes: &[u8]) -> Result<Vec<Origin>, String> {
    let export = Export::decode(bytes).map_err(|error| error.to_string())?;
    let (mut origins, mut n_misread) = (Vec::new(), 0);
    for ResourceLogs { resource, scope_logs } in export.resource_logs {
        let resource = named(resource.map(|resource| resource.attributes).unwrap_or_default());
        for ScopeLogs { scope, log_records } in scope_logs {
            origins.push(Origin {
                resource: resource.clone(),
                scope: scope.map(|scope| scope.name).unwrap_or_default(),
                records: otlp::each(&log_records, &mut n_misread, |bytes| record(bytes))?,
            });
        }
    }
    Ok(origins)
}

fn record(bytes: &[u8]) -> Result<Record, Misread> {
    let mut sent = LogRecord::default();
    let read = sent.merge(bytes);
    let record = Record {
        event_name: sent.event_name,
        time: sent.time_unix_nano,
        observed: sent.observed_time_unix_nano,
        trace: hex::encode(sent.trace_id),
        span: hex::encode(sent.span_id),
        body: sent.body.map_or(Value::Null, any),
        attributes: named(sent.attributes),
    };
    match read {
        Ok(()) => Ok(record),
        // What stood before it is read already.
        Err(error) => Err(Misread {
            what: format!("the record cannot be read as protobuf ({error})").into(),
            rest: otlp::plain(record),
        }),
    }
}

fn named(pairs: Vec<KeyValue>) -> Map<String, Value> {
    pairs.into_iter().map(|pair| (pair.key, pair.value.map_or(Value::Null, any))).collect()
}

fn any(sent: AnyValue) -> Value {
    match sent.value {
        None => Value::Null,
        Some(Any::Text(text)) => text.into(),
        Some(Any::Truth(truth)) => truth.into(),
        Some(Any::Whole(whole)) => whole.into(),
        Some(Any::Number(number)) => number.into(),
        Some(Any::List(list)) => list.values.into_iter().map(any).collect(),
        Some(Any::Named(pairs)) => Value::Object(named(pairs.values)),
        Some(Any::Bytes(bytes)) => BASE64_STANDARD.encode(bytes).into(),
    }
}
