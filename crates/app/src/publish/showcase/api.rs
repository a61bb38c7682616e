//! Showcases for programs; owns their JSON shape.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use traction_domain::id::EvidenceId;
use traction_domain::prove::Choice;
use traction_domain::publish::showcase::{Release, ShowcaseWish, Subject};

use crate::org::unit;
use crate::prove::evidence::record::kind_word;
use crate::publish::showcase::store::{self, Showcase};
use crate::publish::showcase::verbs;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A showcase as programs read it.
#[derive(Debug, Serialize)]
pub struct ShowcaseShown {
    id: String,
    title: String,
    story: String,
    quotes: Vec<String>,
    change: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    evidence: String,
    version: String,
    verdict: VerdictShown,
    shown_since: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct VerdictShown {
    kind: &'static str,
    /// How firmly it stands: `no`, `somewhat` or `strongly` doubted.
    doubted: &'static str,
    says: String,
}

/// A showcase as programs publish it; without `unit` it is about the change as a whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowcasePosted {
    evidence: EvidenceId,
    title: String,
    story: String,
    #[serde(default)]
    quotes: Vec<String>,
    unit: Option<String>,
    #[serde(default)]
    release: ReleaseWord,
}

/// From when it is seen.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReleaseWord {
    #[default]
    Now,
    AfterWaves,
}

/// `GET /api/v1/showcases`
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<serde_json::Value>, Problem> {
    let all = store::all(world.store().read()).await?;
    let items: Vec<ShowcaseShown> = all.into_iter().filter_map(|one| shown(&world, one)).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })))
}

fn shown(world: &World, one: Showcase) -> Option<ShowcaseShown> {
    let since = one.shown_since(world.now())?;
    Some(ShowcaseShown {
        href: format!("{}/showcases/{}", world.settings().public_url, one.id),
        id: one.id.to_string(),
        change: one.change_slug.to_string(),
        unit: one.unit.map(|(_, slug, _)| slug.to_string()),
        evidence: one.evidence.to_string(),
        verdict: VerdictShown { kind: kind_word(one.kind), doubted: one.doubted.word(), says: one.says },
        title: one.title,
        story: one.story,
        quotes: one.quotes,
        version: one.version,
        shown_since: since.to_string(),
    })
}

/// `POST /api/v1/showcases`
pub async fn publish(
    State(world): State<World>,
    program: Program,
    Body(posted): Body<ShowcasePosted>,
) -> Result<Response, Problem> {
    let subject = match &posted.unit {
        Some(slug) => Subject::Unit(unit::verbs::find(world.store().read(), slug).await?.id),
        None => Subject::Change,
    };
    let quotes = posted.quotes.join("\n");
    let wish = ShowcaseWish {
        title: &posted.title,
        story: &posted.story,
        quotes: &quotes,
        release: match posted.release {
            ReleaseWord::Now => Release::Now,
            ReleaseWord::AfterWaves => Release::AfterWaves,
        },
    };
    let id = verbs::publish(&world, &program.who, posted.evidence, subject, &wish).await?;
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id.to_string() }))).into_response())
}
