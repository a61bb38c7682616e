//! Queries on which source gave a metric's value of a unit and period first: that one alone corrects it.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{MetricId, SourceId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::bind;
use crate::store::{Bind, Sql};
use crate::trouble::Broken;

/// The source, of those that are asked, that gave a metric's value of a unit and period first, for each that one gave in
/// these periods; also where it gave what was known already.
pub async fn given(
    sql: &Sql,
    metric: MetricId,
    periods: &BTreeSet<Period>,
) -> Result<BTreeMap<(UnitId, Period), (SourceId, Slug)>, Broken> {
    let written: Vec<String> = periods.iter().map(Period::to_string).collect();
    let mut given = BTreeMap::new();
    for chunk in written.chunks(500) {
        let places: Vec<String> = (2..chunk.len() + 2).map(|n| format!("${n}")).collect();
        // The first comes last, and takes the place of the others.
        let text = format!(
            "SELECT g.unit_id AS unit_id, g.period AS period, s.id AS source_id, s.slug AS slug
             FROM source s JOIN source_gave g ON g.source_id = s.id
             WHERE s.metric_id = $1 AND NOT EXISTS (SELECT 1 FROM source_end x WHERE x.source_id = s.id)
               AND g.period IN ({}) ORDER BY g.first_at DESC, s.id DESC",
            places.join(",")
        );
        let mut values = bind![metric];
        values.extend(chunk.iter().map(Bind::value));
        for row in sql.all(&text, values).await? {
            let cell = (row.parsed("unit_id")?, row.parsed("period")?);
            given.insert(cell, (row.parsed("source_id")?, row.parsed("slug")?));
        }
    }
    Ok(given)
}

/// Keeps that a source gave a value of these units and periods; where it did so before, that stays.
pub async fn gives(
    sql: &Sql,
    source: SourceId,
    cells: &[(UnitId, Period)],
    at: Moment,
) -> Result<(), Broken> {
    let rows = cells.iter().map(|(unit, period)| bind![source, period.to_string(), *unit, at]).collect();
    let head = "INSERT INTO source_gave (source_id, period, unit_id, first_at) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}
