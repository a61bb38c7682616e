//! Uptake for programs: the same as the page shows, nothing about fewer than five people.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use traction_domain::measure::suppression::Shown;

use crate::measure::uptake::read;
use crate::offer::change;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::Program;
use crate::world::World;

/// `GET /api/v1/changes/{change}/uptake`
pub async fn show(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let uptake = read::of_change(sql, &change, world.now()).await?;
    let units: Vec<Value> = uptake
        .units
        .iter()
        .zip(&uptake.reach.parts)
        .map(|((unit, begins), reach)| {
            json!({ "unit": unit.slug.as_str(), "begins_at": begins.to_string(), "reach": share(*reach) })
        })
        .collect();
    let weeks: Vec<Value> = uptake
        .weeks
        .iter()
        .map(|week| {
            let units: serde_json::Map<String, Value> = uptake
                .units
                .iter()
                .zip(&week.units)
                .filter_map(|((unit, _), shown)| Some((unit.slug.to_string(), share((*shown)?))))
                .collect();
            json!({ "week": week.week.begins().date().to_string(), "total": share(week.total), "units": units })
        })
        .collect();
    Ok(Json(json!({
        "change": change.slug.as_str(), "units": units, "weeks": weeks, "reach": share(uptake.reach.total),
        "activation": share(uptake.activation), "stickiness": share(uptake.stickiness),
        "days_to_half": uptake.adoption.and_then(|adoption| adoption.days_to_half),
        "days_to_80_percent": uptake.adoption.and_then(|adoption| adoption.days_to_most),
    })))
}

/// A share, or what is said instead of it.
fn share(shown: Shown) -> Value {
    match shown {
        Shown::Exact(part) => json!({ "count": part.count, "of": part.of, "share": shown.share() }),
        Shown::Few { of } => json!({ "of": of, "shown": "few" }),
        Shown::NearlyAll { of } => json!({ "of": of, "shown": "nearly_all" }),
        Shown::Withheld => json!({ "shown": "withheld" }),
    }
}
