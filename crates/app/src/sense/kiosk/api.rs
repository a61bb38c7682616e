//! Kiosks for programs; owns their JSON shape.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::json;

use crate::org::unit;
use crate::sense::kiosk::pages::link;
use crate::sense::kiosk::verbs;
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::repeat::ToldOnce;
use crate::web::token::{Body, Program};
use crate::world::World;

/// What is to become of a unit's link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskWish {
    /// `open`, `renew` or `close`.
    #[serde(rename = "do")]
    what: String,
}

/// `POST /api/v1/units/{unit}/kiosk`: opens, renews or closes the unit's link.
pub async fn change(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(wish): Body<KioskWish>,
) -> Result<Response, Problem> {
    let unit = unit::verbs::find(world.store().read(), &slug).await?;
    let secret = match wish.what.as_str() {
        "open" => Some(verbs::open(&world, &program.who, unit.id).await?),
        "renew" => Some(verbs::renew(&world, &program.who, unit.id).await?),
        "close" => {
            verbs::close(&world, &program.who, unit.id).await?;
            None
        }
        _ => {
            return Err(
                Trouble::NotFound { what: "thing to do with a link but open, renew and close" }.into()
            );
        }
    };
    let told = Json(json!({ "link": secret.map(|secret| link(&world, &secret)) }));
    Ok((Extension(ToldOnce), told).into_response())
}
