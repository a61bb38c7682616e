//! How a wave chooses, and its protected places, for programs; owns their JSON shape.

use std::num::NonZeroU32;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use traction_domain::contend::draw::{Cap, Place};
use traction_domain::contend::policy::{Contenders, Cuts, LayerRule, Layers, Policy, Unshown};
use traction_domain::id::WaveId;

use crate::contend::policy::{store, verbs};
use crate::offer::wave::api::AtWave;
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::failure::Problem;
use crate::web::token::Body;

/// How a wave is to choose; what is left out stays as it is, and `null` takes a limit away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyWish {
    #[serde(default, deserialize_with = "said")]
    threshold: Option<Option<f64>>,
    cuts: Option<Vec<f64>>,
    /// `null`: a unit needs a shown pulse.
    #[serde(default, deserialize_with = "said")]
    unshown: Option<Option<u32>>,
    near: Option<Vec<Near>>,
    #[serde(default, deserialize_with = "said")]
    cap: Option<Option<NonZeroU32>>,
    contenders: Option<Seen>,
}

/// Whatever is said, `null` too: that it is left out is something else.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// What makes a unit near, in one word.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Near {
    People,
    Parent,
    Distance,
}

/// What everybody sees of the contenders, in one word.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Seen {
    Counted,
    Named,
    Told,
}

impl From<Near> for LayerRule {
    fn from(near: Near) -> LayerRule {
        match near {
            Near::People => LayerRule::SharedPeople,
            Near::Parent => LayerRule::SameParent,
            Near::Distance => LayerRule::Distance,
        }
    }
}

impl From<Seen> for Contenders {
    fn from(seen: Seen) -> Contenders {
        match seen {
            Seen::Counted => Contenders::Counted,
            Seen::Named => Contenders::Named,
            Seen::Told => Contenders::Told,
        }
    }
}

/// What is to become of a unit's place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWish {
    unit: String,
    place: Decided,
    /// Needed to protect it.
    #[serde(default)]
    why: String,
}

/// A decision on a place, in one word.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decided {
    Protected,
    Open,
}

impl From<Decided> for Place {
    fn from(decided: Decided) -> Place {
        match decided {
            Decided::Protected => Place::Protected,
            Decided::Open => Place::Open,
        }
    }
}

/// `GET /api/v1/changes/{change}/waves/{n}/policy`
pub async fn show(AtWave { world, wave, .. }: AtWave) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    Ok(Json(policy(sql, wave.id).await?))
}

/// `POST /api/v1/changes/{change}/waves/{n}/policy`: before the wave opens.
pub async fn set(
    AtWave { world, who, change, wave }: AtWave,
    Body(wish): Body<PolicyWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let before = store::of_wave(sql, wave.id).await?;
    let unshown = |said: Option<u32>| said.map_or(Unshown::NotEligible, Unshown::InBand);
    let layers = |near: Vec<Near>| Layers::of(near.into_iter().map(LayerRule::from));
    let wished = Policy {
        threshold: wish.threshold.unwrap_or(before.threshold),
        cuts: wish.cuts.map_or(Ok(before.cuts), Cuts::new)?,
        unshown: wish.unshown.map_or(before.unshown, unshown),
        layers: wish.near.map_or(before.layers, layers),
        cap: wish.cap.map_or(before.cap, |said| said.map(Cap)),
        contenders: wish.contenders.map_or(before.contenders, Contenders::from),
    };
    verbs::set(&world, &who, &change, &wave, wished).await?;
    Ok((StatusCode::CREATED, Json(policy(sql, wave.id).await?)).into_response())
}

async fn policy(sql: &Sql, wave: WaveId) -> Result<Value, Broken> {
    let policy = store::of_wave(sql, wave).await?;
    let unshown = match policy.unshown {
        Unshown::InBand(band) => Some(band),
        Unshown::NotEligible => None,
    };
    Ok(json!({
        "threshold": policy.threshold,
        "cuts": policy.cuts.points(),
        "unshown": unshown,
        "near": policy.layers.rules().map(LayerRule::word).collect::<Vec<_>>(),
        "cap": policy.cap.map(|cap| cap.0.get()),
        "contenders": store::contenders_word(policy.contenders),
    }))
}

/// `GET /api/v1/changes/{change}/waves/{n}/places`: the protected ones.
pub async fn places(AtWave { world, wave, .. }: AtWave) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    Ok(Json(protected(sql, wave.id).await?))
}

/// `POST /api/v1/changes/{change}/waves/{n}/places`: protects one, or opens it to the draw again, before the wave opens.
pub async fn decide(
    AtWave { world, who, change, wave }: AtWave,
    Body(wish): Body<PlaceWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let unit = unit::verbs::find(sql, &wish.unit).await?.id;
    verbs::decide_place(&world, &who, &change, &wave, unit, wish.place.into(), &wish.why).await?;
    Ok((StatusCode::CREATED, Json(protected(sql, wave.id).await?)).into_response())
}

async fn protected(sql: &Sql, wave: WaveId) -> Result<Value, Broken> {
    let held = store::protected(sql, wave).await?;
    let items: Vec<Value> = held
        .into_iter()
        .map(|held| json!({ "unit": held.unit_slug.to_string(), "why": held.why, "who": held.who }))
        .collect();
    Ok(json!({ "items": items, "next": null }))
}
