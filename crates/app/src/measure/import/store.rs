//! Queries of imports: what is known already, many at once.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{ChangeId, FrictionId, PersonId, UnitId};
use traction_domain::org::role::RoleWord;
use traction_domain::sense::friction::intake::Audience;
use traction_domain::sense::friction::{Burden, FrictionReport};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A unit as an import compares it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownUnit {
    /// Its id.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// The short name of the unit it belongs to.
    pub parent: Option<String>,
    /// How many belong to it, where that was counted.
    pub n_members: Option<i64>,
    /// What else is kept of it, as JSON.
    pub attributes: String,
}

/// Every unit by its short name.
pub async fn units(sql: &Sql) -> Result<BTreeMap<String, KnownUnit>, Broken> {
    sql.all(
        "SELECT u.id AS id, u.slug AS slug, u.name AS name, p.slug AS parent, u.n_members AS n_members,
                u.attributes AS attributes
         FROM unit u LEFT JOIN unit p ON p.id = u.parent_id",
        vec![],
    )
    .await?
    .iter()
    .map(|row| {
        let unit = KnownUnit {
            id: row.parsed("id")?,
            name: row.text("name")?,
            parent: row.maybe_text("parent")?,
            n_members: row.maybe_whole("n_members")?,
            attributes: row.text("attributes")?,
        };
        Ok((row.text("slug")?, unit))
    })
    .collect()
}

/// Brings what is kept of a unit up to date.
pub async fn change_unit(sql: &Sql, unit: &KnownUnit, parent: Option<UnitId>) -> Result<(), Broken> {
    sql.run(
        "UPDATE unit SET name = $2, parent_id = $3, n_members = $4, attributes = $5 WHERE id = $1",
        bind![unit.id, unit.name, parent, unit.n_members, unit.attributes],
    )
    .await?;
    Ok(())
}

/// A person as an import compares him.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownPerson {
    /// His id.
    pub id: PersonId,
    /// His name.
    pub name: String,
    /// His address.
    pub email: Option<String>,
    /// What else is kept of him, as JSON.
    pub attributes: String,
}

/// People as an import compares them.
#[derive(Clone, Debug, Default)]
pub struct KnownPeople {
    /// By external id.
    pub by_external_id: BTreeMap<String, KnownPerson>,
    /// By address.
    pub by_email: BTreeMap<String, PersonId>,
    /// Who holds which role in which unit now.
    pub roles: BTreeSet<(PersonId, UnitId, String)>,
}

impl KnownPeople {
    /// Knows a person as he is now, and his former address no longer.
    pub fn keep(&mut self, external_id: &str, person: KnownPerson) {
        self.by_email.extend(person.email.clone().map(|email| (email, person.id)));
        let email = person.email.clone();
        let before = self.by_external_id.insert(external_id.to_owned(), person);
        if let Some(former) =
            before.and_then(|before| before.email).filter(|former| Some(former) != email.as_ref())
        {
            self.by_email.remove(&former);
        }
    }
}

/// Brings what is kept of a person up to date.
pub async fn change_person(sql: &Sql, person: &KnownPerson) -> Result<(), Broken> {
    sql.run(
        "UPDATE person SET name = $2, email = $3, attributes = $4 WHERE id = $1",
        bind![person.id, person.name, person.email, person.attributes],
    )
    .await?;
    Ok(())
}

/// Everybody, with the roles in units.
pub async fn people(sql: &Sql) -> Result<KnownPeople, Broken> {
    let mut known = KnownPeople::default();
    for row in sql.all("SELECT id, name, email, external_id, attributes FROM person", vec![]).await? {
        let person = KnownPerson {
            id: row.parsed("id")?,
            name: row.text("name")?,
            email: row.maybe_text("email")?,
            attributes: row.text("attributes")?,
        };
        known.by_email.extend(person.email.clone().map(|email| (email, person.id)));
        known.by_external_id.extend(row.maybe_text("external_id")?.map(|external_id| (external_id, person)));
    }
    let roles = sql
        .all(
            "SELECT r.person_id AS person_id, r.unit_id AS unit_id, r.word AS word FROM role r
             WHERE r.unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)",
            vec![],
        )
        .await?;
    for row in &roles {
        let word: RoleWord = row.parsed("word")?;
        known.roles.insert((row.parsed("person_id")?, row.parsed("unit_id")?, word.to_string()));
    }
    Ok(known)
}

/// The keys under which frictions were imported.
pub async fn friction_keys(sql: &Sql) -> Result<BTreeSet<String>, Broken> {
    sql.all("SELECT import_key AS import_key FROM friction WHERE import_key IS NOT NULL", vec![])
        .await?
        .iter()
        .map(|row| row.text("import_key"))
        .collect()
}

/// What was reported: the unit, the title, and the moment in milliseconds.
pub async fn reported(sql: &Sql) -> Result<BTreeSet<(UnitId, String, i64)>, Broken> {
    sql.all("SELECT unit_id AS unit_id, title AS title, reported_at AS reported_at FROM friction", vec![])
        .await?
        .iter()
        .map(|row| Ok((row.parsed("unit_id")?, row.text("title")?, row.whole("reported_at")?)))
        .collect()
}

/// A friction from a file.
pub struct ImportedFriction<'a> {
    /// The unit it happens in.
    pub unit: UnitId,
    /// What it says.
    pub report: FrictionReport,
    /// When it was reported.
    pub reported_at: Moment,
    /// Who sees it.
    pub audience: Audience,
    /// Under which it is kept once.
    pub key: String,
    /// What else the file says of it, as JSON.
    pub attributes: &'a str,
}

/// Keeps a friction from a file.
pub async fn add_friction(sql: &Sql, id: FrictionId, friction: &ImportedFriction<'_>) -> Result<(), Broken> {
    let Burden { times_per_week, minutes, n_people } = friction.report.burden;
    sql.run(
        "INSERT INTO friction
           (id, unit_id, title, times_per_week, minutes, n_people, reported_at, audience, import_key, attributes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        bind![
            id,
            friction.unit,
            friction.report.title,
            times_per_week,
            minutes,
            n_people,
            friction.reported_at,
            friction.audience.word(),
            friction.key,
            friction.attributes
        ],
    )
    .await?;
    Ok(())
}

/// When the slots of a change begin, by unit: the first of each.
pub async fn slot_begins(sql: &Sql, change: ChangeId) -> Result<BTreeMap<UnitId, Moment>, Broken> {
    sql.all(
        "SELECT unit_id AS unit_id, MIN(not_before) AS begins FROM slot WHERE change_id = $1 GROUP BY unit_id",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| Ok((row.parsed("unit_id")?, row.moment("begins")?)))
    .collect()
}
