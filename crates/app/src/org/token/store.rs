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

/// A token that would open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this token would open nothing; choose at least one thing that it is for")]
pub struct NoScope;

impl Refusal for NoScope {}

/// A second system under the name of one whose token is live.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is a token for `{name}` that sends usage already, and events are told apart by that name: name this system otherwise, or revoke the other token first"
)]
pub struct SameName {
    /// The name.
    pub name: String,
}

impl Refusal for SameName {
    fn field(&self) -> Option<&'static str> {
        Some("name")
    }
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Access, Scope::Usage, Scope::Read, Scope::Write];
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
    /// When it was made.
    pub made_at: Moment,
}

/// A live token, and when it was last used.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The token.
    pub token: Token,
    /// When it was last used, as far as it is kept; `None` if it never was.
    pub used_at: Option<Moment>,
}

fn token(row: &Row) -> Result<Token, Broken> {
    let words = row.text("scopes")?;
    let scopes = words
        .split(' ')
        .map(|word| word.parse().map_err(|_| row.impossible("scopes", word)))
        .collect::<Result<_, _>>()?;
    Ok(Token {
        id: row.parsed("id")?,
        hash: row.text("hash")?,
        name: row.text("name")?,
        scopes,
        made_at: row.moment("made_at")?,
    })
}

const LIVE: &str =
    "SELECT t.id AS id, t.hash AS hash, t.name AS name, t.scopes AS scopes, t.made_at AS made_at,
    (SELECT u.used_at FROM token_use u WHERE u.token_id = t.id) AS used_at
  FROM token t WHERE NOT EXISTS (SELECT 1 FROM token_end e WHERE e.token_id = t.id)";

/// All live tokens, oldest first.
pub async fn live(sql: &Sql) -> Result<Vec<Token>, Broken> {
    sql.all(&format!("{LIVE} ORDER BY t.made_at, t.id"), vec![]).await?.iter().map(token).collect()
}

/// All live tokens with their last use, oldest first.
pub async fn listed(sql: &Sql) -> Result<Vec<Listed>, Broken> {
    sql.all(&format!("{LIVE} ORDER BY t.made_at, t.id"), vec![])
        .await?
        .iter()
        .map(|row| Ok(Listed { token: token(row)?, used_at: row.maybe_moment("used_at")? }))
        .collect()
}

/// Keeps when a token was last used, unless a later use is kept.
pub async fn keep_use(sql: &Sql, id: TokenId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO token_use (token_id, used_at) VALUES ($1, $2)
         ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at WHERE token_use.used_at < excluded.used_at",
        bind![id, at],
    )
    .await?;
    Ok(())
}

/// The live token of that hash.
pub async fn by_hash(sql: &Sql, hash: &str) -> Result<Option<Token>, Broken> {
    sql.one(&format!("{LIVE} AND t.hash = $1"), bind![hash]).await?.as_ref().map(token).transpose()
}

/// Keeps a new token.
pub async fn add(sql: &Sql, token: &Token) -> Result<(), Broken> {
    let scopes: Vec<String> = token.scopes.iter().map(Scope::to_string).collect();
    sql.run(
        "INSERT INTO token (id, hash, name, scopes, made_at) VALUES ($1, $2, $3, $4, $5)",
        bind![token.id, token.hash, token.name, scopes.join(" "), token.made_at],
    )
    .await?;
    Ok(())
}

/// Ends a token.
pub async fn end(sql: &Sql, id: TokenId, at: Moment) -> Result<(), Broken> {
    sql.run("INSERT INTO token_end (token_id, ended_at) VALUES ($1, $2)", bind![id, at]).await?;
    Ok(())
}
