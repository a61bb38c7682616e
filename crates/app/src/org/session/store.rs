//! Queries on sessions, passwords and sign-in links. Only hashes are kept.

use traction_domain::id::PersonId;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A session that is alive.
pub struct Session {
    /// Whose it is.
    pub person: PersonId,
    /// When he was last seen to use it.
    pub seen_at: Moment,
}

/// A link that may still be used.
pub struct Link {
    /// Whom it signs in; `None` for the link of the first administrator.
    pub person: Option<PersonId>,
    /// How often it works.
    pub uses: Uses,
}

/// How often a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// Once.
    Once,
    /// Until it expires: for the demo.
    Many,
}

/// Begins a session.
pub async fn begin(
    sql: &Sql,
    hash: &str,
    person: PersonId,
    at: Moment,
    expires: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO session (hash, person_id, made_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        bind![hash, person, at, expires],
    )
    .await?;
    Ok(())
}

/// The session of that hash, unless it ended, expired, or was last seen before `idle_since`.
pub async fn alive(
    sql: &Sql,
    hash: &str,
    now: Moment,
    idle_since: Moment,
) -> Result<Option<Session>, Broken> {
    let row = sql
        .one(
            "SELECT person_id, seen_at FROM session
             WHERE hash = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3",
            bind![hash, now, idle_since],
        )
        .await?;
    row.map(|row| Ok(Session { person: row.parsed("person_id")?, seen_at: row.moment("seen_at")? }))
        .transpose()
}

/// Writes down that a session was used.
pub async fn seen(sql: &Sql, hash: &str, at: Moment) -> Result<(), Broken> {
    sql.run("UPDATE session SET seen_at = $2 WHERE hash = $1", bind![hash, at]).await?;
    Ok(())
}

/// Ends a session.
pub async fn end(sql: &Sql, hash: &str, at: Moment) -> Result<(), Broken> {
    sql.run("UPDATE session SET ended_at = $2 WHERE hash = $1 AND ended_at IS NULL", bind![hash, at]).await?;
    Ok(())
}

/// The person of an e-mail address with the hash of his newest password.
pub async fn password(sql: &Sql, email: &str) -> Result<Option<(PersonId, String)>, Broken> {
    let row = sql
        .one(
            "SELECT p.id AS id, w.hash AS hash FROM person p JOIN password w ON w.person_id = p.id
             WHERE p.email = $1 ORDER BY w.set_at DESC LIMIT 1",
            bind![email],
        )
        .await?;
    row.map(|row| Ok((row.parsed("id")?, row.text("hash")?))).transpose()
}

/// Keeps the hash of a new password.
pub async fn set_password(sql: &Sql, person: PersonId, hash: &str, at: Moment) -> Result<(), Broken> {
    sql.run("INSERT INTO password (person_id, hash, set_at) VALUES ($1, $2, $3)", bind![person, hash, at])
        .await?;
    Ok(())
}

/// Keeps a link.
pub async fn add_link(
    sql: &Sql,
    hash: &str,
    person: Option<PersonId>,
    uses: Uses,
    at: Moment,
    expires: Moment,
) -> Result<(), Broken> {
    let uses = match uses {
        Uses::Once => "once",
        Uses::Many => "many",
    };
    sql.run(
        "INSERT INTO sign_in_link (hash, person_id, uses, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        bind![hash, person, uses, at, expires],
    )
    .await?;
    Ok(())
}

/// The link of that hash, if it may still be used.
pub async fn link(sql: &Sql, hash: &str, now: Moment) -> Result<Option<Link>, Broken> {
    let row = sql
        .one(
            "SELECT person_id, uses FROM sign_in_link
             WHERE hash = $1 AND expires_at > $2 AND (used_at IS NULL OR uses = 'many')",
            bind![hash, now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let uses = match row.text("uses")?.as_str() {
        "once" => Uses::Once,
        "many" => Uses::Many,
        other => return Err(row.impossible("uses", other)),
    };
    Ok(Some(Link { person: row.maybe_parsed("person_id")?, uses }))
}

/// Writes down that a link was used.
pub async fn spend_link(sql: &Sql, hash: &str, at: Moment) -> Result<(), Broken> {
    sql.run("UPDATE sign_in_link SET used_at = $2 WHERE hash = $1", bind![hash, at]).await?;
    Ok(())
}

/// Forgets the links of the first administrator that are too old to be used: each start makes one more.
pub async fn drop_expired_first_links(sql: &Sql, now: Moment) -> Result<(), Broken> {
    let text = "DELETE FROM sign_in_link WHERE person_id IS NULL AND used_at IS NULL AND expires_at <= $1";
    sql.run(text, bind![now]).await?;
    Ok(())
}

/// Forgets the unused links of the first administrator: one was followed.
pub async fn drop_first_links(sql: &Sql) -> Result<(), Broken> {
    sql.run("DELETE FROM sign_in_link WHERE person_id IS NULL AND used_at IS NULL", vec![]).await?;
    Ok(())
}
