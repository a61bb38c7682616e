//! `Idempotency-Key`: a write that is sent again with the same key is not done again, and gets the first answer.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use crate::org::repeat::store::{self, Answered, Known};
use crate::org::repeat::{Asked, KEPT};
use crate::trouble::{Broken, Trouble};
use crate::web::failure::{Problem, problem};
use crate::web::token;
use crate::world::World;

/// The header.
pub const KEY: &str = "idempotency-key";

/// The longest key.
const N_MOST: usize = 200;

/// What is said to a key that came with another request.
const OTHER: &str = "this Idempotency-Key came with another request before; send the same request with it, or a new key with this one";

/// By which a door says that its answer holds a secret, which is told once and kept nowhere.
#[derive(Clone, Copy, Debug)]
pub struct ToldOnce;

/// Has a write with a key done once; all else goes on as it is.
pub async fn once(State(world): State<World>, request: Request, next: Next) -> Response {
    let is_read = request.method().is_safe() || !request.uri().path().starts_with("/api/");
    let Some(key) = request.headers().get(KEY).filter(|_| !is_read) else { return next.run(request).await };
    let key = key.to_str().unwrap_or_default().to_owned();
    match under(&world, &key, request, next).await {
        Ok(response) => response,
        Err(broken) => Problem(Trouble::Broken(broken)).into_response(),
    }
}

/// What is answered to a write under a key.
async fn under(world: &World, key: &str, request: Request, next: Next) -> Result<Response, Broken> {
    // Without a live token nothing is written, and nothing is read of the body; the door says so.
    let Some(token) = token::token(world, request.headers()).await? else {
        return Ok(next.run(request).await);
    };
    if key.is_empty() || key.len() > N_MOST {
        let says =
            format!("an Idempotency-Key has 1 to {N_MOST} letters, digits and signs; a UUID is a good one");
        return Ok(problem(StatusCode::BAD_REQUEST, &says, None));
    }
    let (parts, body) = request.into_parts();
    let body = match Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(body) => body,
        Err(refused) => return Ok(refused.into_response()),
    };
    let hash = hash(&parts, &body);
    match store::find(world.store().read(), token.id, key, world.now().after(-KEPT)).await? {
        Some(Known { hash: other, .. }) if other != hash => {
            Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, OTHER, None))
        }
        Some(Known { answer: Some(answer), .. }) => Ok(said(answer)),
        Some(Known { answer: None, .. }) => Err(Broken::Repeated),
        None => {
            let (world, asked) = (world.clone(), Asked::new(token.id, key, hash));
            let request = Request::from_parts(parts, Body::from(body));
            // By itself: whoever hangs up before the answer is there will ask for it again.
            let done = tokio::spawn(async move {
                let response = asked.done(next.run(request)).await;
                kept(&world, &asked, response).await
            });
            done.await.map_err(|error| Broken::accident("a write under a key", error))?
        }
    }
}

/// Keeps an answer beside its key, where something was written.
async fn kept(world: &World, asked: &Asked, response: Response) -> Result<Response, Broken> {
    if !asked.is_kept() || response.extensions().get::<ToldOnce>().is_some() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes =
        body.collect().await.map_err(|error| Broken::accident("reading an answer", error))?.to_bytes();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let answered = Answered {
        status: parts.status.as_u16(),
        kind: kind.to_owned(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let tx = world.store().begin().await?;
    store::answer(&tx, asked, &answered).await?;
    world.commit(tx).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn said(answer: Answered) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    if answer.kind.is_empty() {
        return (status, answer.body).into_response();
    }
    (status, [(CONTENT_TYPE, answer.kind)], answer.body).into_response()
}

/// What tells a request from another: its method, its address, its body and the body's kind.
fn hash(parts: &request::Parts, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let kind = parts.headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    for part in [parts.method.as_str().as_bytes(), address.as_bytes(), kind, body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
