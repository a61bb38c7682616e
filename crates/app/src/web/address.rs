//! What an address says, in its path and after its question mark, read into types.
//!
//! An address that cannot be read leads nowhere, and is answered like any other that does: pages with a page, programs
//! with problem details. The framework's own extractors would answer in its words.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use crate::trouble::Trouble;
use crate::web::Filled;
use crate::web::failure::{Failure, Problem, problem};

/// The parts of an address's path.
pub struct Path<T>(pub T);

/// What stands after an address's question mark.
pub struct Query<T>(pub T);

/// What stands after an address's question mark, as a form's entries; none where nothing stands there.
pub struct InAddress(pub Filled);

impl<S: Send + Sync> FromRequestParts<S> for InAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<InAddress, Infallible> {
        Ok(InAddress(Filled::read(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Response> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(inner)| Path(inner)).map_err(|_| nowhere(&parts.uri))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Response> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(inner)| Query(inner)).map_err(|refused| {
            if is_for_programs(parts.uri.path()) {
                problem(StatusCode::UNPROCESSABLE_ENTITY, &unread(&parts.uri, &refused.body_text()), None)
            } else {
                nowhere(&parts.uri)
            }
        })
    }
}

/// What is wrong with a parameter, and what it takes.
///
/// - `said`: in the framework's words, which end in the parameter's name and the reason.
fn unread(address: &Uri, said: &str) -> String {
    let told = said.rsplit_once("query string: ").map_or(said, |(_, told)| told);
    let (name, why) = told.split_once(": ").unwrap_or(("", told));
    let entries = Filled::read(address.query().unwrap_or_default().as_bytes());
    let wanted = if why.contains("`true` or `false`") {
        "true or false".to_owned()
    } else if ["digit", "integer", "number"].iter().any(|word| why.contains(word)) {
        "a whole number from 0 on".to_owned()
    } else {
        format!("something else ({why})")
    };
    format!("`{name}` is `{}`; write {wanted}", entries.text(name))
}

/// The answer at an address that leads nowhere.
pub fn nowhere(address: &Uri) -> Response {
    let trouble = Trouble::NotFound { what: "page" };
    if is_for_programs(address.path()) {
        Problem(trouble).into_response()
    } else {
        Failure(trouble).into_response()
    }
}

/// Whether programs ask at this path, and want their answer as JSON.
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/v1/") || path == "/events"
}
