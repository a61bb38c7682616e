//! The contract of the API says what the program does, and nothing else.
//!
//! Every story that talks to `/api/v1` goes through [`Asked`]: each answer is held against the document, and so is each
//! request that was taken. What no story happens to do is done by `contract/walk.rs`.

pub mod schema;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::Value;
use traction::org::token::store::Scope;
use traction::overview::contract::{self, Operation};

use crate::world::{Response, on_both, on_sqlite};
use schema::{WORDS, flaws, resolved};

/// Files that people download, and the shape of the document that they have.
const FILES: [(&str, &str); 2] = [("/evidence.json", "Evidence"), ("/draw.json", "DrawRecord")];

/// A request, as far as the contract is about it.
#[derive(Debug)]
pub struct Asked {
    method: Method,
    path: String,
    query: String,
    kind: String,
    body: Vec<u8>,
}

impl Asked {
    /// What is asked.
    pub fn of(request: &Request<Body>, body: &[u8]) -> Asked {
        let kind = request.headers().get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
        Asked {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            kind: kind.split(';').next().unwrap_or_default().to_owned(),
            body: body.to_vec(),
        }
    }

    /// Fails unless the document says what came back.
    #[track_caller]
    pub fn was_answered(&self, response: &Response) {
        if let Some((_, shape)) = FILES.iter().find(|(end, _)| self.path.ends_with(end))
            && response.status == 200
        {
            let flaws = flaws(shape_of(shape), &response.json());
            assert!(flaws.is_empty(), "{} is no {shape}: {flaws:?}", self.path);
        }
        if !self.path.starts_with("/api/v1/") {
            return;
        }
        let told = |what: &str| format!("{} {}: {what}; {response:?}", self.method, self.path);
        let Some(path) = address(&self.path) else {
            assert_eq!(response.status, 404, "{}", told("the document has no such address"));
            return;
        };
        let method = self.method.as_str().to_lowercase();
        let operation = &contract::document()["paths"][path][&method];
        if operation.is_null() {
            assert_eq!(response.status, 405, "{}", told("the document has no such method"));
            return;
        }
        let answer = &operation["responses"][response.status.as_str()];
        assert!(answer.is_object(), "{}", told("the document does not name the status"));
        let found = answer_flaws(resolved(answer), response);
        assert!(found.is_empty(), "{}", told(&format!("not what the document says: {found:?}")));
        if response.status.is_success() {
            let found = self.request_flaws(operation);
            assert!(found.is_empty(), "{}", told(&format!("taken, and not documented: {found:?}")));
        }
    }

    fn request_flaws(&self, operation: &'static Value) -> Vec<String> {
        let parameters = operation["parameters"].as_array().unwrap().iter().map(resolved);
        let known: BTreeSet<&str> = parameters.map(|one| one["name"].as_str().unwrap()).collect();
        let names = self.query.split('&').map(|entry| entry.split('=').next().unwrap_or_default());
        let unknown = names.filter(|name| !name.is_empty() && !known.contains(name));
        let mut found: Vec<String> = unknown.map(|name| format!("?{name}")).collect();
        let takes = &operation["requestBody"];
        if takes.is_null() || (self.body.is_empty() && takes["required"] == false) {
            return found;
        }
        let kind = if self.kind.is_empty() { "application/json" } else { &*self.kind };
        let shape = &takes["content"][kind]["schema"];
        match serde_json::from_slice(&self.body) {
            _ if shape.is_null() => found.push(format!("a body of {kind}")),
            Ok(body) if kind == "application/json" => found.extend(flaws(shape, &body)),
            _ => {}
        }
        found
    }
}

/// What is wrong with an answer that should be like this one.
fn answer_flaws(answer: &'static Value, response: &Response) -> Vec<String> {
    let Some(content) = answer["content"].as_object() else {
        return if response.body.is_empty() { vec![] } else { vec!["a body".into()] };
    };
    let kind = response.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
    let kind = kind.split(';').next().unwrap_or_default();
    match content.get(kind) {
        None => vec![format!("a body of {kind}")],
        Some(says) if kind.ends_with("json") => flaws(&says["schema"], &response.json()),
        Some(_) => vec![],
    }
}

