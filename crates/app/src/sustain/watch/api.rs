//! Watches for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::judged::{self, JudgedWatch, Seen};
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// A watch as programs read it.
#[derive(Debug, Serialize)]
struct WatchShown {
    unit: String,
    change: String,
    handed_over_at: String,
    support_ends: String,
    outcome: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    uptake: Option<Verdict>,
}

#[derive(Debug, Serialize)]
struct Verdict {
    kind: &'static str,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    false_alarms_a_year: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    readings_to_notice: Option<usize>,
}

fn verdict(seen: &Seen) -> Verdict {
    let promise = seen.judged.promise;
    Verdict {
        kind: seen.judged.kind.word(),
        says: seen.judged.says.clone(),
        false_alarms_a_year: promise.map(|promise| promise.false_alarms_a_year),
        readings_to_notice: promise.map(|promise| promise.n_readings_to_notice),
    }
}

fn shown(one: &JudgedWatch) -> WatchShown {
    WatchShown {
        unit: one.watch.unit_slug.to_string(),
        change: one.watch.change_slug.to_string(),
        handed_over_at: one.watch.handed_over.to_string(),
        support_ends: one.watch.support_ends.to_string(),
        outcome: verdict(&one.outcome),
        uptake: one.uptake.as_ref().map(verdict),
    }
}

/// `GET /api/v1/watches`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let watches = judged::all(world.store().read()).await?;
    let items: Vec<WatchShown> = watches.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}
