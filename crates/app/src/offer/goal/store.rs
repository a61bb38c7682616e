//! Queries on goals.

use traction_domain::id::{GoalId, MetricId};
use traction_domain::offer::goal::GoalProposed;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Its id.
    pub id: GoalId,
    /// What is wanted.
    pub title: String,
    /// The metric that tells.
    pub metric: MetricId,
    /// Where it should be, in the metric's unit.
    pub target: f64,
    /// By when.
    pub due_at: Option<Moment>,
}

const SELECT: &str = "SELECT g.id AS id, g.title AS title, g.metric_id AS metric_id, g.target AS target,
  g.due_at AS due_at FROM goal g";

fn goal(row: &Row) -> Result<Goal, Broken> {
    Ok(Goal {
        id: row.parsed("id")?,
        title: row.text("title")?,
        metric: row.parsed("metric_id")?,
        target: row.number("target")?,
        due_at: row.maybe_moment("due_at")?,
    })
}

/// All goals, newest first.
pub async fn all(sql: &Sql) -> Result<Vec<Goal>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY g.set_at DESC, g.id"), vec![]).await?.iter().map(goal).collect()
}

/// One goal.
pub async fn one(sql: &Sql, id: GoalId) -> Result<Option<Goal>, Broken> {
    sql.one(&format!("{SELECT} WHERE g.id = $1"), bind![id]).await?.as_ref().map(goal).transpose()
}

/// Keeps a goal.
pub async fn add(sql: &Sql, id: GoalId, proposed: &GoalProposed, at: Moment) -> Result<(), Broken> {
    let GoalProposed { title, metric, target, due_at } = proposed;
    sql.run(
        "INSERT INTO goal (id, title, metric_id, target, due_at, set_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, title, metric, *target, *due_at, at],
    )
    .await?;
    Ok(())
}
