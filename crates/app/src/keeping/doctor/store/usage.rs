//! What was counted of usage. It reads only.

use std::collections::BTreeMap;

use traction_domain::time::Moment;

use super::{RESTORE, told};
use crate::bind;
use crate::keeping::doctor::{Depth, Finding, Look};
use crate::measure::uptake::Told;
use crate::measure::uptake::store::Week;
use crate::measure::usage::retention;
use crate::store::Sql;
use crate::trouble::Broken;

/// What was counted of usage comes from events that are there, and can be read.
pub async fn usage(sql: &Sql, depth: Depth, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let n = match depth {
        Depth::Whole => events(sql, found).await?,
        Depth::Quick => 0,
    };
    weeks(sql, found).await?;
    told::weeks(sql, depth, found).await?;
    let left_out = (depth == Depth::Quick).then_some("whether each count comes from events that are there");
    Ok(Look { name: "usage", n, findings: vec![], says: None, left_out })
}

/// What was rolled up comes from events that are there: how many there are of these.
async fn events(sql: &Sql, findings: &mut Vec<Finding>) -> Result<usize, Broken> {
    // Of what is older the events may have been dropped on purpose.
    let whole_from = retention::store::dropped_before(sql).await?.map_or(0, Moment::milliseconds);
    let rolled = "SELECT u.change_id AS change_id, u.occurred_day AS day, CAST(SUM(u.n_events) AS BIGINT) AS n FROM use_day u
      WHERE u.occurred_day * 86400000 >= $1 GROUP BY u.change_id, u.occurred_day";
    let kept = "SELECT e.change_id AS change_id, e.occurred_at / 86400000 AS day, COUNT(*) AS n FROM usage_event e
      WHERE e.occurred_at >= $1 AND e.change_id IS NOT NULL AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
      GROUP BY e.change_id, e.occurred_at / 86400000";
    let rolled = by_day(sql, rolled, whole_from).await?;
    let kept = by_day(sql, kept, whole_from).await?;
    let n = kept.values().sum();
    let mut too_many = BTreeMap::<&String, Vec<(i64, usize, usize)>>::new();
    for ((change, day), n_rolled) in &rolled {
        let n_kept = kept.get(&(change.clone(), *day)).copied().unwrap_or(0);
        if *n_rolled > n_kept {
            too_many.entry(change).or_default().push((*day, *n_rolled, n_kept));
        }
    }
    for (change, days) in too_many {
        let slug = sql.one("SELECT slug AS slug FROM change WHERE id = $1", bind![change]).await?;
        let slug = slug.map_or(Ok(change.clone()), |row| row.text("slug"))?;
        let (day, n_rolled, n_kept) = days[0];
        let on =
            Moment::from_milliseconds(day * 86_400_000).map_or_else(String::new, |at| at.date().to_string());
        let others = match days.len() - 1 {
            0 => String::new(),
            n => format!(", and so on {n} more days"),
        };
        findings.push(Finding {
            what: format!("{n_rolled} uses of {slug} on {on} are rolled up, of {n_kept} events{others}"),
            todo: "restore the last backup: events are gone, or were counted twice",
        });
    }
    let early = "SELECT COUNT(*) AS n FROM usage_event WHERE occurred_at > received_at";
    let n_early = sql.one(early, vec![]).await?.map_or(Ok(0), |row| row.count("n"))?;
    findings.extend(impossible(n_early, "events arrived before they happened"));
    told::rolled_up(sql, whole_from, &rolled, findings).await?;
    Ok(n)
}

/// What was told of each week can be read, and counts nobody twice.
async fn weeks(sql: &Sql, findings: &mut Vec<Finding>) -> Result<(), Broken> {
    let weeks = sql
        .all(
            "SELECT c.slug AS slug, w.week AS week, w.told AS told FROM uptake_week w JOIN change c ON c.id = w.change_id",
            vec![],
        )
        .await?;
    for row in &weeks {
        if let Err(error) = serde_json::from_str::<Told>(&row.text("told")?) {
            let (slug, week) = (row.text("slug")?, Week(row.whole("week")?).begins().date());
            findings.push(Finding {
                what: format!("what was told of {slug} for the week of {week} cannot be read ({error})"),
                todo: "take it from the last backup; until then no further week of it is closed",
            });
        }
    }
    let counts = "SELECT COUNT(*) AS n FROM uptake_unit WHERE n_active > n_eligible OR n_active < 0";
    let n_counts = sql.one(counts, vec![]).await?.map_or(Ok(0), |row| row.count("n"))?;
    findings.extend(impossible(n_counts, "counts of a unit's week say that more used it than could"));
    Ok(())
}

fn impossible(n: usize, what: &str) -> Option<Finding> {
    (n > 0).then(|| Finding { what: format!("{n} {what}"), todo: RESTORE })
}

/// How many there are by change and day since 1970.
pub(super) async fn by_day(
    sql: &Sql,
    text: &str,
    from: i64,
) -> Result<BTreeMap<(String, i64), usize>, Broken> {
    let rows = sql.all(text, bind![from]).await?;
    rows.iter().map(|row| Ok(((row.text("change_id")?, row.whole("day")?), row.count("n")?))).collect()
}
