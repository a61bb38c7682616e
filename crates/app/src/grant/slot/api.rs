//! Slots for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use traction_domain::grant::slot::Step;
use traction_domain::id::SlotId;
use traction_domain::time::Moment;

use crate::grant::slot::store::{self, Slot};
use crate::grant::slot::verbs;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

#[derive(Debug, Serialize)]
struct SlotShown {
    id: String,
    change: String,
    wave: Option<usize>,
    unit: String,
    state: &'static str,
    asked: &'static str,
    probability: Option<f64>,
    not_before: String,
    not_after: Option<String>,
    granted_at: String,
}

fn shown(slot: &Slot, now: Moment) -> SlotShown {
    SlotShown {
        id: slot.id.to_string(),
        change: slot.change_slug.to_string(),
        wave: slot.wave_n,
        unit: slot.unit_slug.to_string(),
        state: slot.state(now).word(),
        asked: slot.asked.word(),
        probability: slot.probability,
        not_before: slot.not_before.to_string(),
        not_after: slot.not_after.map(|at| at.to_string()),
        granted_at: slot.granted_at.to_string(),
    }
}

/// What is to happen to a slot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepWish {
    step: String,
    #[serde(default)]
    why: String,
}

/// `GET /api/v1/slots`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<Value>, Problem> {
    let slots = store::all(world.store().read()).await?;
    let items: Vec<SlotShown> = slots.iter().map(|slot| shown(slot, world.now())).collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

/// `GET /api/v1/slots/{slot}`
pub async fn one(
    State(world): State<World>,
    _program: Program,
    Path(id): Path<SlotId>,
) -> Result<Json<Value>, Problem> {
    let slot = store::one(world.store().read(), id).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    Ok(Json(json!(shown(&slot, world.now()))))
}

/// `POST /api/v1/slots/{slot}/steps`
pub async fn step(
    State(world): State<World>,
    program: Program,
    Path(id): Path<SlotId>,
    Body(wish): Body<StepWish>,
) -> Result<Json<Value>, Problem> {
    let step: Step = wish.step.parse()?;
    verbs::step(&world, &program.who, id, step, &wish.why).await?;
    one(State(world), program, Path(id)).await
}
