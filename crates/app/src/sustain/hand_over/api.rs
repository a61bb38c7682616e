//! Hand-overs for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::sustain::hand_over::store::{self, HandOver};
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// A hand-over as programs read it. People are left to the pages.
#[derive(Debug, Serialize)]
struct HandOverShown {
    id: String,
    unit: String,
    change: String,
    state: &'static str,
    transferred: Vec<String>,
    support_ends: String,
    proposed_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<String>,
}

fn shown(hand_over: &HandOver) -> HandOverShown {
    HandOverShown {
        id: hand_over.id.to_string(),
        unit: hand_over.unit_slug.to_string(),
        change: hand_over.change_slug.to_string(),
        state: hand_over.state.word(),
        transferred: hand_over.transferred.clone(),
        support_ends: hand_over.support_ends.to_string(),
        proposed_at: hand_over.proposed_at.to_string(),
        answered_at: hand_over.answered_at.map(|at| at.to_string()),
    }
}

/// `GET /api/v1/hand-overs`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let all = store::all(world.store().read()).await?;
    let items: Vec<HandOverShown> = all.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}
