//! The rule by which slots of a change lapse, for programs; owns its JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use traction_domain::grant::slot::LapseRule;

use crate::grant::lapse::store::Set;
use crate::grant::lapse::{store, verbs};
use crate::offer::change;
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A rule as it was said: it counts for waves that open from `set_at` on, until the next.
#[derive(Debug, Serialize)]
struct RuleShown {
    days: Option<u32>,
    set_at: String,
}

fn shown(set: &Set) -> RuleShown {
    RuleShown { days: set.rule.map(LapseRule::days), set_at: set.set_at.to_string() }
}

/// What is to be the rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleWish {
    /// After how many days without use; `null`: none lapses by itself.
    days: Option<u32>,
}

/// `GET /api/v1/changes/{change}/lapse`: the rule that counts now, and all that were said, the first first.
pub async fn show(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(of_change(world.store().read(), &slug).await?))
}

async fn of_change(sql: &Sql, slug: &str) -> Result<Value, Trouble> {
    let change = change::verbs::find(sql, slug).await?;
    let rules = store::of_change(sql, change.id).await?;
    let days = rules.last().and_then(|set| set.rule).map(LapseRule::days);
    let said: Vec<RuleShown> = rules.iter().map(shown).collect();
    Ok(json!({ "change": change.slug.to_string(), "days": days, "said": said }))
}

/// `POST /api/v1/changes/{change}/lapse`: says it anew.
pub async fn set(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(wish): Body<RuleWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let rule = wish.days.map(LapseRule::after_days).transpose()?;
    verbs::set(&world, &program.who, &change, rule).await?;
    Ok((StatusCode::CREATED, Json(of_change(sql, &slug).await?)).into_response())
}
