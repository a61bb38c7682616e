//! What was asked for under keys, and what was answered.

use traction_domain::id::TokenId;
use traction_domain::time::Moment;

use super::Asked;
use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// What is known under a key.
#[derive(Debug)]
pub struct Known {
    /// What tells the request from another.
    pub hash: String,
    /// What was answered; `None` where that is not known, or was told once.
    pub answer: Option<Answered>,
}

/// An answer that was given.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The media type.
    pub kind: String,
    /// The body.
    pub body: String,
}

/// What is known of a key since `from`.
pub async fn find(sql: &Sql, token: TokenId, key: &str, from: Moment) -> Result<Option<Known>, Broken> {
    let row = sql
        .one(
            "SELECT asked, status, kind, body FROM repeat WHERE token_id = $1 AND key = $2 AND asked_at > $3",
            bind![token, key, from],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let answer = match row.maybe_whole("status")? {
        None => None,
        Some(status) => Some(Answered {
            status: u16::try_from(status).map_err(|_| row.impossible("status", status))?,
            kind: row.text("kind")?,
            body: row.text("body")?,
        }),
    };
    Ok(Some(Known { hash: row.text("asked")?, answer }))
}

/// Keeps a key; not if it is there already.
pub async fn add(sql: &Sql, asked: &Asked, now: Moment) -> Result<bool, Broken> {
    let n = sql
        .run(
            "INSERT INTO repeat (token_id, key, asked, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            bind![asked.token, asked.key, asked.hash, now],
        )
        .await?;
    Ok(n == 1)
}

/// Keeps what was answered.
pub async fn answer(sql: &Sql, asked: &Asked, answered: &Answered) -> Result<(), Broken> {
    sql.run(
        "UPDATE repeat SET status = $3, kind = $4, body = $5 WHERE token_id = $1 AND key = $2",
        bind![asked.token, asked.key, i64::from(answered.status), answered.kind, answered.body],
    )
    .await?;
    Ok(())
}

/// Forgets keys from before `until`.
pub async fn forget(sql: &Sql, until: Moment) -> Result<(), Broken> {
    sql.run("DELETE FROM repeat WHERE asked_at <= $1", bind![until]).await?;
    Ok(())
}
