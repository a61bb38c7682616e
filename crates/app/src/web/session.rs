//! Sessions: a cookie that stands for a person until it expires or he signs out.
//!
//! The cookie holds 32 random bytes; only their hash is stored.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use sha2::{Digest, Sha256};
use traction_domain::id::PersonId;

use crate::org::session::store;
use crate::trouble::Broken;
use crate::world::World;

/// Days after which a session ends in any case.
const N_DAYS_ABSOLUTE: i64 = 30;
/// Days without a visit after which it ends.
const N_DAYS_IDLE: i64 = 7;
/// A visit is written down again only after half an hour: reading a page should not write.
const N_DAYS_UNTIL_SEEN_AGAIN: f64 = 0.5 / 24.0;

/// The cookie's name: browsers keep `__Host-` cookies only from encrypted sites.
fn cookie_name(world: &World) -> &'static str {
    if is_encrypted(world) { "__Host-traction" } else { "traction" }
}

fn is_encrypted(world: &World) -> bool {
    world.settings().public_url.starts_with("https://")
}

/// The SHA-256 of a secret, in hex: what is stored of sessions, links and tokens.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Begins a session of `person`; the `Set-Cookie` value that carries it.
pub async fn begin(world: &World, person: PersonId) -> Result<String, Broken> {
    let secret = hex::encode(world.secret::<32>());
    let now = world.now();
    let tx = world.store().begin().await?;
    store::begin(&tx, &hash(&secret), person, now, now.after_days(N_DAYS_ABSOLUTE)).await?;
    world.commit(tx).await?;
    let secure = if is_encrypted(world) { "; Secure" } else { "" };
    Ok(format!(
        "{}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={}",
        cookie_name(world),
        N_DAYS_ABSOLUTE * 86_400
    ))
}

/// The person whose session the request carries, if it is alive.
pub async fn person(world: &World, headers: &HeaderMap) -> Result<Option<PersonId>, Broken> {
    let Some(secret) = carried(world, headers) else { return Ok(None) };
    let (hash, now) = (hash(&secret), world.now());
    let Some(session) = store::alive(world.store().read(), &hash, now, now.after_days(-N_DAYS_IDLE)).await?
    else {
        return Ok(None);
    };
    if now.days_since(session.seen_at) > N_DAYS_UNTIL_SEEN_AGAIN {
        let tx = world.store().begin().await?;
        store::seen(&tx, &hash, now).await?;
        world.commit(tx).await?;
    }
    Ok(Some(session.person))
}

/// Ends the session the request carries; the `Set-Cookie` value that removes it.
pub async fn end(world: &World, headers: &HeaderMap) -> Result<String, Broken> {
    if let Some(secret) = carried(world, headers) {
        let tx = world.store().begin().await?;
        store::end(&tx, &hash(&secret), world.now()).await?;
        world.commit(tx).await?;
    }
    Ok(format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", cookie_name(world)))
}

fn carried(world: &World, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(world);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, secret)| secret.to_owned())
}
