//! Every page of a simulated organisation says that it is one.
//!
//! Said here, on the way out, and by no page itself: so that none can forget it, neither those that know nobody (signing
//! in, nothing here) nor a report that is taken along.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use maud::html;

use crate::trouble::Broken;
use crate::web::failure::Failure;

/// Puts the sentence in front of what a page has to say.
pub async fn say_so(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_page = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html");
    if !response.headers().get(CONTENT_TYPE).is_some_and(is_page) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let page = match body.collect().await {
        Ok(page) => page.to_bytes(),
        Err(error) => return Failure(Broken::accident("reading a page", error).into()).into_response(),
    };
    let page = String::from_utf8_lossy(&page);
    let Some(at) = page.find("<main") else {
        return Response::from_parts(parts, Body::from(page.into_owned()));
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from([&page[..at], &notice(), &page[at..]].concat()))
}

/// The sentence as it stands in a page.
pub fn notice() -> String {
    let notice = html! {
        aside.simulated aria-label="About this organisation" {
            "A simulated organisation: nobody here is real, and the true effects are known."
        }
    };
    notice.into_string()
}

/// A page as it was before the sentence was put into it; `None` where the sentence is not in it.
pub fn without_notice(page: &[u8]) -> Option<Vec<u8>> {
    let page = std::str::from_utf8(page).ok()?;
    let (before, after) = page.split_once(&notice())?;
    Some([before, after].concat().into_bytes())
}
