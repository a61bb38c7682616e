//! Queries on units.

use traction_domain::id::{PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::org::unit::UnitProposed;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
    /// How many people belong to it: those known one by one, else the count it was imported with.
    pub n_members: usize,
}

const COLUMNS: &str = "u.id AS id, u.slug AS slug, u.name AS name, u.parent_id AS parent_id,
  COALESCE(NULLIF((SELECT COUNT(DISTINCT r.person_id) FROM role r WHERE r.unit_id = u.id
                     AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)), 0),
           u.n_members, 0) AS n_members";

fn unit(row: &Row) -> Result<Unit, Broken> {
    Ok(Unit {
        id: row.parsed("id")?,
        slug: row.parsed("slug")?,
        name: row.text("name")?,
        parent: row.maybe_parsed("parent_id")?,
        n_members: row.count("n_members")?,
    })
}

/// All units, by name.
pub async fn all(sql: &Sql) -> Result<Vec<Unit>, Broken> {
    sql.all(&format!("SELECT {COLUMNS} FROM unit u ORDER BY u.name, u.id"), vec![])
        .await?
        .iter()
        .map(unit)
        .collect()
}

/// One unit.
pub async fn one(sql: &Sql, id: UnitId) -> Result<Option<Unit>, Broken> {
    let row = sql.one(&format!("SELECT {COLUMNS} FROM unit u WHERE u.id = $1"), bind![id]).await?;
    row.as_ref().map(unit).transpose()
}

/// Whoever belongs to several units, with each of these, in the order in which he came to them.
pub async fn of_several(sql: &Sql) -> Result<Vec<(PersonId, UnitId)>, Broken> {
    sql.all(
        "SELECT r.person_id AS person_id, r.unit_id AS unit_id, MIN(r.given_at) AS given_at FROM role r
         WHERE r.unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
           AND r.person_id IN (SELECT o.person_id FROM role o WHERE o.unit_id IS NOT NULL
             GROUP BY o.person_id HAVING MIN(o.unit_id) <> MAX(o.unit_id))
         GROUP BY r.person_id, r.unit_id ORDER BY r.person_id, MIN(r.given_at), r.unit_id",
        vec![],
    )
    .await?
    .iter()
    .map(|row| Ok((row.parsed("person_id")?, row.parsed("unit_id")?)))
    .collect()
}

/// The unit of a short name.
pub async fn by_slug(sql: &Sql, slug: &Slug) -> Result<Option<Unit>, Broken> {
    let row = sql.one(&format!("SELECT {COLUMNS} FROM unit u WHERE u.slug = $1"), bind![slug]).await?;
    row.as_ref().map(unit).transpose()
}

/// Keeps a new unit.
pub async fn add(
    sql: &Sql,
    id: UnitId,
    proposed: &UnitProposed,
    attributes: &str,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO unit (id, slug, name, parent_id, n_members, attributes, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, proposed.slug, proposed.name, proposed.parent, proposed.n_members, attributes, at],
    )
    .await?;
    Ok(())
}
