//! The draw for programs: its public sources and their values, running it, and its record as draw.json.
//!
//! What takes two people, a slot past the draw or a source that is given up, is done on the pages: a program is nobody who
//! could be asked later.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::id::WaveId;
use traction_domain::time::Moment;

use crate::contend::draw::run as drawing;
use crate::contend::draw::sources::{self, SourceWish};
use crate::contend::draw::store::{self, Named};
use crate::offer::wave::api::AtWave;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::Body;

/// `GET /api/v1/changes/{change}/waves/{n}/draw`
pub async fn record(AtWave { world, wave, .. }: AtWave) -> Result<Response, Problem> {
    let sql = world.store().read();
    let drawn = store::drawn(sql, wave.id).await?.ok_or(Trouble::NotFound { what: "draw yet" })?;
    Ok(([(CONTENT_TYPE, "application/json")], drawn.record.to_json()).into_response())
}

/// `POST /api/v1/changes/{change}/waves/{n}/draw`
pub async fn run(AtWave { world, who, change, wave }: AtWave) -> Result<Response, Problem> {
    let record = drawing::run(&world, &who, &change, &wave).await?;
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], record.to_json()).into_response())
}

/// A public source as programs name it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedWish {
    name: String,
    /// Where its value is published.
    link: String,
    /// When its value comes to be, in RFC 3339.
    due: String,
}

/// The value of a public source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueWish {
    value: String,
    /// Why another value was entered before; left out: none was.
    why: Option<String>,
}

/// `GET /api/v1/changes/{change}/waves/{n}/sources`
pub async fn sources(AtWave { world, wave, .. }: AtWave) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    Ok(Json(named(sql, wave.id).await?))
}

/// `POST /api/v1/changes/{change}/waves/{n}/sources`: names one, before anybody applies.
pub async fn name(
    AtWave { world, who, change, wave }: AtWave,
    Body(wish): Body<NamedWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    let due = wish.due.parse::<Moment>()?;
    let source = SourceWish { name: &wish.name, link: &wish.link, due };
    sources::name(&world, &who, &change, &wave, source).await?;
    Ok((StatusCode::CREATED, Json(named(sql, wave.id).await?)).into_response())
}

/// `POST /api/v1/changes/{change}/waves/{n}/sources/{k}/values`: enters its value, or puts it right with a reason.
pub async fn enter(
    AtWave { world, who, change, wave }: AtWave,
    Path((_, _, k)): Path<(String, usize, usize)>,
    Body(wish): Body<ValueWish>,
) -> Result<Response, Problem> {
    let sql = world.store().read();
    match &wish.why {
        None => sources::enter(&world, &who, &change, &wave, k, &wish.value).await?,
        Some(why) => sources::correct(&world, &who, &change, &wave, k, &wish.value, why).await?,
    }
    Ok((StatusCode::CREATED, Json(named(sql, wave.id).await?)).into_response())
}

async fn named(sql: &Sql, wave: WaveId) -> Result<Value, Broken> {
    let item = |(k, named): (usize, Named)| {
        let is_given_up = named.given_up().is_some();
        json!({
            "source": k,
            "name": named.source.name,
            "link": named.link,
            "due": named.source.when,
            "value": named.source.value.filter(|_| !is_given_up),
            "given_up": is_given_up,
        })
    };
    let items: Vec<Value> = (1..).zip(store::named(sql, wave).await?).map(item).collect();
    Ok(json!({ "items": items, "next": null }))
}
