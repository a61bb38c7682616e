//! Waves as contenders and programs see them; owns their JSON shape.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::contend::draw::store as draws;
use crate::contend::wave::standing::{self, Draw};
use crate::contend::wave::verbs;
use crate::grant::slot;
use crate::offer::wave::api::AtWave;
use crate::offer::{change, wave};
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// Why a wave is cancelled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelWish {
    why: String,
}

/// `POST /api/v1/changes/{change}/waves/{n}/cancellation`
pub async fn cancel(
    AtWave { world, who, change, wave }: AtWave,
    Body(wish): Body<CancelWish>,
) -> Result<Response, Problem> {
    verbs::cancel(&world, &who, &change, &wave, &wish.why).await?;
    Ok((StatusCode::CREATED, Json(json!({ "state": "cancelled" }))).into_response())
}

/// `GET /api/v1/waves`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let changes: BTreeMap<_, _> =
        change::store::all(sql).await?.into_iter().map(|change| (change.id, change.slug)).collect();
    let contenders = slot::store::contenders(sql, world.now()).await?;
    let drawn: BTreeSet<_> = draws::drawn_waves(sql).await?.into_iter().collect();
    let waves = wave::store::all(sql).await?;
    let items: Vec<Value> = waves
        .iter()
        .map(|wave| {
            let draw = if drawn.contains(&wave.id) { Draw::Run } else { Draw::Ahead };
            json!({
                "change": changes.get(&wave.change).map(ToString::to_string),
                "wave": wave.n,
                "state": standing::word(wave, draw, contenders.get(&wave.id).copied().unwrap_or(0), world.now()),
                "slots": wave.n_slots,
                "contenders": contenders.get(&wave.id).copied().unwrap_or(0),
                "opens_at": wave.opens_at.to_string(),
                "closes_at": wave.closes_at.to_string(),
                "starts_at": wave.starts_at.to_string(),
                "ends_at": wave.ends_at.map(|at| at.to_string()),
            })
        })
        .collect();
    Ok(Json(json!({ "items": items, "next": null })))
}
