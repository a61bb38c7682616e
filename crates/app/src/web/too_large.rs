//! A body that is too large, where a layer said so in words of its own.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use traction_domain::sense::friction::kiosk;

use super::failure;
use crate::routes::N_BYTES_BODY;

/// Says in our words that a body is too large, where a layer said it in its own.
pub async fn in_our_words(request: Request, next: Next) -> Response {
    let address = request.uri().clone();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && is_plain {
        let is_kiosk = address.path().starts_with("/kiosk/");
        failure::too_large(&address, if is_kiosk { kiosk::N_BYTES } else { N_BYTES_BODY })
    } else {
        response
    }
}
