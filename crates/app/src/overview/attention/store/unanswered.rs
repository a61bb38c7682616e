//! Queries on what units wait to have answered, or looked at.

use traction_domain::id::UnitId;
use traction_domain::org::slug::Slug;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// Frictions of a unit without a first answer.
pub struct Unanswered {
    /// The unit.
    pub unit_slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// How many that others see.
    pub n: i64,
    /// How many others see only after somebody looked at them.
    pub n_unseen: i64,
}

/// The units of `led` with frictions that nobody has answered, or looked at.
pub async fn unanswered(sql: &Sql, led: &[UnitId]) -> Result<Vec<Unanswered>, Broken> {
    let mut waiting = Vec::new();
    for unit in led {
        let row = sql
            .one(
                "SELECT w.unit_slug AS unit_slug, w.unit_name AS unit_name,
                   CAST(SUM(CASE WHEN w.shown = 'shown' THEN 1 ELSE 0 END) AS BIGINT) AS n,
                   CAST(SUM(CASE WHEN w.shown = 'waits' THEN 1 ELSE 0 END) AS BIGINT) AS n_unseen
                 FROM (SELECT u.slug AS unit_slug, u.name AS unit_name, COALESCE((SELECT l.shown FROM friction_look l
                     WHERE l.friction_id = f.id ORDER BY l.n DESC LIMIT 1), f.first_shown) AS shown
                 FROM friction f JOIN unit u ON u.id = f.unit_id
                 WHERE f.unit_id = $1
                   AND NOT EXISTS (SELECT 1 FROM friction_answer a WHERE a.friction_id = f.id AND a.n > COALESCE(
                     (SELECT MAX(v.answer_n) FROM friction_said v WHERE v.friction_id = f.id AND v.verdict = 'stays'), 0))
                   AND (SELECT m.into_id FROM friction_merge m WHERE m.friction_id = f.id ORDER BY m.n DESC LIMIT 1) IS NULL) w
                 GROUP BY w.unit_slug, w.unit_name",
                bind![unit],
            )
            .await?;
        if let Some(row) = row {
            waiting.push(Unanswered {
                unit_slug: row.parsed("unit_slug")?,
                unit_name: row.text("unit_name")?,
                n: row.whole("n")?,
                n_unseen: row.whole("n_unseen")?,
            });
        }
    }
    Ok(waiting)
}
