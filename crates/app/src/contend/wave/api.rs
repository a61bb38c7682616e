//! Waves as contenders and programs see them; owns their JSON shape.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::contend::draw::store as draws;
use crate::contend::wave::standing::{self, Draw};
use crate::grant::slot;
use crate::offer::{change, wave};
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

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
                "state": standing::word(wave, draw, world.now()),
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
