//! Applications for programs; owns their JSON shape.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::contend::application as rules;
use traction_domain::contend::policy::Contenders;

use crate::contend::application::store::Application;
use crate::contend::application::{pages, run, store};
use crate::contend::policy;
use crate::grant::slot;
use crate::offer::wave::api::AtWave;
use crate::org::unit;
use crate::web::failure::Problem;
use crate::web::token::Body;

/// An application as programs send it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationWish {
    unit: String,
    pain: String,
    aim: String,
    owner: String,
    /// Left out or empty: what the wave asks.
    #[serde(default)]
    pledge: String,
}

/// `GET /api/v1/changes/{change}/waves/{n}/applications`: what everybody may see of those who contend.
pub async fn list(AtWave { world, wave, .. }: AtWave) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let shown = policy::store::of_wave(sql, wave.id).await?.contenders;
    let contending = slot::store::contending(sql, wave.id, world.now()).await?;
    let mut live = store::live_of_wave(sql, wave.id).await?;
    live.retain(|one| contending.contains(&one.unit));
    let item = |one: &Application| match shown {
        Contenders::Counted => None,
        Contenders::Named => Some(json!({ "unit": one.unit_slug.to_string() })),
        Contenders::Told => Some(
            json!({ "unit": one.unit_slug.to_string(), "pain": one.written.pain, "aim": one.written.aim }),
        ),
    };
    let items: Vec<Value> = live.iter().filter_map(item).collect();
    let word = policy::store::contenders_word(shown);
    Ok(Json(json!({ "contenders": live.len(), "shown": word, "items": items, "next": null })))
}

/// `POST /api/v1/changes/{change}/waves/{n}/applications`
pub async fn apply(
    AtWave { world, who, wave, .. }: AtWave,
    Body(wish): Body<ApplicationWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let unit = unit::verbs::find(sql, &wish.unit).await?.id;
    let pledge = pages::pledge(&wish.pledge, &wave);
    let written = rules::Application::written(&wish.pain, &wish.aim, &wish.owner, pledge)?;
    let id = run::apply(&world, &who, &wave, unit, &written).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))).into_response())
}
