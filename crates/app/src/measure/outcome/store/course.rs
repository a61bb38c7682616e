//! Queries on how a metric's outcomes came to be what they are: what is there of each unit, and what was corrected.

use traction_domain::id::{MetricId, UnitId};
use traction_domain::measure::outcome::Measured;
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use super::measured;
use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// That something is known of a unit and a period.
#[derive(Clone, Debug, PartialEq)]
pub struct There {
    /// The unit's name.
    pub unit_name: String,
    /// When.
    pub period: Period,
    /// How many words there are on it; more than one: it was corrected.
    pub n_words: usize,
    /// Whether the last of them took the value back.
    pub is_taken_back: bool,
}

/// Of which units and periods something is known, by the unit's name.
pub async fn there(sql: &Sql, metric: MetricId) -> Result<Vec<There>, Broken> {
    sql.all(
        "SELECT u.name AS unit_name, o.period AS period, o.n AS n_words, o.value AS value
         FROM outcome o JOIN unit u ON u.id = o.unit_id WHERE o.metric_id = $1
           AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.metric_id = o.metric_id AND l.unit_id = o.unit_id
                             AND l.period = o.period AND l.n > o.n)
         ORDER BY u.name, u.id",
        bind![metric],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(There {
            unit_name: row.text("unit_name")?,
            period: row.parsed("period")?,
            n_words: row.count("n_words")?,
            is_taken_back: row.maybe_number("value")?.is_none(),
        })
    })
    .collect()
}

/// A correction: what stood there before, and what stands there since.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The unit.
    pub unit: UnitId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// When it was measured.
    pub period: Period,
    /// Which correction of it this is, from 1.
    pub n: i64,
    /// What stood there before, and since when.
    pub before: (Measured, Moment),
    /// What stands there since, and since when.
    pub after: (Measured, Moment),
    /// Who sent it: a person's name, or what acted; `None` where that was not written down yet.
    pub by: Option<String>,
    /// How it came: outcomes, rollout, source.
    pub kind: String,
}

/// The last corrections of a metric, the newest first.
pub async fn corrections(sql: &Sql, metric: MetricId, limit: usize) -> Result<Vec<Correction>, Broken> {
    sql.all(
        "SELECT o.unit_id AS unit_id, u.slug AS slug, u.name AS unit_name, o.period AS period, o.n AS n,
           o.value AS value, o.numerator AS numerator, o.denominator AS denominator, o.recorded_at AS recorded_at,
           b.value AS before_value, b.numerator AS before_numerator, b.denominator AS before_denominator,
           b.recorded_at AS before_at, COALESCE(p.name, k.name, t.actor) AS sent_by, t.kind AS kind
         FROM outcome o
           JOIN outcome b ON b.metric_id = o.metric_id AND b.unit_id = o.unit_id AND b.period = o.period AND b.n = o.n - 1
           JOIN unit u ON u.id = o.unit_id JOIN taken_in t ON t.id = o.import_id
           LEFT JOIN person p ON p.id = t.actor_id LEFT JOIN token k ON k.id = t.actor_id
         WHERE o.metric_id = $1 AND o.n > 1
         ORDER BY o.recorded_at DESC, u.name, o.period, o.n DESC LIMIT $2",
        bind![metric, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Correction {
            unit: row.parsed("unit_id")?,
            slug: row.parsed("slug")?,
            unit_name: row.text("unit_name")?,
            period: row.parsed("period")?,
            n: row.whole("n")? - 1,
            before: (measured(row, "before_")?, row.moment("before_at")?),
            after: (measured(row, "")?, row.moment("recorded_at")?),
            by: row.maybe_text("sent_by")?,
            kind: row.text("kind")?,
        })
    })
    .collect()
}
