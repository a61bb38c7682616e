//! Every address that people open on one page, in the loop's order; those for programs stand beside it.

mod draws;
mod programs;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use traction_domain::sense::friction::kiosk;

use crate::sense::{case::pages::voice, friction::pages::intake};
use crate::web::address::nowhere;
use crate::web::{Zone, repeat, simulated, too_large};
use crate::world::{Simulation, World};
use crate::{contend, cycle, grant, measure, offer, org, overview, prove, publish, sense, sustain};

/// The largest body that a page or the API takes: a pasted list, a table of outcomes.
pub const N_BYTES_BODY: usize = 32 << 20;

/// What a page may load: its own files, pictures written into it, nothing of others.
const MAY_LOAD: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The whole program as a service.
pub fn all(world: World) -> Router {
    let says = |value| HeaderValue::from_static(value);
    let doors = Router::new()
        .merge(people())
        .layer(CsrfLayer::new())
        .merge(programs::doors().layer(middleware::from_fn_with_state(world.clone(), repeat::once)))
        .fallback(async |address: Uri| nowhere(&address));
    let doors = match world.settings().simulation {
        Simulation::Real => doors,
        Simulation::Simulated => doors.layer(middleware::from_fn(simulated::say_so)),
    };
    doors
        .layer(Extension(Zone(world.settings().zone.clone())))
        .layer(middleware::from_fn_with_state(world.clone(), settle_after_write))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(N_BYTES_BODY))
        .layer(middleware::from_fn(too_large::in_our_words))
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, says(MAY_LOAD)))
        .layer(SetResponseHeaderLayer::if_not_present(header::X_CONTENT_TYPE_OPTIONS, says("nosniff")))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, says("same-origin")))
        .layer(CatchPanicLayer::new())
        .with_state(world.clone())
        // Its requests need nothing of what pages do; the server hands them there before it looks here.
        .merge(grant::access::api::doors(world, grant::access::api::Pace::default()))
}

