//! Queries on outcomes and on the files that were taken in.

pub mod course;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;
use traction_domain::id::{ImportId, MetricId, UnitId};
use traction_domain::measure::outcome::Measured;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::compare::{Last, Word};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::bind;
use crate::measure::outcome::seal::Seal;
use crate::store::{Bind, Row, Sql, acts};
use crate::trouble::Broken;

/// A metric's last word on a unit and a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The unit.
    pub unit: UnitId,
    /// Its short name.
    pub slug: Slug,
    /// When.
    pub period: Period,
    /// What it was.
    pub value: f64,
    /// Of which numerator and denominator, where these are known.
    pub parts: Option<(f64, f64)>,
}

fn outcome(row: &Row) -> Result<Outcome, Broken> {
    Ok(Outcome {
        unit: row.parsed("unit_id")?,
        slug: row.parsed("slug")?,
        period: row.parsed("period")?,
        value: row.number("value")?,
        parts: row.maybe_number("numerator")?.zip(row.maybe_number("denominator")?),
    })
}

impl Outcome {
    /// What stands in a table's columns `value`, `numerator` and `denominator`; empty where there is none.
    pub fn cells(&self) -> [String; 3] {
        let part = |part: Option<f64>| part.map_or_else(String::new, |part| part.to_string());
        [
            self.value.to_string(),
            part(self.parts.map(|(numerator, _)| numerator)),
            part(self.parts.map(|(_, denominator)| denominator)),
        ]
    }
}

/// The outcomes of a metric, of these units or of all, by unit and period; corrections have taken the place of what
/// they correct, and what was taken back is not there.
pub async fn panel(sql: &Sql, metric: MetricId, units: Option<&[UnitId]>) -> Result<Vec<Outcome>, Broken> {
    let mut values: Vec<Value> = bind![metric];
    let mut of_units = String::new();
    if let Some(units) = units {
        if units.is_empty() {
            return Ok(vec![]);
        }
        let places: Vec<String> = (2..units.len() + 2).map(|n| format!("${n}")).collect();
        of_units = format!("AND o.unit_id IN ({})", places.join(","));
        values.extend(units.iter().map(Bind::value));
    }
    let text = format!(
        "SELECT o.unit_id AS unit_id, u.slug AS slug, o.period AS period, o.value AS value,
           o.numerator AS numerator, o.denominator AS denominator
         FROM outcome o JOIN unit u ON u.id = o.unit_id
         WHERE o.metric_id = $1 AND o.value IS NOT NULL {of_units}
           AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.metric_id = o.metric_id AND l.unit_id = o.unit_id
                             AND l.period = o.period AND l.n > o.n)"
    );
    let mut outcomes: Vec<Outcome> =
        sql.all(&text, values).await?.iter().map(outcome).collect::<Result<_, _>>()?;
    outcomes.sort_by(|a, b| (&a.slug, a.period).cmp(&(&b.slug, b.period)));
    Ok(outcomes)
}

/// How much is known of each metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The metric.
    pub metric: MetricId,
    /// Of how many units.
    pub n_units: usize,
    /// In how many periods.
    pub n_periods: usize,
    /// When something was recorded last.
    pub last_at: Moment,
}

/// How much is known of every metric that has outcomes; what was taken back is known no more.
pub async fn extents(sql: &Sql) -> Result<Vec<Extent>, Broken> {
    sql.all(
        "SELECT o.metric_id AS metric_id, COUNT(DISTINCT o.unit_id) AS n_units, COUNT(DISTINCT o.period) AS n_periods,
                MAX(o.recorded_at) AS last_at
         FROM outcome o WHERE o.value IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.value IS NULL AND l.metric_id = o.metric_id
                             AND l.unit_id = o.unit_id AND l.period = o.period AND l.n > o.n)
         GROUP BY o.metric_id",
        vec![],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Extent {
            metric: row.parsed("metric_id")?,
            n_units: row.count("n_units")?,
            n_periods: row.count("n_periods")?,
            last_at: row.moment("last_at")?,
        })
    })
    .collect()
}

