//! Queries on goals, outcomes and starts, as gaps need them.

use std::collections::BTreeMap;

use traction_domain::id::{ChangeId, GoalId, MetricId, UnitId};
use traction_domain::publish::gap::{Reading, Started};
use traction_domain::time::Moment;

use crate::bind;
use crate::measure::outcome;
use crate::store::Sql;
use crate::trouble::Broken;

/// The outcomes of a metric by unit, each unit's oldest first; corrected ones as corrected.
pub async fn readings(sql: &Sql, metric: MetricId) -> Result<BTreeMap<UnitId, Vec<Reading>>, Broken> {
    let mut readings: BTreeMap<UnitId, Vec<Reading>> = BTreeMap::new();
    for outcome in outcome::store::panel(sql, metric, None).await? {
        let reading = Reading { period: outcome.period, value: outcome.value };
        readings.entry(outcome.unit).or_default().push(reading);
    }
    Ok(readings)
}

/// The units that had started with a change by `now` and neither gave their slot back nor let it lapse, with their
/// outcomes out of `readings`.
pub async fn started(
    sql: &Sql,
    change: ChangeId,
    readings: &BTreeMap<UnitId, Vec<Reading>>,
    now: Moment,
) -> Result<Vec<Started>, Broken> {
    sql.all(
        "SELECT s.unit_id AS unit_id, u.parent_id AS parent_id, MIN(s.not_before) AS since
         FROM slot s JOIN unit u ON u.id = s.unit_id
         WHERE s.change_id = $1 AND s.not_before <= $2 AND NOT EXISTS
           (SELECT 1 FROM slot_event e WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed'))
         GROUP BY s.unit_id, u.parent_id",
        bind![change, now],
    )
    .await?
    .iter()
    .map(|row| {
        let unit = row.parsed("unit_id")?;
        Ok(Started {
            unit,
            parent: row.maybe_parsed("parent_id")?,
            on: row.moment("since")?.date(),
            readings: readings.get(&unit).cloned().unwrap_or_default(),
        })
    })
    .collect()
}

/// The goals that outcomes of a unit speak of, oldest first.
pub async fn goals_of_unit(sql: &Sql, unit: UnitId) -> Result<Vec<GoalId>, Broken> {
    sql.all(
        "SELECT g.id AS id FROM goal g WHERE EXISTS
           (SELECT 1 FROM outcome o WHERE o.metric_id = g.metric_id AND o.unit_id = $1)
         ORDER BY g.set_at, g.id",
        bind![unit],
    )
    .await?
    .iter()
    .map(|row| row.parsed("id"))
    .collect()
}
