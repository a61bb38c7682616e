//! Queries on people and their roles.

use traction_domain::id::{PersonId, RoleId, UnitId};
use traction_domain::org::person::PersonProposed;
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql, Tx};
use crate::trouble::Broken;

/// A person as others see him.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// His id.
    pub id: PersonId,
    /// His name.
    pub name: String,
    /// His address.
    pub email: Option<String>,
    /// His name in the real system.
    pub external_id: Option<String>,
}

fn person(row: &Row) -> Result<Person, Broken> {
    Ok(Person {
        id: row.parsed("id")?,
        name: row.text("name")?,
        email: row.maybe_text("email")?,
        external_id: row.maybe_text("external_id")?,
    })
}

/// Everybody, by name.
pub async fn all(sql: &Sql) -> Result<Vec<Person>, Broken> {
    sql.all("SELECT id, name, email, external_id FROM person ORDER BY name, id", vec![])
        .await?
        .iter()
        .map(person)
        .collect()
}

/// One person.
pub async fn one(sql: &Sql, id: PersonId) -> Result<Option<Person>, Broken> {
    let row = sql.one("SELECT id, name, email, external_id FROM person WHERE id = $1", bind![id]).await?;
    row.as_ref().map(person).transpose()
}

/// The person with this address.
pub async fn by_email(sql: &Sql, email: &str) -> Result<Option<Person>, Broken> {
    let row =
        sql.one("SELECT id, name, email, external_id FROM person WHERE email = $1", bind![email]).await?;
    row.as_ref().map(person).transpose()
}

/// The person with this name in the real system.
pub async fn by_external_id(sql: &Sql, external_id: &str) -> Result<Option<Person>, Broken> {
    let row = sql
        .one("SELECT id, name, email, external_id FROM person WHERE external_id = $1", bind![external_id])
        .await?;
    row.as_ref().map(person).transpose()
}

/// Keeps a new person.
pub async fn add(
    sql: &Sql,
    id: PersonId,
    proposed: &PersonProposed,
    attributes: &str,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO person (id, name, email, external_id, attributes, added_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, proposed.name, proposed.email, proposed.external_id, attributes, at],
    )
    .await?;
    Ok(())
}

/// Keeps a role; where it is in a further unit, all the roles in units of the one who gets it stand on the list of those
/// who belong to several, from now on for ever. A verb's transaction is the only writer of its moment: no two roles given
/// at once can each overlook the other.
pub async fn give_role(tx: &Tx, id: RoleId, person: PersonId, role: Role, at: Moment) -> Result<(), Broken> {
    tx.run(
        "INSERT INTO role (id, person_id, unit_id, word, given_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, person, role.unit(), role.word().to_string(), at],
    )
    .await?;
    tx.run(
        "INSERT INTO role_of_several (role_id, person_id, unit_id, given_at)
         SELECT r.id, r.person_id, r.unit_id, r.given_at FROM role r
         WHERE r.person_id = $1 AND r.unit_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM role o WHERE o.person_id = r.person_id AND o.unit_id <> r.unit_id)
         ON CONFLICT (role_id) DO NOTHING",
        bind![person],
    )
    .await?;
    Ok(())
}

/// Whoever belongs to several units, by role, and is not on the list of those.
const NOT_LISTED: &str = "FROM role r WHERE r.unit_id IS NOT NULL
    AND r.person_id IN (SELECT o.person_id FROM role o WHERE o.unit_id IS NOT NULL
      GROUP BY o.person_id HAVING MIN(o.unit_id) <> MAX(o.unit_id))
    AND NOT EXISTS (SELECT 1 FROM role_of_several s WHERE s.role_id = r.id)";

/// Whether somebody belongs to several units and is not on the list of those.
pub async fn is_somebody_not_listed(sql: &Sql) -> Result<bool, Broken> {
    Ok(sql.one(&format!("SELECT r.id AS id {NOT_LISTED} LIMIT 1"), vec![]).await?.is_some())
}

/// Puts on the list of those who belong to several units whoever is not on it.
pub async fn list_whoever_is_not(tx: &Tx) -> Result<(), Broken> {
    let text = format!(
        "INSERT INTO role_of_several (role_id, person_id, unit_id, given_at)
         SELECT r.id, r.person_id, r.unit_id, r.given_at {NOT_LISTED}"
    );
    tx.run(&text, vec![]).await?;
    Ok(())
}

/// Ends a role.
pub async fn end_role(sql: &Sql, id: RoleId, at: Moment) -> Result<(), Broken> {
    sql.run("INSERT INTO role_end (role_id, ended_at) VALUES ($1, $2)", bind![id, at]).await?;
    Ok(())
}

/// A role somebody holds now.
pub struct Held {
    /// The giving of it.
    pub id: RoleId,
    /// What it is.
    pub role: Role,
    /// Name of its unit, for unit roles.
    pub unit_name: Option<String>,
}

/// The roles a person holds now, oldest first.
pub async fn roles(sql: &Sql, person: PersonId) -> Result<Vec<Held>, Broken> {
    sql.all(
        "SELECT r.id AS id, r.word AS word, r.unit_id AS unit_id, u.name AS unit_name
         FROM role r LEFT JOIN unit u ON u.id = r.unit_id
         WHERE r.person_id = $1 AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
         ORDER BY r.given_at, r.id",
        bind![person],
    )
    .await?
    .iter()
    .map(|row| {
        let word: RoleWord = row.parsed("word")?;
        let unit: Option<UnitId> = row.maybe_parsed("unit_id")?;
        let role =
            word.role(unit).ok_or_else(|| row.impossible("unit_id", "a unit that does not fit the role"))?;
        Ok(Held { id: row.parsed("id")?, role, unit_name: row.maybe_text("unit_name")? })
    })
    .collect()
}

/// The people of a unit now, leads first, then by name.
pub async fn of_unit(sql: &Sql, unit: UnitId) -> Result<Vec<(Person, RoleWord)>, Broken> {
    sql.all(
        "SELECT p.id AS id, p.name AS name, p.email AS email, p.external_id AS external_id, r.word AS word
         FROM role r JOIN person p ON p.id = r.person_id
         WHERE r.unit_id = $1 AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
         ORDER BY CASE r.word WHEN 'lead' THEN 0 ELSE 1 END, p.name, p.id",
        bind![unit],
    )
    .await?
    .iter()
    .map(|row| Ok((person(row)?, row.parsed("word")?)))
    .collect()
}

/// Whether somebody runs the installation.
pub async fn has_administrator(sql: &Sql) -> Result<bool, Broken> {
    let row = sql
        .one(
            "SELECT r.id AS id FROM role r WHERE r.word = 'administrator'
             AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id) LIMIT 1",
            vec![],
        )
        .await?;
    Ok(row.is_some())
}
