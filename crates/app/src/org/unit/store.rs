//! Queries on units.

use sea_orm::Value;
use traction_domain::id::UnitId;
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
    those(sql, "1 = 1", vec![]).await
}

/// One unit.
pub async fn one(sql: &Sql, id: UnitId) -> Result<Option<Unit>, Broken> {
    let row = sql.one(&format!("SELECT {COLUMNS} FROM unit u WHERE u.id = $1"), bind![id]).await?;
    row.as_ref().map(unit).transpose()
}

/// The units of a condition on `u`, by name: so a later stage asks for those that it knows.
pub async fn those(sql: &Sql, condition: &str, values: Vec<Value>) -> Result<Vec<Unit>, Broken> {
    let text = format!("SELECT {COLUMNS} FROM unit u WHERE {condition} ORDER BY u.name, u.id");
    sql.all(&text, values).await?.iter().map(unit).collect()
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
