//! Queries on guardrails.

use traction_domain::id::{ChangeId, MetricId, PersonId};
use traction_domain::offer::metric::Better;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A limit on an outcome, as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Guardrail {
    /// The metric.
    pub metric: MetricId,
    /// Its name.
    pub metric_name: String,
    /// What one of it is.
    pub unit_of_measure: String,
    /// Which way is better.
    pub better: Better,
    /// The value past which it is crossed.
    pub limit: f64,
    /// When it was set.
    pub set_at: Moment,
}

/// The guardrails of a change, by the metric's name.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Guardrail>, Broken> {
    sql.all(
        "SELECT g.metric_id AS metric_id, m.name AS metric_name, m.unit_of_measure AS unit_of_measure,
           m.better AS better, g.worst AS worst, g.set_at AS set_at
         FROM guardrail g JOIN metric m ON m.id = g.metric_id
         WHERE g.change_id = $1 AND NOT EXISTS (SELECT 1 FROM guardrail l
           WHERE l.change_id = g.change_id AND l.metric_id = g.metric_id AND l.n > g.n)
         ORDER BY m.name, m.id",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Guardrail {
            metric: row.parsed("metric_id")?,
            metric_name: row.text("metric_name")?,
            unit_of_measure: row.text("unit_of_measure")?,
            better: row.parsed("better")?,
            limit: row.number("worst")?,
            set_at: row.moment("set_at")?,
        })
    })
    .collect()
}

/// Keeps a guardrail; it takes the place of an earlier one of the same metric.
pub async fn add(
    sql: &Sql,
    change: ChangeId,
    metric: MetricId,
    limit: f64,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO guardrail (change_id, metric_id, n, worst, set_by, set_at)
         SELECT $1, $2, COUNT(*) + 1, CAST($3 AS DOUBLE PRECISION), $4, CAST($5 AS BIGINT)
         FROM guardrail WHERE change_id = $1 AND metric_id = $2",
        bind![change, metric, limit, by, at],
    )
    .await?;
    Ok(())
}
