//! Uptake for programs: the same as the page shows, nothing about fewer than five people.

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::measure::uptake::json;
use crate::measure::uptake::read::{self, Weeks};
use crate::offer::change;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// Weeks that are told unit by unit.
const N_WEEKS: u32 = 26;

/// `GET /api/v1/changes/{change}/uptake`
pub async fn show(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let uptake = read::of_change(sql, &change, world.now(), Weeks::Last(N_WEEKS)).await?;
    Ok(Json(json::of(&change, &uptake)))
}
