//! Queries on goals, as gaps need them.

use traction_domain::id::{GoalId, UnitId};

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// The goals that outcomes of a unit speak of, oldest first.
pub async fn goals_of_unit(sql: &Sql, unit: UnitId) -> Result<Vec<GoalId>, Broken> {
    sql.all(
        "SELECT g.id AS id FROM goal g WHERE EXISTS
           (SELECT 1 FROM outcome o WHERE o.metric_id = g.metric_id AND o.unit_id = $1 AND o.value IS NOT NULL)
         ORDER BY g.set_at, g.id",
        bind![unit],
    )
    .await?
    .iter()
    .map(|row| row.parsed("id"))
    .collect()
}
