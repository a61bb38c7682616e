//! Answers of the protocol: their bodies, and the headers of each kind, which are laid out once and copied.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::edge::{JSON, readers};

/// Of an answer to one flag.
static ONE: LazyLock<HeaderMap> = LazyLock::new(|| readers().into_iter().chain([of_json()]).collect());

/// Of an answer to all flags.
static ALL: LazyLock<HeaderMap> =
    LazyLock::new(|| readers().into_iter().chain([of_json()]).chain(of_all()).collect());

/// Of one that is packed.
static ALL_PACKED: LazyLock<HeaderMap> = LazyLock::new(|| {
    let packed = (CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    readers().into_iter().chain([of_json(), packed]).chain(of_all()).collect()
});

/// Of the answer that nothing changed.
static UNCHANGED: LazyLock<HeaderMap> = LazyLock::new(|| readers().into_iter().chain(of_all()).collect());

/// A body in two parts, neither of which is copied.
struct InParts {
    parts: [Bytes; 2],
    n_sent: usize,
}

/// To one flag.
pub(super) fn one(text: String) -> Response {
    laid_out(&ONE, Body::from(text))
}

/// To all flags.
pub(super) fn all(text: String, tag: &str) -> Response {
    tagged(laid_out(&ALL, Body::from(text)), tag)
}

/// To all flags, packed by gzip.
pub(super) fn all_packed(parts: [Bytes; 2], tag: &str) -> Response {
    tagged(laid_out(&ALL_PACKED, Body::new(InParts { parts, n_sent: 0 })), tag)
}

/// That all flags are as they were.
pub(super) fn unchanged(tag: &str) -> Response {
    let mut response = laid_out(&UNCHANGED, Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    tagged(response, tag)
}

fn laid_out(headers: &HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.headers_mut() = headers.clone();
    response
}

/// The tag is made of digits and signs that a header may have; without it an answer is a whole one all the same.
fn tagged(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    match HeaderValue::from_str(tag) {
        Ok(tag) => drop(headers.insert(ETAG, tag)),
        Err(_) => drop(headers.remove(ETAG)),
    }
    response
}

fn of_json() -> (HeaderName, HeaderValue) {
    (CONTENT_TYPE, JSON)
}

/// With the place of the tag.
fn of_all() -> [(HeaderName, HeaderValue); 3] {
    [
        (ETAG, HeaderValue::from_static("")),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ]
}

impl HttpBody for InParts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let n_sent = self.n_sent;
        let part = self.parts.get_mut(n_sent).map(std::mem::take);
        self.n_sent += usize::from(part.is_some());
        Poll::Ready(part.map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.n_sent == self.parts.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.parts.iter().map(|part| part.len() as u64).sum())
    }
}