/// Doors for people.
fn people() -> Router<World> {
    Router::new()
        .route("/", get(overview::home::show))
        .route("/assets/{name}", get(overview::assets::one))
        .route("/privacy", get(overview::privacy::show))
        .route("/methods", get(overview::methods::list))
        .route("/methods/{name}", get(overview::methods::show))
        .route("/api", get(overview::contract::pages::show))
        .route("/journal", get(overview::journal::show))
        .route("/journal/{seq}/again", post(overview::journal::again))
        .route("/changes/{change}", get(overview::change::show))
        .route("/calendar.ics", get(overview::calendar::all))
        .route("/changes/{change}/calendar.ics", get(overview::calendar::of_change))
        .route("/changes/{change}/waves/{n}/calendar.ics", get(overview::calendar::of_wave))
        // --- org ---
        .route("/sign-in", get(org::session::pages::show).post(org::session::pages::sign_in))
        .route("/sign-out", post(org::session::pages::sign_out))
        .route("/enter/{secret}", get(org::session::pages::link).post(org::session::pages::follow_link))
        .route("/first/{secret}", get(org::session::pages::first).post(org::session::pages::begin))
        .route("/me", get(org::person::pages::me))
        .route("/me/password", post(org::person::pages::set_password))
        .route("/people", get(org::person::pages::list).post(org::person::pages::add))
        .route("/people/{person}", get(org::person::pages::show))
        .route("/people/{person}/roles", post(org::person::pages::give_role))
        .route("/people/{person}/roles/{role}/end", post(org::person::pages::end_role))
        .route("/people/{person}/link", post(org::person::pages::make_link))
        .route("/tokens", get(org::token::pages::list).post(org::token::pages::add))
        .route("/tokens/{token}/end", post(org::token::pages::end))
        .route("/units", get(org::unit::pages::list).post(org::unit::pages::add))
        .route("/units/by-id/{unit}", get(org::unit::pages::by_id))
        .route("/units/{unit}", get(org::unit::pages::show))
        // --- sense ---
        .route("/frictions", get(sense::friction::pages::list).post(sense::friction::pages::report))
        .route("/frictions/new", get(sense::friction::pages::new))
        .route("/frictions/mine", get(sense::friction::pages::mine))
        .route("/frictions/similar", get(sense::friction::pages::similar))
        .route("/frictions/export.csv", get(sense::friction::pages::export::file))
        .route("/frictions/{friction}", get(sense::friction::pages::show))
        .route("/frictions/{friction}/shares", post(sense::friction::pages::share))
        .route("/frictions/{friction}/answers", post(sense::friction::pages::answer))
        .route("/frictions/{friction}/verdicts", post(sense::friction::pages::judge))
        .route("/units/{unit}/looks", post(sense::friction::pages::care::hold_all_back))
        .route("/frictions/{friction}/looks", post(sense::friction::pages::care::look))
        .route("/frictions/{friction}/merges", post(sense::friction::pages::care::merge))
        .route("/frictions/{friction}/metric", post(sense::friction::pages::care::point))
        .route("/frictions/{friction}/diagnosis/{playbook}", get(sense::friction::pages::remedy::ask))
        .route("/frictions/{friction}/trials", post(sense::friction::pages::remedy::try_remedy))
        .route("/units/{unit}/intake", get(intake::show).post(intake::set))
        .route("/units/{unit}/kiosk", get(sense::kiosk::pages::poster).post(sense::kiosk::pages::change))
        .route(
            "/kiosk/{secret}",
            get(sense::kiosk::pages::show)
                .post(sense::kiosk::pages::report)
                .layer(DefaultBodyLimit::max(kiosk::N_BYTES)),
        )
        .route("/diagnosis", get(sense::diagnosis::pages::list))
        .route("/diagnosis/{playbook}", get(sense::diagnosis::pages::show))
        .route("/diagnosis/{playbook}/learnt", get(sense::diagnosis::pages::learnt::show))
        .route("/diagnosis/{playbook}/outcomes", post(sense::diagnosis::pages::learnt::record))
        .route("/cases", get(sense::case::pages::list).post(sense::case::pages::open))
        .route("/cases/{case}", get(sense::case::pages::show))
        .route("/cases/{case}/links", post(sense::case::pages::make_link))
        .route("/cases/{case}/end", post(sense::case::pages::close))
        .route("/cases/{case}/trials", post(sense::case::pages::try_remedy))
        .route("/voices/{secret}", get(voice::show).post(voice::hand_in))
        .route("/playbooks", get(sense::playbook::pages::list).post(sense::playbook::pages::bring))
        .route("/playbooks/{playbook}", get(sense::playbook::pages::show))
        .route("/playbooks/{playbook}/text", get(sense::playbook::pages::text))
        .route("/playbooks/{playbook}/forks", post(sense::playbook::pages::fork))
        .route("/playbooks/{playbook}/offers", post(sense::account::offer::say))
        .route("/letters", get(sense::outbox::pages::list))
        .route("/trials/{trial}", get(sense::trial::pages::show))
        .route("/trials/{trial}/end", post(sense::trial::pages::end))
        .route("/accounts", get(sense::account::pages::list).post(sense::account::pages::open))
        .route("/accounts.csv", get(sense::account::pages::file))
        .route("/accounts/import", post(sense::account::pages::import))
        .route("/accounts/{account}", get(sense::account::pages::one::show))
        .route("/accounts/{account}/holds", post(sense::account::pages::one::hold))
        .route("/accounts/{account}/holds/{hold}/trials", post(sense::account::pages::one::try_remedy))
        .route("/accounts/{account}/cases", post(sense::account::pages::one::ask))
        .route("/ideas", get(sense::idea::pages::list).post(sense::idea::pages::submit))
        .route("/ideas/new", get(sense::idea::pages::new))
        .route("/ideas/{idea}", get(sense::idea::pages::show))
        .route("/ideas/{idea}/moves", post(sense::idea::pages::move_on))
        .route("/ideas/{idea}/copies", post(sense::idea::pages::copy))
        .route("/readiness", get(sense::readiness::pages::show))
        .route("/pulses", post(sense::readiness::pages::open))
        .route("/pulses/{pulse}", get(sense::readiness::pages::pulse::show))
        .route("/pulses/{pulse}/answers", post(sense::readiness::pages::pulse::answer))
        .route("/pulses/{pulse}/links", post(sense::readiness::pages::asked::links))
        .route(
            "/asked/{secret}",
            get(sense::readiness::pages::asked::show).post(sense::readiness::pages::asked::answer),
        )
        .route("/instruments", get(sense::instrument::pages::list).post(sense::instrument::pages::bring))
        .route("/instruments/{instrument}/text", get(sense::instrument::pages::text))
        // --- offer ---
        .route("/changes", get(offer::change::pages::list).post(offer::change::pages::open))
        .route("/changes/new", get(offer::change::pages::new))
        .route(
            "/changes/{change}/prediction",
            get(offer::change::pages::prediction).post(offer::change::pages::lock_prediction),
        )
        .route("/changes/{change}/state", post(offer::change::pages::set_state))
        .route("/changes/{change}/waves", post(offer::wave::pages::announce))
        .route("/changes/{change}/waves/new", get(offer::wave::pages::new))
        // --- contend ---
        .route("/waves", get(contend::wave::list::list))
        .route("/changes/{change}/waves/{n}", get(contend::wave::pages::show))
        .route("/changes/{change}/waves/{n}/live", get(contend::wave::pages::live::open))
        .route("/changes/{change}/waves/{n}/applications", post(contend::application::apply::apply))
        .route("/changes/{change}/waves/{n}/cancellation", post(contend::wave::cancel::post))
        .route("/changes/{change}/waves/{n}/reminder", post(contend::reminder::pages::set))
        .route(
            "/changes/{change}/waves/{n}/policy",
            get(contend::policy::form::show).post(contend::policy::form::set),
        )
        .route("/changes/{change}/waves/{n}/protected", post(contend::policy::pages::protect))
        .merge(draws::pages())
        .route(
            "/applications/{application}",
            get(contend::application::pages::show).post(contend::application::pages::change),
        )
        .route("/applications/{application}/withdrawal", post(contend::application::pages::withdraw))
        // --- grant ---
        .route("/changes/{change}/lapse", get(grant::lapse::pages::show).post(grant::lapse::pages::set))
        .route("/slots", get(grant::slot::pages::list))
        .route("/slots/{slot}", get(grant::slot::pages::show))
        .route("/changes/{change}/slots", get(grant::slot::calendar::pages::show))
        .route("/changes/{change}/slots/{file}", get(grant::slot::calendar::pages::file))
        .route("/slots/{slot}/steps", post(grant::slot::pages::step))
        .route("/access", get(grant::access::pages::show))
        .route("/access/guide", get(grant::access::pages::guide::show))
        // --- cycle ---
        .route(
            "/changes/{change}/guardrails",
            get(cycle::guardrail::pages::show).post(cycle::guardrail::pages::set),
        )
        .route("/cycles", get(cycle::cycle::pages::list).post(cycle::cycle::pages::start))
        .route("/cycles/new", get(cycle::cycle::pages::new))
        .route("/cycles/{cycle}", get(cycle::cycle::pages::show))
        .route("/cycles/{cycle}/prediction", post(cycle::cycle::pages::predict))
        .route("/cycles/{cycle}/notes", post(cycle::cycle::pages::note))
        .route("/cycles/{cycle}/points", post(cycle::cycle::pages::measure))
        .route("/cycles/{cycle}/end", post(cycle::cycle::pages::act))
        .route("/commitments", get(cycle::commitment::pages::list).post(cycle::commitment::pages::commit))
        .route("/commitments/{commitment}", get(cycle::commitment::pages::show))
        .route("/commitments/{commitment}/check-ins", post(cycle::commitment::pages::check_in))
        .route("/commitments/{commitment}/end", post(cycle::commitment::pages::close))
        // --- measure ---
        .route("/usage", get(measure::usage::pages::show))
        .route("/dead-letters", get(measure::usage::letters::pages::list))
        .route("/dead-letters/again", post(measure::usage::letters::pages::all_again))
        .route(
            "/dead-letters/{source}/{letter}",
            get(measure::usage::letters::pages::show).post(measure::usage::letters::pages::mend),
        )
        .route("/dead-letters/{source}/{letter}/leave", post(measure::usage::letters::pages::leave))
        .route("/me/usage", get(measure::usage::subject::pages::show))
        .route("/me/usage/{file}", get(measure::usage::subject::pages::file))
        .route("/me/usage/erase", post(measure::usage::subject::pages::erase))
        .route("/uptake", get(measure::uptake::pages::list))
        .route("/changes/{change}/uptake", get(measure::uptake::pages::show))
        .route("/outcomes", get(measure::outcome::pages::list))
        .route("/outcomes/{metric}", get(measure::outcome::pages::show).post(measure::outcome::pages::take))
        .route("/outcomes/{metric}/corrections.csv", get(measure::outcome::pages::corrections_file))
        .route("/sources", get(measure::source::pages::list).post(measure::source::pages::add))
        .route("/sources/new", get(measure::source::pages::new))
        .route("/sources/{source}", get(measure::source::pages::show).post(measure::source::pages::change))
        .route("/sources/{source}/runs", post(measure::source::pages::run))
        .route("/sources/{source}/end", post(measure::source::pages::remove))
        // --- prove ---
        .route("/evidence", get(prove::evidence::pages::list))
        .route("/evidence/{evidence}", get(prove::evidence::pages::show))
        .route("/evidence/{evidence}/files/{file}", get(prove::evidence::pages::file))
        .route(
            "/changes/{change}/evidence",
            get(prove::evidence::pages::of_change).post(prove::evidence::pages::prove),
        )
        .route("/changes/{change}/plan", get(prove::plan::pages::show))
        // --- publish ---
        .route("/showcases", get(publish::board::pages::show))
        .route("/showcases/{showcase}", get(publish::showcase::pages::show))
        .route("/showcases/{showcase}/end", post(publish::showcase::pages::take_down))
        .route(
            "/evidence/{evidence}/publish",
            get(publish::showcase::pages::new).post(publish::showcase::pages::publish),
        )
        .route("/evidence/{evidence}/consents", post(publish::consent::pages::ask))
        .route(
            "/evidence/{evidence}/consents/{unit}",
            get(publish::consent::pages::show).post(publish::consent::pages::answer),
        )
        .route("/feed.atom", get(publish::feed::pages::show))
        .route("/changes/{change}/gap", get(publish::gap::pages::of_change))
        .route("/units/{unit}/gap", get(publish::gap::pages::of_unit))
        // --- sustain ---
        .route("/hand-overs", get(sustain::hand_over::pages::list).post(sustain::hand_over::pages::propose))
        .route("/hand-overs/new", get(sustain::hand_over::pages::new))
        .route("/hand-overs/{hand_over}", get(sustain::hand_over::pages::show))
        .route("/hand-overs/{hand_over}/accept", post(sustain::hand_over::pages::accept))
        .route("/hand-overs/{hand_over}/decline", post(sustain::hand_over::pages::decline))
        .route("/hand-overs/{hand_over}/withdraw", post(sustain::hand_over::pages::withdraw))
        .route("/watches", get(sustain::watch::pages::list))
        .route("/watches/{unit}/{change}", get(sustain::watch::pages::show))
        .route("/balance", get(sustain::balance::pages::show))
        .route("/tensions", get(sustain::tension::pages::list).post(sustain::tension::name::name))
        .route("/tensions/new", get(sustain::tension::name::new))
        .route("/tensions/{tension}", get(sustain::tension::pages::show))
        .route("/tensions/{tension}/rocks", post(sustain::tension::pages::rock))
        .route("/experts", get(sustain::expert::pages::list).post(sustain::expert::pages::engage))
        .route("/experts/{engagement}", get(sustain::expert::pages::show))
        .route("/experts/{engagement}/reviews", post(sustain::expert::pages::review))
        .route("/experts/{engagement}/end", post(sustain::expert::pages::end))
}

/// Closes the loops of the business before a write is answered, so that the next page shows what followed from it.
async fn settle_after_write(State(world): State<World>, request: Request, next: Next) -> Response {
    let is_write = !request.method().is_safe();
    let response = next.run(request).await;
    if is_write && let Err(broken) = crate::loops::settle(&world).await {
        tracing::error!(%broken, "the loops of the business wait");
    }
    if is_write && let Err(broken) = grant::access::board::refresh(&world).await {
        tracing::error!(%broken, "access is answered from what was known before");
    }
    response
}
