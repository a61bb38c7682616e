//! The doors for usage. Each reads its own language; what is behind them is one.

pub mod cloud_events;
pub(in crate::measure::usage) mod door;
pub mod otlp;
pub mod segment;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{options, post};
use axum::{Extension, Router};

use crate::measure::usage::letters;
use crate::world::World;

/// What a method that a door does not have is answered in the door's own language, where it has one.
pub fn wrong_method(request: &Request, says: &str) -> Option<Response> {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    match request.uri().path() {
        "/v1/logs" => Some(otlp::refusal(request.headers(), status, says)),
        path if path.starts_with("/v1/") => Some(segment::refusal(status, says)),
        _ => None,
    }
}

/// The addresses of the doors, which share their places.
pub fn doors() -> Router<World> {
    Router::new()
        .route("/v1/batch", post(segment::batch))
        // As the Ruby client names it.
        .route("/v1/import", post(segment::batch))
        .route("/v1/track", post(segment::track))
        .route("/v1/identify", post(segment::passed_over))
        .route("/v1/group", post(segment::passed_over))
        .route("/v1/page", post(segment::passed_over))
        .route("/v1/screen", post(segment::passed_over))
        .route("/v1/alias", post(segment::passed_over))
        .route("/events", options(cloud_events::may_send).post(cloud_events::take))
        .route("/v1/logs", post(otlp::take))
        .route("/api/v1/dead-letters/again", post(letters::api::all_again))
        .route("/api/v1/dead-letters/{letter}/again", post(letters::api::again))
        .layer(Extension(door::Places::default()))
}
