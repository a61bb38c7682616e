//! Programs that ask: an API token in `Authorization: Bearer` or `X-API-Key`, with the scopes it was given.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use traction_domain::org::who::{Actor, Who};

use crate::org::token::store::{self, Scope, Token};
use crate::trouble::Broken;
use crate::web::failure::{Problem, problem};
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
    carried_in(headers).map(str::to_owned)
}

/// As [`carried`], where it stands.
pub fn carried_in(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    bearer.or_else(|| headers.get("x-api-key").and_then(|value| value.to_str().ok()))
}

/// The live token that the request carries.
pub async fn token(world: &World, headers: &HeaderMap) -> Result<Option<Token>, Broken> {
    match carried(headers) {
        Some(secret) => of_secret(world, &secret).await,
        None => Ok(None),
    }
}

/// The live token of a secret, which is used by that.
pub async fn of_secret(world: &World, secret: &str) -> Result<Option<Token>, Broken> {
    let found = store::by_hash(world.store().read(), &session::hash(secret)).await?;
    if let Some(token) = &found {
        world.access().face().note_use(token, world.now());
    }
    Ok(found)
}

/// The program of a token as one who asks: it may what the machine's operator may, under its own name.
pub fn who_of(token: &Token) -> Who {
    Who { actor: Actor::Token(token.id), name: token.name.clone(), roles: Who::operator().roles }
}

impl FromRequestParts<World> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Program, Response> {
        let found = token(world, &parts.headers).await;
        let token = match found {
            Ok(Some(token)) => token,
            Ok(None) => {
                return Err(problem(
                    StatusCode::UNAUTHORIZED,
                    "send a live API token in Authorization: Bearer or X-API-Key; an administrator makes one with `traction token add`",
                    None,
                ));
            }
            Err(broken) => return Err(Problem(broken.into()).into_response()),
        };
        let is_writing = !parts.method.is_safe();
        let allowed =
            token.scopes.contains(&Scope::Write) || (!is_writing && token.scopes.contains(&Scope::Read));
        if !allowed {
            let says = match (is_writing, token.scopes.contains(&Scope::Read)) {
                (true, true) => "this token reads, and changes nothing; make one with the scope `write`",
                (true, false) => "this token is for something else; make one with the scope `write`",
                (false, _) => "this token is for something else; make one with the scope `read` or `write`",
            };
            return Err(problem(StatusCode::FORBIDDEN, says, None));
        }
        Ok(Program { who: who_of(&token), token })
    }
}

/// A JSON body; one that does not fit is a problem that names what is wrong.
pub struct Body<T>(pub T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Response> {
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        serde_json::from_slice(&bytes).map(Body).map_err(|error| {
            let detail = format!("the body is not the JSON asked for: {}", in_words(&error.to_string()));
            problem(StatusCode::BAD_REQUEST, &detail, None)
        })
    }
}

/// What the reader of JSON says, in the words of whoever sends it: he knows objects, and none of our types.
fn in_words(said: &str) -> String {
    let mut words = Vec::new();
    let mut rest = said.split(' ').peekable();
    while let Some(word) = rest.next() {
        if word != "struct" {
            words.push(word.to_owned());
            continue;
        }
        // `struct ChangeSent with 8 elements`, or without the count.
        rest.next();
        if rest.peek() == Some(&"with") {
            rest.by_ref().take(3).for_each(drop);
        }
        words.push("an object with the fields of this address".to_owned());
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_does_not_fit_is_told_without_our_types() {
        for (said, words) in [
            (
                "invalid length 0, expected struct ChangeSent with 8 elements at line 1 column 2",
                "invalid length 0, expected an object with the fields of this address at line 1 column 2",
            ),
            (
                "invalid type: string \"x\", expected struct WaveWish at line 1 column 3",
                "invalid type: string \"x\", expected an object with the fields of this address at line 1 column 3",
            ),
            ("missing field `name` at line 1 column 2", "missing field `name` at line 1 column 2"),
        ] {
            assert_eq!(in_words(said), words);
        }
    }
}
