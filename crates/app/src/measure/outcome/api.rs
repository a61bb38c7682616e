//! Outcomes for programs; owns their JSON shape.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use traction_domain::measure::outcome::{Outcome, measured};
use traction_domain::refusal::Refusal;

use crate::measure::import::store as known;
use crate::measure::outcome::store::{self, Taken};
use crate::measure::outcome::verbs::{self, Mode};
use crate::offer::metric;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// An outcome as programs send it.
#[derive(Debug, Deserialize, Serialize)]
pub struct OutcomeWish {
    unit: String,
    period: String,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
}

/// Why a row of a program's was not taken.
#[derive(Debug, thiserror::Error)]
#[error("row {row} ({unit}, {period}): {why}")]
struct RowRefused {
    row: usize,
    unit: String,
    period: String,
    why: String,
}

impl Refusal for RowRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

/// `POST /api/v1/metrics/{metric}/outcomes`: a list of rows; all of them or none.
pub async fn take(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(wishes): Body<Vec<OutcomeWish>>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &slug).await?;
    let units = known::units(sql).await?;
    let mut seen = BTreeSet::new();
    let mut rows = Vec::with_capacity(wishes.len());
    for (row, wish) in (1..).zip(&wishes) {
        let refused =
            |why: String| RowRefused { row, unit: wish.unit.clone(), period: wish.period.clone(), why };
        let unit = units
            .get(&wish.unit)
            .ok_or_else(|| refused("there is no such unit; add it first, or correct the name".into()))?
            .id;
        let period = wish
            .period
            .parse()
            .map_err(|error: traction_stats::panel::NotAPeriod| refused(error.to_string()))?;
        let measured = measured(wish.value, wish.numerator, wish.denominator)
            .map_err(|error| refused(error.to_string()))?;
        if !seen.insert((unit, period)) {
            return Err(refused("it is there twice; send one of them".into()).into());
        }
        rows.push((unit, Outcome { period, measured }));
    }
    let bytes = serde_json::to_vec(&wishes).unwrap_or_default();
    let sha256 = hex::encode(Sha256::digest(bytes));
    let taken = Taken { kind: "outcomes", sha256: &sha256, n_rows: rows.len() };
    let recorded = verbs::take(&world, &program.who, metric.id, taken, &rows, Mode::Take).await?;
    Ok(Json(json!({
        "rows": rows.len(), "new": recorded.n_new, "corrected": recorded.n_corrected, "unchanged": recorded.n_unchanged,
    })))
}

/// `GET /api/v1/metrics/{metric}/outcomes`
pub async fn list(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let metric = metric::verbs::find(sql, &slug).await?;
    let items: Vec<Value> = store::panel(sql, metric.id, None)
        .await?
        .iter()
        .map(|outcome| {
            json!({ "unit": outcome.slug.as_str(), "period": outcome.period.to_string(), "value": outcome.value })
        })
        .collect();
    Ok(Json(json!({ "items": items, "next": null })))
}
