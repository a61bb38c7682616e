//! The edge of the door: bodies, and answers in the protocol whatever went wrong, also in front of our own code.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CONTENT_TYPE, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt, future};
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use serde_json::json;

/// The largest body that is read; a context is a few hundred bytes.
const N_BYTES_BODY: usize = 1 << 20;

/// How much of a body that is too large is still taken in, so that its sender is there to hear the answer.
const N_BYTES_HEARD_OUT: usize = 16 << 20;

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why a request is not answered.
pub(super) struct Wrong {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) says: String,
}

impl Wrong {
    /// The body is at fault.
    pub(super) fn body(code: &'static str, says: impl Into<String>) -> Wrong {
        Wrong { status: StatusCode::BAD_REQUEST, code, says: says.into() }
    }

    /// As the protocol has it; `key` is the flag where one was asked for.
    pub(super) fn answer(self, key: Option<&str>) -> Response {
        let mut body = json!({ "errorCode": self.code, "errorDetails": self.says });
        if let Some(key) = key {
            body["key"] = json!(key);
        }
        let mut response = (self.status, [(CONTENT_TYPE, JSON)], body.to_string()).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&self.status) {
            // Whole seconds: a date breaks clients.
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Whether whoever asks takes an answer packed by gzip: he names it, or whatever there is, and not with the weight of
/// nothing (RFC 9110, 12.5.3).
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let (mut named, mut any) = (None, false);
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    for coding in lines.flat_map(|line| line.split(',')) {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let takes = !parts
            .filter_map(|part| part.split_once('='))
            .any(|(name, weight)| name.trim().eq_ignore_ascii_case("q") && weight.trim().parse() == Ok(0.0));
        match name {
            "*" => any = takes,
            name if name.eq_ignore_ascii_case("gzip") => named = Some(takes),
            _ => {}
        }
    }
    named.unwrap_or(any)
}

/// The body, if it comes in time and is not too large.
pub(super) async fn read<B>(body: B, patience: Duration) -> Result<Bytes, Wrong>
where
    B: HttpBody<Data = Bytes>,
{
    let mut reading = pin!(collected(body));
    // Nearly always it is there already, and no clock need be set.
    if let Some(done) = future::poll_immediate(&mut reading).await {
        return done;
    }
    let late = |_| Wrong {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "GENERAL",
        says: "this took too long; come back in a second".into(),
    };
    tokio::time::timeout(patience, reading).await.map_err(late)?
}

async fn collected<B: HttpBody<Data = Bytes>>(body: B) -> Result<Bytes, Wrong> {
    let mut body = pin!(body);
    let (mut first, mut rest, mut n_heard) = (Bytes::new(), Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Wrong::body("PARSE_ERROR", "the body broke off"))?;
        let Ok(part) = frame.into_data() else { continue };
        n_heard += part.len();
        if n_heard == part.len() {
            first = part;
        } else if n_heard <= N_BYTES_BODY {
            rest.extend_from_slice(&part);
        } else if n_heard > N_BYTES_HEARD_OUT {
            break;
        }
    }
    if n_heard > N_BYTES_BODY {
        return Err(Wrong {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "GENERAL",
            says: "the body is larger than 1 MiB; send only what the evaluation needs".into(),
        });
    }
    Ok(if rest.is_empty() { first } else { [&first[..], &rest].concat().into() })
}

/// Puts whatever goes wrong into the protocol, an accident too; `key` is the flag where one was asked for. Pages of other
/// sites may read that; an answer says so by itself.
pub(super) async fn in_the_protocol(
    key: Option<&str>,
    answering: impl Future<Output = Result<Response, Wrong>>,
) -> Response {
    let broken = || Wrong {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        code: "GENERAL",
        says: "something broke on our side; the application's own default applies".into(),
    };
    let done = AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(|_| Err(broken()));
    done.unwrap_or_else(|wrong| readable(wrong.answer(key)))
}

/// Lets pages of other sites read an answer.
pub(super) fn readable(mut response: Response) -> Response {
    response.headers_mut().extend(readers());
    response
}

/// What lets pages of other sites read an answer.
pub(super) fn readers() -> [(HeaderName, HeaderValue); 2] {
    [
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, Retry-After")),
    ]
}

/// A method that nothing here has; `allowed` are those there are.
pub(super) fn wrong_method(allowed: &'static str, key: Option<&str>) -> Response {
    let says = if allowed.starts_with("GET") { "open it with GET" } else { "ask with POST" };
    let wrong = Wrong { status: StatusCode::METHOD_NOT_ALLOWED, code: "GENERAL", says: says.into() };
    let mut response = wrong.answer(key);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    readable(response)
}

/// An address of the door's where nothing answers.
pub(super) fn elsewhere() -> Response {
    let says = "nothing answers here; ask /ofrep/v1/evaluate/flags, or /ofrep/v1/evaluate/flags/ and a key";
    readable(Wrong { status: StatusCode::NOT_FOUND, code: "GENERAL", says: says.into() }.answer(None))
}

/// The flag's key as it stands in an address, if it is UTF-8.
pub(super) fn readable_key(key: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(key).decode_utf8().ok()
}

/// `OPTIONS`: a browser asks whether a page of another site may ask.
pub(super) fn preflight() -> Response {
    let may = [
        (ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, if-none-match, x-api-key"),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    readable((StatusCode::NO_CONTENT, may).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    async fn breaks() -> Result<Response, Wrong> {
        panic!("an accident")
    }

    #[tokio::test]
    async fn an_accident_is_told_in_the_protocol_with_the_flag_that_was_asked_for() {
        let answer = in_the_protocol(Some("a b"), breaks()).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&said["key"], &said["errorCode"]), (&json!("a b"), &json!("GENERAL")));
    }
}
