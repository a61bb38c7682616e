//! The edge of the door: bodies, and answers in the protocol whatever went wrong, also in front of our own code.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CONTENT_TYPE, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
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

/// The body, if it is not too large.
pub(super) async fn read(mut body: Body) -> Result<Vec<u8>, Wrong> {
    let (mut bytes, mut n_heard) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Wrong::body("PARSE_ERROR", "the body broke off"))?;
        let Some(part) = frame.data_ref() else { continue };
        n_heard += part.len();
        if n_heard <= N_BYTES_BODY {
            bytes.extend_from_slice(part);
        } else if n_heard > N_BYTES_HEARD_OUT {
            break;
        }
    }
    if n_heard <= N_BYTES_BODY {
        return Ok(bytes);
    }
    Err(Wrong {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "GENERAL",
        says: "the body is larger than 1 MiB; send only what the evaluation needs".into(),
    })
}

/// Puts what comes from in front of our own code (a wrong method, an accident, a time-out) into the protocol, and
/// lets pages of other sites read every answer.
pub(super) async fn in_the_protocol(request: Request, next: Next) -> Response {
    let address = request.uri().clone();
    let mut response = next.run(request).await;
    let status = response.status();
    let is_trouble = status.is_client_error() || status.is_server_error();
    if is_trouble && response.headers().get(CONTENT_TYPE) != Some(&JSON) {
        let says = match status {
            StatusCode::METHOD_NOT_ALLOWED if address.path().ends_with("/streams") => "open it with GET",
            StatusCode::METHOD_NOT_ALLOWED => "ask with POST",
            StatusCode::SERVICE_UNAVAILABLE => "this took too long; come back in a second",
            _ => "something broke on our side; the application's own default applies",
        };
        let allow = response.headers_mut().remove(ALLOW);
        response =
            Wrong { status, code: "GENERAL", says: says.into() }.answer(key_in(address.path()).as_deref());
        if let Some(allow) = allow {
            response.headers_mut().insert(ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, Retry-After"));
    response
}

/// An address of the door's where nothing answers.
pub(super) async fn elsewhere() -> Response {
    let says = "nothing answers here; ask /ofrep/v1/evaluate/flags, or /ofrep/v1/evaluate/flags/ and a key";
    Wrong { status: StatusCode::NOT_FOUND, code: "GENERAL", says: says.into() }.answer(None)
}

/// The flag's key in an address of one flag.
fn key_in(path: &str) -> Option<String> {
    let (_, key) = path.split_once("/evaluate/flags/")?;
    Some(percent_decode_str(key).decode_utf8_lossy().into_owned())
}

/// `OPTIONS`: a browser asks whether a page of another site may ask.
pub(super) async fn preflight() -> Response {
    let may = [
        (ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, if-none-match, x-api-key"),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, may).into_response()
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use axum::{Router, middleware};
    use serde_json::Value;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    async fn breaks() -> StatusCode {
        panic!("an accident")
    }

    #[tokio::test]
    async fn an_accident_is_told_in_the_protocol_with_the_flag_that_was_asked_for() {
        let door = Router::new()
            .route("/ofrep/v1/evaluate/flags/{key}", post(breaks))
            .route_layer(CatchPanicLayer::new())
            .route_layer(middleware::from_fn(in_the_protocol));
        let request = Request::post("/ofrep/v1/evaluate/flags/a%20b").body(Body::empty()).unwrap();
        let answer = door.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&said["key"], &said["errorCode"]), (&json!("a b"), &json!("GENERAL")));
    }
}
