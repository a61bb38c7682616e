//! Frictions for programs; owns their JSON shape. A program is nobody who has a friction: "me too", and whether one is
//! gone, are for people to say.

pub mod intake;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use traction_domain::id::FrictionId;
use traction_domain::sense::diagnosis::Reading;
use traction_domain::sense::diagnosis::trial::Known;
use traction_domain::sense::friction::intake::{Audience, Shown};
use traction_domain::sense::friction::{self as rules, FrictionState};

use crate::offer::metric;
use crate::org::{person, unit};
use crate::sense::friction::store::Friction;
use crate::sense::friction::verbs::{self, care};
use crate::sense::trial::course::Course;
use crate::sense::{playbook, trial};
use crate::trouble::Trouble;
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// A friction as programs read it.
#[derive(Debug, Serialize)]
struct FrictionShown {
    id: String,
    unit: String,
    title: String,
    hours_per_week: f64,
    hours_low: f64,
    hours_high: f64,
    /// From five on; fewer are not told.
    others: Option<usize>,
    state: &'static str,
    shown: &'static str,
    audience: &'static str,
    owner: Option<String>,
    metric: Option<String>,
    merged_into: Option<String>,
    merged: Vec<String>,
    reported_at: String,
    first_answer_at: Option<String>,
}

fn shown(friction: &Friction) -> FrictionShown {
    FrictionShown {
        id: friction.id.to_string(),
        unit: friction.unit_slug.to_string(),
        title: friction.title.clone(),
        hours_per_week: friction.cost.hours_per_week,
        hours_low: friction.cost.low,
        hours_high: friction.cost.high,
        others: friction.n_others(),
        state: friction.state.word(),
        shown: friction.shown.word(),
        audience: friction.audience.word(),
        owner: friction.owner.clone(),
        metric: friction.metric.map(|metric| metric.to_string()),
        merged_into: friction.merged_into.map(|into| into.to_string()),
        merged: friction.merged.iter().map(|(id, _)| id.to_string()).collect(),
        reported_at: friction.reported_at.to_string(),
        first_answer_at: friction.first_answer_at.map(|at| at.to_string()),
    }
}

/// A friction as programs report it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrictionWish {
    unit: String,
    title: String,
    times_per_week: f64,
    minutes: f64,
    people: Option<f64>,
    audience: Option<String>,
}

/// `GET /api/v1/frictions`: those that everybody sees.
pub async fn list(State(world): State<World>, _program: Program) -> Result<Json<Value>, Problem> {
    let backlog = verbs::backlog(world.store().read(), None, None).await?;
    let items: Vec<FrictionShown> = backlog.iter().map(shown).collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

/// `GET /api/v1/frictions/{friction}`
pub async fn one(
    State(world): State<World>,
    program: Program,
    Path(id): Path<FrictionId>,
) -> Result<Json<Value>, Problem> {
    let sql = world.store().read();
    let friction = verbs::seen(sql, Some(&program.who), id).await?;
    let answers = verbs::answers(sql, Some(&program.who), &friction).await?;
    let answers: Vec<Value> = answers
        .iter()
        .map(|answer| {
            let said = answer.said.iter().map(|said| {
                json!({ "verdict": said.verdict.word(), "words": said.words, "at": said.at.to_string() })
            });
            json!({
                "state": answer.state.word(), "words": answer.words, "by": answer.by, "owner": answer.owner,
                "at": answer.at.to_string(), "said": said.collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut tried = Vec::new();
    for trial in trial::store::on_friction(sql, id).await? {
        let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
        let course = trial::course::of(sql, &trial, &playbook, world.now()).await?;
        let course = course.map(|Course { metric, reading: Reading { before, after, .. } }| {
            json!({
                "metric": metric.slug.as_str(), "n_before": before.n_values, "before": before.mean,
                "n_after": after.n_values, "after": after.mean,
            })
        });
        tried.push(json!({
            "playbook": trial.playbook, "remedy": trial.remedy, "friction": trial.friction,
            "begun_at": trial.begun_at.to_string(), "due_at": trial.due_at.to_string(),
            "outcome": trial.ended.map(|(outcome, _)| outcome.word()),
            "known": trial.ended.map(|_| if trial.known == Known::Read { "read" } else { "said" }),
            "course": course,
        }));
    }
    Ok(Json(json!({ "friction": shown(&friction), "answers": answers, "tried": tried })))
}

/// `POST /api/v1/frictions`
pub async fn report(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<FrictionWish>,
) -> Result<Response, Problem> {
    let unit = unit::verbs::find(world.store().read(), &wish.unit).await?;
    let burden = rules::burden(wish.times_per_week, wish.minutes, wish.people.unwrap_or(1.0))?;
    let wished: Audience = wish.audience.as_deref().map_or(Ok(Audience::All), str::parse)?;
    let report = rules::report(&wish.title, burden)?;
    let id = verbs::report(&world, &program.who, unit.id, report, wished).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))).into_response())
}

/// An answer as programs give it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerWish {
    state: String,
    words: String,
    /// The external id of whoever takes care of it.
    owner: Option<String>,
}

