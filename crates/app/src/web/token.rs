//! Programs that ask: an API token in `Authorization: Bearer` or `X-API-Key`, with the scopes it was given.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use traction_domain::org::who::{Actor, Who};

use crate::org::token::store::{self, Scope, Token};
use crate::trouble::Broken;
use crate::web::session;
use crate::world::World;

/// A program that may use the API, as the one who asks.
pub struct Program {
    /// Who asks.
    pub who: Who,
    /// What its token is for.
    pub token: Token,
}

/// What the request carries as token, from either header.
pub fn carried(headers: &HeaderMap) -> Option<String> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    bearer.or_else(|| headers.get("x-api-key").and_then(|value| value.to_str().ok()).map(str::to_owned))
}

/// The live token that the request carries.
pub async fn token(world: &World, headers: &HeaderMap) -> Result<Option<Token>, Broken> {
    match carried(headers) {
        Some(secret) => store::by_hash(world.store().read(), &session::hash(&secret)).await,
        None => Ok(None),
    }
}

impl FromRequestParts<World> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Program, Response> {
        let found = token(world, &parts.headers).await;
        let token = match found {
            Ok(Some(token)) => token,
            Ok(None) => {
                return Err(refused(
                    StatusCode::UNAUTHORIZED,
                    "send a live API token in Authorization: Bearer or X-API-Key; an administrator makes one with `traction token add`",
                ));
            }
            Err(broken) => return Err(crate::web::failure::Problem(broken.into()).into_response()),
        };
        let is_writing = !parts.method.is_safe();
        let allowed =
            token.scopes.contains(&Scope::Write) || (!is_writing && token.scopes.contains(&Scope::Read));
        if !allowed {
            return Err(refused(
                StatusCode::FORBIDDEN,
                "this token is for something else; make one with the scope `read` or `write`",
            ));
        }
        let roles = Who::operator().roles;
        let who = Who { actor: Actor::Token(token.id), name: token.name.clone(), roles };
        Ok(Program { who, token })
    }
}

fn refused(status: StatusCode, detail: &str) -> Response {
    let problem = json!({
        "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "detail": detail,
    });
    (status, [("content-type", "application/problem+json")], axum::Json(problem)).into_response()
}

/// A JSON body; one that does not fit is a problem that names what is wrong.
pub struct Body<T>(pub T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Response> {
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        serde_json::from_slice(&bytes).map(Body).map_err(|error| {
            refused(StatusCode::BAD_REQUEST, &format!("the body is not the JSON asked for: {error}"))
        })
    }
}
