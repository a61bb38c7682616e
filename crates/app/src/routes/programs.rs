//! Every address for programs, in the loop's order. What each takes and answers stands in its stage's `openapi.json`.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::web::failure;
use crate::world::World;
use crate::{contend, cycle, grant, measure, offer, overview, prove, publish, sense, sustain};

/// Doors for programs: they bring a token, never a cookie.
pub fn doors() -> Router<World> {
    Router::new()
        .route("/healthz", get(async || "alive"))
        .route("/readyz", get(ready))
        .route("/api/openapi.json", get(overview::contract::api::document))
        // --- sense ---
        .route("/api/v1/frictions", get(sense::friction::api::list).post(sense::friction::api::report))
        .route("/api/v1/frictions/{friction}", get(sense::friction::api::one))
        .route("/api/v1/frictions/{friction}/answers", post(sense::friction::api::answer))
        .route("/api/v1/frictions/{friction}/looks", post(sense::friction::api::look))
        .route("/api/v1/frictions/{friction}/merges", post(sense::friction::api::merge))
        .route("/api/v1/frictions/{friction}/metric", post(sense::friction::api::point))
        .route(
            "/api/v1/units/{unit}/intake",
            get(sense::friction::api::intake::show).post(sense::friction::api::intake::set),
        )
        .route("/api/v1/units/{unit}/kiosk", post(sense::kiosk::api::change))
        .route("/api/v1/ideas", get(sense::idea::api::list).post(sense::idea::api::submit))
        .route("/api/v1/ideas/{idea}/moves", post(sense::idea::api::move_on))
        .route("/api/v1/ideas/{idea}/copies", post(sense::idea::api::copy))
        .route("/api/v1/playbooks", get(sense::playbook::api::list).post(sense::playbook::api::bring))
        .route("/api/v1/playbooks/{playbook}", get(sense::playbook::api::one))
        .route(
            "/api/v1/diagnosis/{playbook}",
            get(sense::diagnosis::api::begin).post(sense::diagnosis::api::ask),
        )
        .route("/api/v1/cases", get(sense::case::api::list).post(sense::case::api::open))
        .route("/api/v1/cases/{case}", get(sense::case::api::one))
        .route("/api/v1/cases/{case}/links", post(sense::case::api::make_link))
        .route("/api/v1/cases/{case}/end", post(sense::case::api::close))
        .route("/api/v1/accounts", get(sense::account::api::list).post(sense::account::api::open))
        .route("/api/v1/accounts/{account}/holds", post(sense::account::api::hold))
        // --- offer ---
        .route("/api/v1/changes", get(offer::change::api::list).post(offer::change::api::open))
        .route("/api/v1/changes/{change}", get(offer::change::api::one))
        .route("/api/v1/changes/{change}/waves", get(offer::wave::api::list).post(offer::wave::api::announce))
        // --- contend ---
        .route("/api/v1/waves", get(contend::wave::api::list))
        .route(
            "/api/v1/changes/{change}/waves/{n}/applications",
            get(contend::application::api::list).post(contend::application::api::apply),
        )
        .route(
            "/api/v1/changes/{change}/waves/{n}/draw",
            get(contend::draw::api::record).post(contend::draw::api::run),
        )
        .route(
            "/api/v1/changes/{change}/waves/{n}/policy",
            get(contend::policy::api::show).post(contend::policy::api::set),
        )
        .route(
            "/api/v1/changes/{change}/waves/{n}/places",
            get(contend::policy::api::places).post(contend::policy::api::decide),
        )
        .route(
            "/api/v1/changes/{change}/waves/{n}/sources",
            get(contend::draw::api::sources).post(contend::draw::api::name),
        )
        .route("/api/v1/changes/{change}/waves/{n}/sources/{k}/values", post(contend::draw::api::enter))
        .route("/api/v1/changes/{change}/waves/{n}/cancellation", post(contend::wave::api::cancel))
        // --- grant ---
        .route("/api/v1/changes/{change}/lapse", get(grant::lapse::api::show).post(grant::lapse::api::set))
        .route("/api/v1/slots", get(grant::slot::api::list))
        .route("/api/v1/slots/{slot}", get(grant::slot::api::one))
        .route("/api/v1/slots/{slot}/steps", post(grant::slot::api::step))
        // --- cycle ---
        .route("/api/v1/cycles", get(cycle::cycle::api::list).post(cycle::cycle::api::start))
        // --- measure ---
        .route("/api/v1/changes/{change}/uptake", get(measure::uptake::api::show))
        .route(
            "/api/v1/metrics/{metric}/outcomes",
            get(measure::outcome::api::list).post(measure::outcome::api::take),
        )
        .route(
            "/api/v1/metrics/{metric}/calendar",
            get(measure::outcome::api::calendar).post(measure::outcome::api::set_calendar),
        )
        .route("/api/v1/metrics/{metric}/corrections", get(measure::outcome::api::corrections))
        .route("/api/v1/sources", get(measure::source::api::list).post(measure::source::api::add))
        .route(
            "/api/v1/sources/{source}",
            get(measure::source::api::one)
                .post(measure::source::api::change)
                .delete(measure::source::api::remove),
        )
        .route("/api/v1/sources/{source}/runs", post(measure::source::api::run))
        .route("/api/v1/dead-letters", get(measure::usage::letters::api::list))
        .merge(measure::usage::api::doors())
        // --- prove ---
        .route("/api/v1/changes/{change}/evidence", post(prove::evidence::api::prove))
        .route("/api/v1/evidence/{evidence}", get(prove::evidence::api::one))
        // --- publish ---
        .route("/api/v1/showcases", get(publish::showcase::api::list).post(publish::showcase::api::publish))
        // --- sustain ---
        .route("/api/v1/hand-overs", get(sustain::hand_over::api::list))
        .route("/api/v1/watches", get(sustain::watch::api::list))
        .method_not_allowed_fallback(wrong_method)
}

/// An address that has other methods; the framework adds which in `Allow`.
async fn wrong_method(request: Request) -> Response {
    let says = "this address has no such method; `Allow` names those that it has";
    measure::usage::api::wrong_method(&request, says)
        .unwrap_or_else(|| failure::problem(StatusCode::METHOD_NOT_ALLOWED, says, None))
}

async fn ready(State(world): State<World>) -> Response {
    match world.store().read().last_entry().await {
        Ok(_) => "ready".into_response(),
        Err(broken) => (StatusCode::SERVICE_UNAVAILABLE, failure::logged(&broken)).into_response(),
    }
}
