//! The contract as a page: what a programmer needs for the first call, and every operation with its sentence.

use maud::{Markup, html};

use super::Operation;
use crate::overview::figures::Stage;
use crate::web::{Answer, Page, View};

/// Where the document is.
const DOCUMENT: &str = "/api/openapi.json";

/// What programs do first: they read something, and write something.
const FIRST: [&str; 2] = ["listFrictions", "reportFriction"];

/// What other doors speak: their addresses, what it is, and where that is written.
const STANDARDS: [(&str, &str, &str, &str); 4] = [
    (
        "/ofrep/v1/…",
        "OpenFeature Remote Evaluation: who has a solution switched on",
        "https://github.com/open-feature/protocol",
        "access",
    ),
    (
        "/v1/batch, /v1/track",
        "Segment’s HTTP API: usage events",
        "https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/",
        "usage",
    ),
    ("/events", "CloudEvents: usage events", "https://cloudevents.io", "usage"),
    ("/v1/logs", "OTLP over HTTP: usage events", "https://opentelemetry.io/docs/specs/otlp/", "usage"),
];

/// `GET /api`
pub async fn show(view: View) -> Answer {
    let operations = super::operations();
    Ok(Page::new(None, "For programs", html! {
        "What people do on these pages, programs do by HTTP: " (operations.len()) " operations, JSON in and out, one token."
    })
    .action(html! { a.button href=(DOCUMENT) { "Open the OpenAPI document" } })
    .body(html! {
        (first_call(&view, &operations))
        (trouble())
        section {
            h2 { "Lists and moments" }
            p { "A list is " code { "{\"items\": […], \"next\": null}" } "; " code { "next" } " is " code { "null" } " where this is all. Moments are RFC 3339 in UTC, as in " code { "2026-03-02T08:00:00Z" } "." }
            p { "Answers may get further members in later versions: pass over those you do not know. A request with a member that is not known is refused, so that a misspelt one is not lost." }
        }
        section {
            h2 { "Sending again" }
            p { "Where no answer came, nobody knows whether the write was done. Give each write a name of its own in " code { "Idempotency-Key" } ", a UUID for instance, and send it again as it was: within 24 hours it is not done again, and gets the first answer. An answer that holds a link, which is told once, is not told again: then, and where the server fell in between, the answer is 409, and the write is done." }
        }
        @for stage in Stage::ALL { (of_stage(stage, &operations)) }
        (standards())
    })
    .show(&view))
}

fn first_call(view: &View, operations: &[Operation]) -> Markup {
    let is_administrator = view.who.as_ref().is_some_and(|who| who.is_administrator());
    let address = &view.world.settings().public_url;
    html! {
        section {
            h2 { "The first call" }
            ol {
                li {
                    "Get a token with the scope " code { "read" } ", or " code { "write" } ", which can read too: "
                    @if is_administrator { a href="/tokens" { "make one for your program" } } @else { "an administrator makes one for your program" }
                    ", or " code { "traction token add NAME --scope write" } " does where the server runs."
                }
                li { "Send it in " code { "Authorization: Bearer" } ", or in " code { "X-API-Key" } " where that header is taken." }
                li { "Read something, then write something:" }
            }
            @for operation in FIRST.iter().filter_map(|id| operations.iter().find(|one| one.says["operationId"] == *id)) {
                pre tabindex="0" aria-label={ "Example: " (operation.summary()) } { code { (curl(address, operation)) } }
            }
        }
    }
}

/// The call of an operation from a shell, with the example of the document.
fn curl(address: &str, operation: &Operation) -> String {
    let mut call =
        format!("curl {address}{} \\\n  -H \"Authorization: Bearer $TRACTION_TOKEN\"", operation.path);
    let example = &operation.says["requestBody"]["content"]["application/json"]["example"];
    if !example.is_null() {
        call.push_str(&format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d '{example}'"));
    }
    call
}

fn trouble() -> Markup {
    html! {
        section {
            h2 { "When it says no" }
            p { "The status says which kind of no, and problem details (RFC 9457) say in words what would be right; " code { "field" } " is the member it is about, where it is about one:" }
            pre tabindex="0" aria-label="Example of problem details" { code {
                "{\"type\": \"about:blank\", \"title\": \"Unprocessable Entity\", \"status\": 422,\n \"detail\": \"…\", \"field\": \"title\"}"
            } }
            table.list.folds {
                thead { tr { th { "Status" } th { "What it means" } } }
                tbody { @for (status, says) in troubles() { tr {
                    td { (status) }
                    td { (coded(says)) }
                } } }
            }
        }
    }
}

/// Every status of trouble, and what it means.
fn troubles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let responses = super::document()["components"]["responses"].as_object().into_iter().flatten();
    responses.map(|(status, says)| (status.as_str(), says["description"].as_str().unwrap_or_default()))
}

fn of_stage(stage: Stage, operations: &[Operation]) -> Markup {
    html! {
        section id=(stage.word()) {
            h2 { (stage.title()) }
            table.list.folds {
                thead { tr { th { "Operation" } th { "What it does" } th { "Scope" } } }
                tbody { @for operation in operations.iter().filter(|one| one.says["tags"][0] == stage.word()) { tr {
                    td { strong { (operation.method.to_uppercase()) } " " code { (breakable(operation.path)) } }
                    td { (coded(operation.summary())) }
                    td data-th="Scope" { (scopes(operation)) }
                } } }
            }
        }
    }
}

/// An address that a narrow screen may break after each of its parts.
fn breakable(path: &str) -> Markup {
    html! { @for part in path.split_inclusive('/') { (part) wbr; } }
}

/// A sentence of the document; what stands between backticks in it is code.
fn coded(says: &str) -> Markup {
    html! { @for (n, part) in says.split('`').enumerate() { @if n % 2 == 1 { code { (part) } } @else { (part) } } }
}

/// The scopes that let a program in, in words.
fn scopes(operation: &Operation) -> String {
    let each = operation.says["security"].as_array().into_iter().flatten();
    let mut words: Vec<&str> = each.filter_map(|one| one["bearer"][0].as_str()).collect();
    words.dedup();
    words.join(" or ")
}

fn standards() -> Markup {
    html! {
        section {
            h2 { "Doors with a standard of their own" }
            p { "The real system speaks what it speaks already; each of these is described where it is kept." }
            table.list.folds {
                thead { tr { th { "Address" } th { "What it speaks" } th { "Scope" } } }
                tbody { @for (addresses, speaks, standard, scope) in STANDARDS { tr {
                    td { code { (addresses) } }
                    td data-th="What it speaks" { a href=(standard) { (speaks) } }
                    td data-th="Scope" { (scope) }
                } } }
            }
            p.meta { "How to switch a solution on in your own system, with examples to copy: " a href="/access/guide" { "the guide" } "." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(coded("`a` is < b").into_string(), "<code>a</code> is &lt; b");
    }

    #[test]
    fn a_call_from_a_shell_has_the_body_of_the_document() {
        let says: &'static serde_json::Value = Box::leak(Box::new(serde_json::json!({
            "requestBody": { "content": { "application/json": { "example": { "a": 1 } } } }
        })));
        let operation = Operation { path: "/x", method: "post", says };
        let call = curl("https://t.example", &operation);
        assert!(call.starts_with("curl https://t.example/x \\\n"), "{call}");
        assert!(call.ends_with("-d '{\"a\":1}'"), "{call}");
    }
}
