//! Accounts for programs, such as the system in which customers are kept.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use traction_domain::sense::account as rules;

use crate::sense::account::demand::{self, Standing};
use crate::sense::account::store;
use crate::sense::account::verbs::{self, HoldWish};
use crate::web::Path;
use crate::web::failure::Problem;
use crate::web::token::{Body, Program};
use crate::world::World;

/// An account as programs enter it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountWish {
    name: String,
}

/// What an account is stuck on, as programs say it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldSent {
    playbook: String,
    friction: String,
    #[serde(default)]
    words: String,
}

/// `GET /api/v1/accounts`
pub async fn list(State(world): State<World>, program: Program) -> Result<Json<Value>, Problem> {
    rules::must_see(&program.who, "see the accounts")?;
    let sql = world.store().read();
    let demand = demand::all(sql).await?;
    let accounts = store::all(sql).await?;
    let items = accounts.iter().map(|account| {
        let of_it = demand.iter().filter(|standing| standing.hold.account == account.id);
        json!({
            "account": account.slug.as_str(), "name": account.name, "opened_at": account.opened_at.to_string(),
            "stuck_on": of_it.map(held).collect::<Vec<_>>(),
        })
    });
    Ok(Json(json!({ "items": items.collect::<Vec<_>>(), "next": null })))
}

fn held(standing: &Standing) -> Value {
    let hold = &standing.hold;
    let tried = standing.trials.iter().map(|trial| {
        json!({
            "remedy": trial.remedy, "begun_at": trial.begun_at.to_string(), "due_at": trial.due_at.to_string(),
            "outcome": trial.ended.map(|(outcome, _)| outcome.word()),
        })
    });
    let next = standing.next.as_ref().map(|next| {
        let changes: Vec<&str> = next.offers.iter().map(|offered| offered.slug.as_str()).collect();
        json!({ "remedy": next.remedy, "name": next.name, "changes": changes })
    });
    json!({
        "id": hold.id.to_string(), "playbook": hold.playbook, "friction": hold.friction, "name": standing.friction,
        "words": hold.words, "said_at": hold.said_at.to_string(), "state": standing.stand.word(),
        "tried": tried.collect::<Vec<_>>(), "next": next,
    })
}

/// `POST /api/v1/accounts`
pub async fn open(
    State(world): State<World>,
    program: Program,
    Body(wish): Body<AccountWish>,
) -> Result<Response, Problem> {
    let account = verbs::open(&world, &program.who, &wish.name).await?;
    Ok((StatusCode::CREATED, Json(json!({ "account": account.slug.as_str() }))).into_response())
}

/// `POST /api/v1/accounts/{account}/holds`
pub async fn hold(
    State(world): State<World>,
    program: Program,
    Path(slug): Path<String>,
    Body(sent): Body<HoldSent>,
) -> Result<Response, Problem> {
    let wish = HoldWish { playbook: &sent.playbook, friction: &sent.friction, words: &sent.words };
    let id = verbs::hold(&world, &program.who, &slug, &wish).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))).into_response())
}
