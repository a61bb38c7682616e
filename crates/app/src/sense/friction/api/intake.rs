//! How a unit takes reports in, for programs; owns its JSON shape.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::sense::friction::intake::Intake;

use crate::org::unit;
use crate::sense::friction::store;
use crate::sense::friction::verbs::care;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

fn told(intake: Intake) -> Json<Value> {
    Json(json!({ "audience": intake.audience.word(), "look": intake.look.word() }))
}

/// How reports are to be taken in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeWish {
    audience: String,
    look: String,
}

/// `GET /api/v1/units/{unit}/intake`
pub async fn show(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let unit = unit::verbs::find(sql, &slug).await?;
    Ok(told(store::intake(sql, unit.id).await?))
}

/// `POST /api/v1/units/{unit}/intake`
pub async fn set(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(wish): Body<IntakeWish>,
) -> Result<Json<Value>, Problem> {
    let unit = unit::verbs::find(world.store().read(), &slug).await?;
    let intake = Intake { audience: wish.audience.parse()?, look: wish.look.parse()? };
    care::set_intake(&world, &program.who, unit.id, intake).await?;
    Ok(told(intake))
}