fn shape_of(name: &str) -> &'static Value {
    let shape = &contract::document()["components"]["schemas"][name];
    assert!(shape.is_object(), "the document has no {name}");
    shape
}

/// The address of the document that `path` is one of; of several the one with the fewest open parts.
fn address(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    let paths = contract::document()["paths"].as_object().unwrap().keys();
    let fits = paths.filter(|address| {
        let named: Vec<&str> = address.split('/').collect();
        named.len() == parts.len()
            && named.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
    });
    fits.min_by_key(|address| address.matches('{').count()).map(String::as_str)
}

/// An address with something in its open parts that is nowhere.
fn nowhere(operation: &Operation) -> String {
    let id = "0190a1b2-0000-7000-8000-000000000001";
    let part = |part: &str| match part {
        "{n}" => "1".to_owned(),
        "{friction}" | "{idea}" | "{case}" | "{slot}" | "{evidence}" => id.to_owned(),
        part if part.starts_with('{') => "none".to_owned(),
        part => part.to_owned(),
    };
    operation.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The addresses of programs that stand in the code, wherever it adds routes.
fn addresses_in_code() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code: Vec<&str> = text.lines().filter(|line| !line.trim().starts_with("//")).collect();
                let code = code.join("\n");
                let literals = code.split("\"/api/v1/").skip(1).map(|rest| rest.split('"').next().unwrap());
                found.extend(literals.map(|rest| format!("/api/v1/{rest}")));
            }
        }
    }
    found
}

#[test]
fn the_document_has_every_address_of_the_code_and_no_other() {
    let in_document: BTreeSet<String> =
        contract::document()["paths"].as_object().unwrap().keys().cloned().collect();
    let in_code = addresses_in_code();
    assert_eq!(in_code, in_document);
    assert!(in_code.len() > 40, "the code is read: {in_code:?}");
}

#[test]
fn the_document_has_every_method_of_an_address_and_no_other() {
    on_sqlite(async |world| {
        let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in contract::operations() {
            let of_address = methods.entry(nowhere(&operation)).or_default();
            of_address.insert(operation.method.to_uppercase());
        }
        for (path, documented) in methods {
            let request = Request::builder().method(Method::TRACE).uri(&path).body(Body::empty()).unwrap();
            let response = world.send(request).await;
            response.is(405);
            let allowed = response.headers["allow"].to_str().unwrap();
            let allowed: BTreeSet<String> =
                allowed.split(',').filter(|method| *method != "HEAD").map(str::to_owned).collect();
            assert_eq!(allowed, documented, "{path}");
        }
    });
}

#[test]
fn a_token_lets_in_where_the_document_says_and_nowhere_else() {
    on_sqlite(async |world| {
        let mut clients = Vec::new();
        for scope in Scope::ALL {
            clients.push((scope.to_string(), world.client(&[scope]).await.token().to_owned()));
        }
        for operation in contract::operations() {
            let path = nowhere(&operation);
            let request = || {
                let request = Request::builder().method(&*operation.method.to_uppercase()).uri(&path);
                request.header(header::CONTENT_TYPE, "application/json")
            };
            world.send(request().body(Body::from("{}")).unwrap()).await.is(401);
            for (scope, token) in &clients {
                for (scheme, name, value) in [
                    ("bearer", "authorization", format!("Bearer {token}")),
                    ("key", "x-api-key", token.clone()),
                ] {
                    let asked = request().header(name, value).body(Body::from("{}")).unwrap();
                    let response = world.send(asked).await;
                    let lets_in = operation.says["security"].as_array().unwrap();
                    let lets_in = lets_in.iter().any(|one| one[scheme][0] == **scope);
                    let is_in = response.status != 401 && response.status != 403;
                    assert_eq!(
                        is_in, lets_in,
                        "{} {path} by {scheme} with {scope}: {response:?}",
                        operation.method
                    );
                }
            }
        }
    });
}

