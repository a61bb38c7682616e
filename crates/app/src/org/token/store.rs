//! Queries on tokens.

use std::fmt;
use std::str::FromStr;

use traction_domain::id::TokenId;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Asking who has access (OFREP).
    Access,
    /// Sending usage events (a write key).
    Usage,
    /// Reading the API.
    Read,
    /// Reading and writing through the API.
    Write,
}

/// A word that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a scope; it is one of access, usage, read, write")]
pub struct ScopeRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for ScopeRefused {
    fn field(&self) -> Option<&'static str> {
        Some("scope")
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scope::Access => "access",
            Scope::Usage => "usage",
            Scope::Read => "read",
            Scope::Write => "write",
        })
    }
}

impl FromStr for Scope {
    type Err = ScopeRefused;

    fn from_str(word: &str) -> Result<Scope, ScopeRefused> {
        Ok(match word {
            "access" => Scope::Access,
            "usage" => Scope::Usage,
            "read" => Scope::Read,
            "write" => Scope::Write,
            _ => return Err(ScopeRefused { word: word.to_owned() }),
        })
    }
}

/// A live token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The hash of its secret.
    pub hash: String,
    /// What it was named.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
}

fn token(row: &Row) -> Result<Token, Broken> {
    let words = row.text("scopes")?;
    let scopes = words
        .split(' ')
        .map(|word| word.parse().map_err(|_| row.impossible("scopes", word)))
        .collect::<Result<_, _>>()?;
    Ok(Token { id: row.parsed("id")?, hash: row.text("hash")?, name: row.text("name")?, scopes })
}

const LIVE: &str = "SELECT t.id AS id, t.hash AS hash, t.name AS name, t.scopes AS scopes FROM token t
  WHERE NOT EXISTS (SELECT 1 FROM token_end e WHERE e.token_id = t.id)";

/// All live tokens, oldest first.
pub async fn live(sql: &Sql) -> Result<Vec<Token>, Broken> {
    sql.all(&format!("{LIVE} ORDER BY t.made_at, t.id"), vec![]).await?.iter().map(token).collect()
}

/// The live token of that hash.
pub async fn by_hash(sql: &Sql, hash: &str) -> Result<Option<Token>, Broken> {
    sql.one(&format!("{LIVE} AND t.hash = $1"), bind![hash]).await?.as_ref().map(token).transpose()
}

/// Keeps a new token.
pub async fn add(sql: &Sql, token: &Token, at: Moment) -> Result<(), Broken> {
    let scopes: Vec<String> = token.scopes.iter().map(Scope::to_string).collect();
    sql.run(
        "INSERT INTO token (id, hash, name, scopes, made_at) VALUES ($1, $2, $3, $4, $5)",
        bind![token.id, token.hash, token.name, scopes.join(" "), at],
    )
    .await?;
    Ok(())
}

/// Ends a token.
pub async fn end(sql: &Sql, id: TokenId, at: Moment) -> Result<(), Broken> {
    sql.run("INSERT INTO token_end (token_id, ended_at) VALUES ($1, $2)", bind![id, at]).await?;
    Ok(())
}
