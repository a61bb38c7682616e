//! Queries on sources: what they ask, and whether they stand still.

pub mod gave;
pub mod reader;
pub mod runs;

use traction_domain::id::{MetricId, SourceId};
use traction_domain::measure::source::{Asks, SourceProposed};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A source.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The metric that it fills.
    pub metric: MetricId,
    /// When it was made.
    pub added_at: Moment,
    /// What it asks.
    pub asks: Asks,
    /// Which of its askings that is, from 1.
    pub asks_n: i64,
    /// Since when it asks that.
    pub asks_since: Moment,
}

const SELECT: &str =
    "SELECT s.id AS id, s.slug AS slug, s.name AS name, s.metric_id AS metric_id, s.added_at AS added_at,
    a.n AS n, a.connection AS connection, a.query AS query, a.schedule AS schedule, a.set_at AS set_at
  FROM source s JOIN source_asks a ON a.source_id = s.id
  WHERE NOT EXISTS (SELECT 1 FROM source_asks l WHERE l.source_id = s.id AND l.n > a.n)
    AND NOT EXISTS (SELECT 1 FROM source_end e WHERE e.source_id = s.id)";

fn source(row: &Row) -> Result<Source, Broken> {
    let asks = Asks {
        connection: row.parsed("connection")?,
        query: row.text("query")?,
        schedule: row.maybe_parsed("schedule")?,
    };
    Ok(Source {
        id: row.parsed("id")?,
        slug: row.parsed("slug")?,
        name: row.text("name")?,
        metric: row.parsed("metric_id")?,
        added_at: row.moment("added_at")?,
        asks,
        asks_n: row.whole("n")?,
        asks_since: row.moment("set_at")?,
    })
}

/// All sources that are asked, by name.
pub async fn all(sql: &Sql) -> Result<Vec<Source>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY s.name, s.id"), vec![]).await?.iter().map(source).collect()
}

/// The source of a short name.
pub async fn by_slug(sql: &Sql, slug: &Slug) -> Result<Option<Source>, Broken> {
    sql.one(&format!("{SELECT} AND s.slug = $1"), bind![slug]).await?.as_ref().map(source).transpose()
}

/// The sources that fill a metric, by name.
pub async fn of_metric(sql: &Sql, metric: MetricId) -> Result<Vec<Source>, Broken> {
    let text = format!("{SELECT} AND s.metric_id = $1 ORDER BY s.name, s.id");
    sql.all(&text, bind![metric]).await?.iter().map(source).collect()
}

/// Whether there is or was a source of a short name.
pub async fn is_taken(sql: &Sql, slug: &Slug) -> Result<bool, Broken> {
    Ok(sql.one("SELECT s.id AS id FROM source s WHERE s.slug = $1", bind![slug]).await?.is_some())
}

/// Keeps a source, with what it asks first.
pub async fn add(sql: &Sql, id: SourceId, proposed: &SourceProposed, at: Moment) -> Result<(), Broken> {
    let SourceProposed { slug, name, metric, asks: first } = proposed;
    sql.run(
        "INSERT INTO source (id, slug, name, metric_id, added_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, slug, name, metric, at],
    )
    .await?;
    asks(sql, id, 1, first, at).await
}

/// Keeps what a source asks from now on.
pub async fn asks(sql: &Sql, id: SourceId, n: i64, asks: &Asks, at: Moment) -> Result<(), Broken> {
    let schedule = asks.schedule.as_ref().map(ToString::to_string);
    sql.run(
        "INSERT INTO source_asks (source_id, n, connection, query, schedule, set_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, n, asks.connection.as_str(), asks.query, schedule, at],
    )
    .await?;
    Ok(())
}

/// Ends a source; its runs stay.
pub async fn end(sql: &Sql, id: SourceId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO source_end (source_id, ended_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        bind![id, at],
    )
    .await?;
    Ok(())
}

/// Raises the alarm that nothing new came since a moment; false where it was raised before.
pub async fn raise(sql: &Sql, source: SourceId, since: Moment, at: Moment) -> Result<bool, Broken> {
    let n = sql
        .run(
            "INSERT INTO source_alarm (source_id, since, raised_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            bind![source, since, at],
        )
        .await?;
    Ok(n > 0)
}

/// A source for which an alarm stands: nothing new came since.
pub struct Stale {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// When something new came last.
    pub since: Moment,
}

/// The sources whose last alarm nothing new has followed.
pub async fn stale(sql: &Sql) -> Result<Vec<Stale>, Broken> {
    sql.all(
        "SELECT s.slug AS slug, s.name AS name, l.since AS since
         FROM source s JOIN source_alarm l ON l.source_id = s.id
         WHERE NOT EXISTS (SELECT 1 FROM source_alarm m WHERE m.source_id = l.source_id AND m.since > l.since)
           AND NOT EXISTS (SELECT 1 FROM source_end e WHERE e.source_id = s.id)
           AND NOT EXISTS (SELECT 1 FROM source_brought b WHERE b.source_id = s.id AND b.first_at > l.since)
         ORDER BY s.name, s.id",
        vec![],
    )
    .await?
    .iter()
    .map(|row| Ok(Stale { slug: row.parsed("slug")?, name: row.text("name")?, since: row.moment("since")? }))
    .collect()
}
