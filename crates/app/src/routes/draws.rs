//! The addresses of a wave's draw: its sources, its records, its page, how it is checked, and what was decided past it.

use axum::Router;
use axum::routing::{get, post};

use crate::contend::draw::pages::{keep, past, record, run, show, source, verify};
use crate::world::World;

/// Those of people.
pub fn pages() -> Router<World> {
    Router::new()
        .route("/changes/{change}/waves/{n}/sources", post(source::name))
        .route("/changes/{change}/waves/{n}/sources/{source}", post(source::enter_value))
        .route("/changes/{change}/waves/{n}/sources/{source}/correction", post(source::correct))
        .route("/changes/{change}/waves/{n}/sources/{source}/failure", post(source::fail))
        .route("/changes/{change}/waves/{n}/sources/{source}/failure/answer", post(source::answer))
        .route("/changes/{change}/waves/{n}/draw", get(show).post(run))
        .route("/changes/{change}/waves/{n}/draw.json", get(record))
        .route("/changes/{change}/waves/{n}/opening.json", get(keep::opening))
        .route("/changes/{change}/waves/{n}/closing.json", get(keep::closing))
        .route("/changes/{change}/waves/{n}/verify", get(verify::show))
        .route("/changes/{change}/waves/{n}/overrides", post(past::ask))
        .route("/changes/{change}/waves/{n}/overrides/{unit}", post(past::answer))
}
