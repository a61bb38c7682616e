//! What was told of weeks, held against what it was counted from. It reads only.

use std::collections::BTreeMap;

use traction_domain::time::Moment;

use crate::bind;
use crate::keeping::doctor::{Depth, Finding};
use crate::measure::uptake::store::Week;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

const TODO: &str = "take these rows from the last backup, restored into a new folder, and compare with `traction uptake show` there; what was told of that week is not to be relied on until then";

/// No week is missing amid those that were told, what was told of all is the sum of the units, and as many are counted as
/// used it on days that are kept.
pub async fn weeks(sql: &Sql, depth: Depth, found: &mut Vec<Finding>) -> Result<(), Broken> {
    let holes =
        "SELECT c.slug AS slug, MIN(w.week) AS week FROM uptake_week w JOIN change c ON c.id = w.change_id
      GROUP BY c.slug HAVING MAX(w.week) - MIN(w.week) + 1 <> COUNT(*) ORDER BY c.slug";
    tell(&sql.all(holes, vec![]).await?, "has a hole in its weeks, the first of which is that of", found)?;
    let alone =
        "SELECT c.slug AS slug, MIN(u.week) AS week FROM uptake_unit u JOIN change c ON c.id = u.change_id
      WHERE NOT EXISTS (SELECT 1 FROM uptake_week w WHERE w.change_id = u.change_id AND w.week = u.week)
      GROUP BY c.slug ORDER BY c.slug";
    tell(
        &sql.all(alone, vec![]).await?,
        "has counts of units of a week that was not closed, or is gone: that of",
        found,
    )?;
    let sums = "SELECT c.slug AS slug, MIN(w.week) AS week FROM uptake_week w JOIN change c ON c.id = w.change_id
      JOIN (SELECT u.change_id AS change_id, u.week AS week, SUM(u.n_active) AS n_active, SUM(u.n_eligible) AS n_eligible
            FROM uptake_unit u GROUP BY u.change_id, u.week) s ON s.change_id = w.change_id AND s.week = w.week
      WHERE (w.total = 'exact' AND w.n_active <> s.n_active) OR (w.n_eligible IS NOT NULL AND w.n_eligible <> s.n_eligible)
      GROUP BY c.slug ORDER BY c.slug";
    tell(
        &sql.all(sums, vec![]).await?,
        "was told otherwise than its units were counted, first in the week of",
        found,
    )?;
    if depth == Depth::Whole {
        tell(
            &sql.all(COUNTED, vec![]).await?,
            "counts other people than used it on the days that are kept, first in the week of",
            found,
        )?;
    }
    Ok(())
}

/// Whoever uses it in several units counts in one of them, and counted in each in earlier versions: a week's sum lies
/// between the two. Days are counted from 1970, weeks from its first Monday.
const COUNTED: &str = "SELECT c.slug AS slug, MIN(s.week) AS week FROM
    (SELECT u.change_id AS change_id, u.week AS week, SUM(u.n_active) AS n_active
     FROM uptake_unit u GROUP BY u.change_id, u.week) s
  JOIN change c ON c.id = s.change_id
  LEFT JOIN (SELECT p.change_id AS change_id, p.week AS week, COUNT(*) AS n_by_unit, COUNT(DISTINCT COALESCE(a.own, p.subject)) AS n_people
     FROM (SELECT DISTINCT d.change_id AS change_id, (d.day - 4) / 7 AS week, d.unit_id AS unit_id, d.subject AS subject
           FROM use_day d) p
     LEFT JOIN subject_alias a ON a.subject = p.subject
     JOIN uptake_unit u ON u.change_id = p.change_id AND u.week = p.week AND u.unit_id = p.unit_id
     GROUP BY p.change_id, p.week) k ON k.change_id = s.change_id AND k.week = s.week
  WHERE s.n_active > COALESCE(k.n_by_unit, 0) OR s.n_active < COALESCE(k.n_people, 0)
  GROUP BY c.slug ORDER BY c.slug";

/// What happened in weeks that are closed, and had arrived when the last one was, is rolled up by day.
///
/// - `rolled`: how many are, by change and day.
pub async fn rolled_up(
    sql: &Sql,
    whole_from: i64,
    rolled: &BTreeMap<(String, i64), usize>,
    found: &mut Vec<Finding>,
) -> Result<(), Broken> {
    // What arrives while a week is closed is rolled up with the next: a day more than that takes is left out.
    let closed = "SELECT c.slug AS slug, w.change_id AS change_id, MAX(w.week) AS week, MAX(w.closed_at) - 86400000 AS closed_at
      FROM uptake_week w JOIN change c ON c.id = w.change_id GROUP BY c.slug, w.change_id ORDER BY c.slug";
    for row in sql.all(closed, vec![]).await? {
        let (slug, change) = (row.text("slug")?, row.text("change_id")?);
        let until = Week(row.whole("week")? + 1).begins();
        let kept = "SELECT e.occurred_at / 86400000 AS day, COUNT(*) AS n FROM usage_event e
          WHERE e.change_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3 AND e.received_at < $4
            AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
          GROUP BY e.occurred_at / 86400000 ORDER BY e.occurred_at / 86400000";
        let mut days = Vec::new();
        for day in sql.all(kept, bind![change, whole_from, until, row.whole("closed_at")?]).await? {
            let (day, n_kept) = (day.whole("day")?, day.count("n")?);
            let n_rolled = rolled.get(&(change.clone(), day)).copied().unwrap_or(0);
            if n_rolled < n_kept {
                days.push((day, n_kept, n_rolled));
            }
        }
        if let Some((day, n_kept, n_rolled)) = days.first() {
            let on = Moment::from_milliseconds(day * 86_400_000)
                .map_or_else(String::new, |at| at.date().to_string());
            let others = match days.len() - 1 {
                0 => String::new(),
                n => format!(", and so on {n} more days"),
            };
            let what = format!(
                "of {n_kept} events of {slug} on {on}, which are there, {n_rolled} are rolled up{others}"
            );
            found.push(Finding { what, todo: TODO });
        }
    }
    Ok(())
}

/// A finding for each change with a flaw, and the first week of it.
fn tell(rows: &[Row], flaw: &str, found: &mut Vec<Finding>) -> Result<(), Broken> {
    for row in rows {
        let week = Week(row.whole("week")?).begins().date();
        found
            .push(Finding { what: format!("the uptake of {} {flaw} {week}", row.text("slug")?), todo: TODO });
    }
    Ok(())
}
