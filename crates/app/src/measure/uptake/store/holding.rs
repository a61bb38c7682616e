//! Queries on the units that have slots of a change, and on who belongs to several of them.

use traction_domain::id::{ChangeId, PersonId, UnitId};
use traction_domain::time::Moment;

use crate::bind;
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// The units that ever got a slot of a change, by name.
pub async fn units(sql: &Sql, change: ChangeId) -> Result<Vec<Unit>, Broken> {
    let condition = "u.id IN (SELECT s.unit_id FROM slot s WHERE s.change_id = $1)";
    unit::store::those(sql, condition, bind![change]).await
}

/// Whoever belongs to several units and to one of these or more, with each of these, in the order in which he came to
/// them. What is asked for grows with the change and not with the organisation.
pub async fn of_several(sql: &Sql, change: ChangeId) -> Result<Vec<(PersonId, UnitId)>, Broken> {
    let rows = sql
        .all(
            "SELECT r.person_id AS person_id, r.unit_id AS unit_id, r.given_at AS given_at FROM role_of_several r
             WHERE r.unit_id IN (SELECT s.unit_id FROM slot s WHERE s.change_id = $1)
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.role_id)",
            bind![change],
        )
        .await?;
    let given = rows
        .iter()
        .map(|row| Ok((row.parsed("person_id")?, row.parsed("unit_id")?, row.moment("given_at")?)));
    let mut given: Vec<(PersonId, UnitId, Moment)> = given.collect::<Result<_, Broken>>()?;
    given.sort_unstable();
    // Who is member and lead of a unit came to it with the first of both.
    given.dedup_by_key(|(person, unit, _)| (*person, *unit));
    given.sort_unstable_by_key(|(person, unit, at)| (*person, *at, *unit));
    Ok(given.into_iter().map(|(person, unit, _)| (person, unit)).collect())
}