/// `POST /api/v1/frictions/{friction}/answers`
pub async fn answer(
    State(world): State<World>,
    program: Program,
    Path(id): Path<FrictionId>,
    Body(wish): Body<AnswerWish>,
) -> Result<Json<Value>, Problem> {
    let next: FrictionState = wish.state.parse()?;
    let owner = match &wish.owner {
        Some(external_id) => {
            let found = person::store::by_external_id(world.store().read(), external_id).await?;
            Some(found.ok_or(Trouble::NotFound { what: "person" })?.id)
        }
        None => None,
    };
    verbs::answer(&world, &program.who, id, next, &wish.words, owner).await?;
    told(&world, &program, id).await
}

/// A look at a report as programs give it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookWish {
    shown: String,
    words: Option<String>,
}

/// `POST /api/v1/frictions/{friction}/looks`
pub async fn look(
    State(world): State<World>,
    program: Program,
    Path(id): Path<FrictionId>,
    Body(wish): Body<LookWish>,
) -> Result<Json<Value>, Problem> {
    let next: Shown = wish.shown.parse()?;
    care::look(&world, &program.who, id, next, wish.words.as_deref().unwrap_or_default()).await?;
    told(&world, &program, id).await
}

/// A merge as programs wish it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeWish {
    /// Into which; `null`: out of it again.
    into: Option<String>,
}

/// `POST /api/v1/frictions/{friction}/merges`
pub async fn merge(
    State(world): State<World>,
    program: Program,
    Path(id): Path<FrictionId>,
    Body(wish): Body<MergeWish>,
) -> Result<Json<Value>, Problem> {
    match wish.into {
        Some(into) => {
            let into = into.parse().map_err(|_| Trouble::NotFound { what: "friction" })?;
            care::merge(&world, &program.who, id, into).await?;
        }
        None => care::unmerge(&world, &program.who, id).await?,
    }
    told(&world, &program, id).await
}

/// A metric as programs point at it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricWish {
    /// Its short name; `null`: none any more.
    metric: Option<String>,
}

/// `POST /api/v1/frictions/{friction}/metric`
pub async fn point(
    State(world): State<World>,
    program: Program,
    Path(id): Path<FrictionId>,
    Body(wish): Body<MetricWish>,
) -> Result<Json<Value>, Problem> {
    let metric = match &wish.metric {
        Some(slug) => Some(metric::verbs::find(world.store().read(), slug).await?.id),
        None => None,
    };
    care::point(&world, &program.who, id, metric).await?;
    told(&world, &program, id).await
}

async fn told(world: &World, program: &Program, id: FrictionId) -> Result<Json<Value>, Problem> {
    let friction = verbs::seen(world.store().read(), Some(&program.who), id).await?;
    Ok(Json(json!(shown(&friction))))
}
