//! The contract of the API: one OpenAPI document, put together from what each stage wrote beside its code.
//!
//! A stage's `openapi.json` says its addresses, what they take and what they answer; what all have in common is added
//! here: who may ask, the parts of addresses, what trouble looks like. That it says what the program does, and nothing
//! else, is held by the stories in `app/tests`.

pub mod api;
pub mod commands;
pub mod pages;

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::org::token::store::Scope;
use crate::overview::figures::Stage;

/// What all stages have in common.
const COMMON: &str = include_str!("common.json");

/// What each stage wrote.
const WRITTEN: [(Stage, &str); 9] = [
    (Stage::Sense, include_str!("../../sense/openapi.json")),
    (Stage::Offer, include_str!("../../offer/openapi.json")),
    (Stage::Contend, include_str!("../../contend/openapi.json")),
    (Stage::Grant, include_str!("../../grant/openapi.json")),
    (Stage::Cycle, include_str!("../../cycle/openapi.json")),
    (Stage::Measure, include_str!("../../measure/openapi.json")),
    (Stage::Prove, include_str!("../../prove/openapi.json")),
    (Stage::Publish, include_str!("../../publish/openapi.json")),
    (Stage::Sustain, include_str!("../../sustain/openapi.json")),
];

/// By which a stage says that an operation asks for other scopes than reading and writing do.
const SCOPES: &str = "x-scopes";

/// The ways in which a token may come.
const SCHEMES: [&str; 2] = ["bearer", "key"];

/// A stage's part of the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(composed);
    &DOCUMENT
}

/// The document as it is handed out.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));
    &TEXT
}

/// One operation: a method at an address.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The address, with its parts in braces.
    pub path: &'static str,
    /// The method, in small letters.
    pub method: &'static str,
    /// What the document says of it.
    pub says: &'static Value,
}

impl Operation {
    /// What it does, in a sentence.
    pub fn summary(&self) -> &'static str {
        self.says["summary"].as_str().unwrap_or_default()
    }
}

/// Every operation of the document, by address.
pub fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().into_iter().flatten();
    let each = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, says)| Operation { path, method, says })
    });
    each.collect()
}

fn composed() -> Value {
    let mut document: Value = serde_json::from_str(COMMON).expect("what all have in common is JSON");
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    let mut paths = Map::new();
    for (stage, text) in WRITTEN {
        let written: Written = serde_json::from_str(text).expect("what a stage wrote has its form");
        for (path, mut methods) in written.paths {
            for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                complete(operation, stage, method, &path);
            }
            paths.insert(path, methods);
        }
        for (name, schema) in written.schemas {
            document["components"]["schemas"][name] = schema;
        }
    }
    document["paths"] = paths.into();
    document
}

/// Adds to an operation what all of its kind have in common.
fn complete(operation: &mut Value, stage: Stage, method: &str, path: &str) {
    operation["tags"] = json!([stage.word()]);
    let parts: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
    let mut parameters: Vec<Value> =
        parts.iter().map(|part| json!({ "$ref": format!("#/components/parameters/{part}") })).collect();
    if let Some(Value::Array(own)) = operation.get_mut("parameters") {
        parameters.append(own);
    }
    operation["security"] = security(operation, method).into();
    let is_writing = method != "get";
    let is_open = !parameters.is_empty();
    let mut troubles = vec!["401", "403", "500"];
    if is_open || is_writing {
        troubles.push("404");
    }
    if is_writing || parameters.iter().any(|parameter| parameter["in"] == "query") {
        troubles.push("422");
    }
    if is_writing {
        troubles.extend(["409", "413"]);
        parameters.push(json!({ "$ref": "#/components/parameters/repeat" }));
    }
    if operation.get("requestBody").is_some() {
        troubles.push("400");
    }
    for status in troubles {
        operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    operation["parameters"] = parameters.into();
}

/// Any of these lets a program in: each scope by each way in which a token may come.
fn security(operation: &mut Value, method: &str) -> Vec<Value> {
    let own = operation.as_object_mut().and_then(|operation| operation.remove(SCOPES));
    let scopes = own.unwrap_or_else(|| match method {
        "get" => json!([Scope::Read.to_string(), Scope::Write.to_string()]),
        _ => json!([Scope::Write.to_string()]),
    });
    let scopes = scopes.as_array().into_iter().flatten();
    let each = scopes.flat_map(|scope| SCHEMES.map(|scheme| json!({ scheme: [scope] })));
    each.collect()
}