#[test]
fn the_document_is_whole() {
    let document = contract::document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for operation in contract::operations() {
        let Operation { path, says, .. } = operation;
        assert!(ids.insert(says["operationId"].as_str().unwrap()), "{path}: its id is another's");
        assert!(operation.summary().ends_with('.'), "{path}: {}", operation.summary());
        let parts: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = says["parameters"].as_array().unwrap().iter().map(resolved);
        let in_path = parameters.filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap());
        assert_eq!(in_path.collect::<BTreeSet<_>>(), parts, "{path}");
        let answers = says["responses"].as_object().unwrap();
        assert_eq!(answers.keys().filter(|status| status.starts_with('2')).count(), 1, "{path}");
        let takes = &says["requestBody"]["content"]["application/json"];
        if takes.is_object() {
            let flaws = flaws(&takes["schema"], &takes["example"]);
            assert!(flaws.is_empty(), "the example of {path}: {flaws:?}");
        }
    }
    references(document);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let bodies = contract::operations().into_iter().flat_map(|operation| {
        let answers = operation.says["responses"].as_object().unwrap().values();
        let contents = answers.map(resolved).chain([&operation.says["requestBody"]]);
        contents
            .flat_map(|one| one["content"].as_object().into_iter().flatten().map(|(_, says)| &says["schema"]))
    });
    schemas.values().chain(bodies).for_each(words);
}

/// Every reference leads somewhere.
fn references(value: &'static Value) {
    resolved(value);
    match value {
        Value::Object(object) => object.values().for_each(references),
        Value::Array(items) => items.iter().for_each(references),
        _ => {}
    }
}

/// A shape uses no words that the stories would pass over.
fn words(schema: &'static Value) {
    let inner = |name: &str| schema[name].as_object().into_iter().flatten().map(|(_, inside)| inside);
    let several = |name: &str| schema[name].as_array().into_iter().flatten();
    for word in schema.as_object().unwrap().keys() {
        assert!(WORDS.contains(&word.as_str()), "`{word}` is read by no story: {schema}");
    }
    inner("properties").chain(several("oneOf")).chain(several("allOf")).for_each(words);
    for name in ["items", "additionalProperties"] {
        if schema[name].is_object() {
            words(&schema[name]);
        }
    }
}

#[test]
fn the_document_is_handed_out_and_printed_alike() {
    on_sqlite(async |world| {
        let handed_out = world.visitor().get("/api/openapi.json").await;
        handed_out.is(200);
        assert_eq!(handed_out.headers["content-type"], "application/json");
        assert_eq!(&handed_out.json(), contract::document());
        let printed =
            std::process::Command::new(env!("CARGO_BIN_EXE_traction")).arg("openapi").output().unwrap();
        assert!(printed.status.success());
        assert_eq!(String::from_utf8(printed.stdout).unwrap(), handed_out.body);
    });
}

#[test]
fn the_page_has_the_first_call_every_operation_and_the_document() {
    on_both(async |world| {
        let page = world.visitor().get("/api").await;
        page.is(200)
            .shows("an administrator makes one for your program")
            .shows("What it means")
            .shows("Idempotency-Key");
        page.shows("curl http://traction.test/api/v1/frictions").shows("-d '{\"");
        assert!(page.body.contains("href=\"/api/openapi.json\""), "{}", page.body);
        let text = page.text().replace("/ ", "/");
        for operation in contract::operations() {
            let named = format!("{} {}", operation.method.to_uppercase(), operation.path);
            assert!(text.contains(&named), "{named} is not on the page");
            page.shows(&operation.summary().replace('`', ""));
        }
        assert!(page.body.len() < 60 * 1024, "{} bytes", page.body.len());
        let scripts = page.body.matches("<script").count();
        assert_eq!(
            scripts,
            page.body.matches("<script type=\"module\" src=\"/assets/").count(),
            "no outside script"
        );
    });
}
