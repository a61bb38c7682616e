//! Queries on metrics.

use traction_domain::id::MetricId;
use traction_domain::offer::metric::{Better, MetricProposed};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its id.
    pub id: MetricId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What one of it is.
    pub unit_of_measure: String,
    /// Which way is better.
    pub better: Better,
}

const SELECT: &str =
    "SELECT m.id AS id, m.slug AS slug, m.name AS name, m.unit_of_measure AS unit_of_measure,
  m.better AS better FROM metric m";

fn metric(row: &Row) -> Result<Metric, Broken> {
    Ok(Metric {
        id: row.parsed("id")?,
        slug: row.parsed("slug")?,
        name: row.text("name")?,
        unit_of_measure: row.text("unit_of_measure")?,
        better: row.parsed("better")?,
    })
}

/// All metrics, by name.
pub async fn all(sql: &Sql) -> Result<Vec<Metric>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY m.name, m.id"), vec![]).await?.iter().map(metric).collect()
}

/// One metric.
pub async fn one(sql: &Sql, id: MetricId) -> Result<Option<Metric>, Broken> {
    sql.one(&format!("{SELECT} WHERE m.id = $1"), bind![id]).await?.as_ref().map(metric).transpose()
}

/// The metric of a short name.
pub async fn by_slug(sql: &Sql, slug: &str) -> Result<Option<Metric>, Broken> {
    sql.one(&format!("{SELECT} WHERE m.slug = $1"), bind![slug]).await?.as_ref().map(metric).transpose()
}

/// Keeps a metric.
pub async fn add(sql: &Sql, id: MetricId, proposed: &MetricProposed, at: Moment) -> Result<(), Broken> {
    let MetricProposed { slug, name, unit_of_measure, better } = proposed;
    sql.run(
        "INSERT INTO metric (id, slug, name, unit_of_measure, better, defined_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, slug, name, unit_of_measure, better.to_string(), at],
    )
    .await?;
    Ok(())
}
