//! Making and revoking tokens.

use traction_domain::fact::Fact;
use traction_domain::id::TokenId;
use traction_domain::org::who::Who;
use traction_domain::refusal;

use crate::org::token::store::{self, NoScope, SameName, Scope, Token};
use crate::trouble::Trouble;
use crate::web::session::hash;
use crate::world::World;

/// Makes a token; its secret, which is shown this once.
pub async fn add(world: &World, who: &Who, name: &str, scopes: Vec<Scope>) -> Result<String, Trouble> {
    who.must_administer("make tokens")?;
    let name = refusal::text(name, "name", "the token's name", 80)?;
    let secret = format!("traction_{}", hex::encode(world.secret::<24>()));
    if scopes.is_empty() {
        return Err(NoScope.into());
    }
    let token = Token { id: world.id(), hash: hash(&secret), name, scopes, made_at: world.now() };
    let mut tx = world.store().begin().await?;
    let sends = |scopes: &[Scope]| scopes.contains(&Scope::Usage);
    let is_it = |other: &Token| other.name == token.name && sends(&other.scopes);
    if sends(&token.scopes) && store::live(&tx).await?.iter().any(is_it) {
        return Err(SameName { name: token.name }.into());
    }
    store::add(&tx, &token).await?;
    tx.journal(world.now(), who, Fact::TokenMade { token: token.id }).await?;
    world.commit(tx).await?;
    Ok(secret)
}

/// Revokes a token.
pub async fn revoke(world: &World, who: &Who, id: TokenId) -> Result<(), Trouble> {
    who.must_administer("revoke tokens")?;
    let mut tx = world.store().begin().await?;
    if !store::live(&tx).await?.iter().any(|token| token.id == id) {
        return Err(Trouble::NotFound { what: "token" });
    }
    store::end(&tx, id, world.now()).await?;
    tx.journal(world.now(), who, Fact::TokenRevoked { token: id }).await?;
    world.commit(tx).await?;
    Ok(())
}