/// What is kept of a metric now in these periods: the last word on each unit and period.
pub async fn last_words(
    sql: &Sql,
    metric: MetricId,
    periods: &BTreeSet<Period>,
) -> Result<BTreeMap<(UnitId, Period), Last>, Broken> {
    let written: Vec<String> = periods.iter().map(Period::to_string).collect();
    let mut last = BTreeMap::new();
    for chunk in written.chunks(500) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT unit_id, period, n, value, numerator, denominator FROM outcome
             WHERE metric_id = $1 AND period IN ({}) ORDER BY n",
            places.join(",")
        );
        let mut values = bind![metric];
        values.extend(chunk.iter().map(Bind::value));
        for row in sql.all(&text, values).await? {
            let word = Last { n: row.whole("n")?, measured: measured(&row, "")? };
            last.insert((row.parsed("unit_id")?, row.parsed("period")?), word);
        }
    }
    Ok(last)
}

/// What a row's columns `value`, `numerator` and `denominator` say, their names after `before`.
pub(super) fn measured(row: &Row, before: &str) -> Result<Measured, Broken> {
    let column = |name: &str| format!("{before}{name}");
    let numerator = row.maybe_number(&column("numerator"))?;
    let denominator = row.maybe_number(&column("denominator"))?;
    Ok(match (numerator, denominator) {
        (Some(numerator), Some(denominator)) => Measured::Ratio { numerator, denominator },
        _ => row.maybe_number(&column("value"))?.map_or(Measured::Nothing, Measured::Value),
    })
}

/// Keeps outcomes of one metric, from one file.
pub async fn add(
    sql: &Sql,
    metric: MetricId,
    import: ImportId,
    words: &[Word],
    at: Moment,
) -> Result<(), Broken> {
    let rows = words
        .iter()
        .map(|word| {
            let (numerator, denominator) = match word.measured {
                Measured::Value(_) | Measured::Nothing => (None, None),
                Measured::Ratio { numerator, denominator } => (Some(numerator), Some(denominator)),
            };
            bind![
                metric,
                word.unit,
                word.period.to_string(),
                word.n,
                word.measured.value(),
                numerator,
                denominator,
                import,
                at
            ]
        })
        .collect();
    let head = "INSERT INTO outcome
      (metric_id, unit_id, period, n, value, numerator, denominator, import_id, recorded_at) VALUES";
    sql.insert_many(head, rows, "").await?;
    Ok(())
}

/// Keeps the seal of what was recorded.
pub async fn seal(sql: &Sql, import: ImportId, seal: &Seal) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO outcome_seal (import_id, n_outcomes, seal) VALUES ($1, $2, $3)",
        bind![import, seal.n_outcomes, seal.hex()],
    )
    .await?;
    Ok(())
}

/// The calendar that is set for a metric.
pub async fn calendar(sql: &Sql, metric: MetricId) -> Result<Option<Calendar>, Broken> {
    let text = "SELECT c.calendar AS calendar FROM metric_calendar c WHERE c.metric_id = $1 ORDER BY c.n DESC LIMIT 1";
    sql.one(text, bind![metric]).await?.map(|row| row.parsed("calendar")).transpose()
}

/// Sets the calendar of a metric.
pub async fn set_calendar(sql: &Sql, metric: MetricId, calendar: Calendar, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO metric_calendar (metric_id, n, calendar, set_at)
         SELECT $1, CAST(COALESCE(MAX(c.n), 0) + 1 AS BIGINT), $2, CAST($3 AS BIGINT) FROM metric_calendar c WHERE c.metric_id = $1",
        bind![metric, calendar.to_string(), at],
    )
    .await?;
    Ok(())
}

/// Every period of which something of a metric is known, in their order; what was taken back is known no more.
pub async fn periods(sql: &Sql, metric: MetricId) -> Result<BTreeSet<Period>, Broken> {
    let text =
        "SELECT DISTINCT o.period AS period FROM outcome o WHERE o.metric_id = $1 AND o.value IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.value IS NULL AND l.metric_id = o.metric_id
                        AND l.unit_id = o.unit_id AND l.period = o.period AND l.n > o.n)";
    sql.all(text, bind![metric]).await?.iter().map(|row| row.parsed("period")).collect()
}

/// A file, or a set of rows from a program, as it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// What it held: units, outcomes, …
    pub kind: &'static str,
    /// SHA-256 of its bytes, in hex.
    pub sha256: &'a str,
    /// Rows below the header.
    pub n_rows: usize,
}

/// Writes down that a file was taken in.
pub async fn take(sql: &Sql, id: ImportId, taken: Taken<'_>, who: &Who, at: Moment) -> Result<(), Broken> {
    let (actor, actor_id) = acts(who);
    sql.run(
        "INSERT INTO taken_in (id, kind, sha256, n_rows, at, actor, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, taken.kind, taken.sha256, taken.n_rows, at, actor, actor_id],
    )
    .await?;
    Ok(())
}
