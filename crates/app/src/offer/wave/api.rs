//! Waves for programs; owns their JSON shape.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::who::Who;
use traction_domain::time::{Moment, MomentRefused};

use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::{self, Wave};
use crate::offer::wave::verbs;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A program at an address of a wave.
pub struct AtWave {
    /// The world it asks in.
    pub world: World,
    /// Who asks.
    pub who: Who,
    /// The wave's change.
    pub change: Change,
    /// The wave.
    pub wave: Wave,
}

/// The parts of an address that name a wave; others are its handler's.
#[derive(Debug, Deserialize)]
struct Named {
    change: String,
    n: usize,
}

impl FromRequestParts<World> for AtWave {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<AtWave, Response> {
        let who = Program::from_request_parts(parts, world).await?.who;
        let Path(Named { change, n }) = Path::from_request_parts(parts, world).await?;
        let found = verbs::find(world.store().read(), &change, n).await;
        let (change, wave) = found.map_err(|trouble| Problem(trouble).into_response())?;
        Ok(AtWave { world: world.clone(), who, change, wave })
    }
}

#[derive(Debug, Serialize)]
struct WaveShown {
    n: usize,
    slots: usize,
    opens_at: String,
    closes_at: String,
    starts_at: String,
    ends_at: Option<String>,
    pledge: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<CancelledShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

/// That a wave is cancelled.
#[derive(Debug, Serialize)]
struct CancelledShown {
    why: String,
    who: String,
    at: String,
}

fn shown(wave: &Wave) -> WaveShown {
    let cancelled = wave.cancelled.clone();
    let cancelled =
        cancelled.map(|one| CancelledShown { why: one.why, who: one.who, at: one.at.to_string() });
    WaveShown {
        n: wave.n,
        slots: wave.n_slots,
        opens_at: wave.opens_at.to_string(),
        closes_at: wave.closes_at.to_string(),
        starts_at: wave.starts_at.to_string(),
        ends_at: wave.ends_at.map(|at| at.to_string()),
        pledge: wave.pledge.clone(),
        cancelled,
        warning: None,
    }
}

/// A wave as programs announce it; times are RFC 3339.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveWish {
    slots: u32,
    opens_at: String,
    closes_at: String,
    starts_at: String,
    ends_at: Option<String>,
    pledge: String,
}

impl WaveWish {
    fn times(&self) -> Result<WaveTimes, MomentRefused> {
        Ok(WaveTimes {
            opens_at: self.opens_at.parse()?,
            closes_at: self.closes_at.parse()?,
            starts_at: self.starts_at.parse()?,
            ends_at: self.ends_at.as_deref().map(str::parse::<Moment>).transpose()?,
        })
    }
}

/// `GET /api/v1/changes/{change}/waves`
pub async fn list(
    State(world): State<World>,
    _program: Program,
    Path(slug): Path<String>,
) -> Result<Json<serde_json::Value>, Problem> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let waves = store::of_change(sql, change.id).await?;
    let items: Vec<WaveShown> = waves.iter().map(shown).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

/// `POST /api/v1/changes/{change}/waves`
pub async fn announce(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(wish): Body<WaveWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let times = wish.times()?;
    let id = verbs::announce(&world, &program.who, &change, wish.slots, times, &wish.pledge).await?;
    let wave = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    let warnings = verbs::warnings(&world, &wave).await?;
    let warning = Some(warnings.join("; ")).filter(|says| !says.is_empty());
    let shown = WaveShown { warning, ..shown(&wave) };
    Ok((StatusCode::CREATED, Json(serde_json::json!(shown))).into_response())
}
