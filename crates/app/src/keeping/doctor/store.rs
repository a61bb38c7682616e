//! What the tables themselves must hold. It reads only.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use traction_domain::offer::change::seal;
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use super::{Finding, Look};
use crate::bind;
use crate::measure::uptake::Told;
use crate::measure::uptake::store::Week;
use crate::measure::usage::retention;
use crate::prove::evidence::record::EvidenceJson;
use crate::store::Sql;
use crate::store::whole::{self, Layout};
use crate::trouble::Broken;

const RESTORE: &str = "restore the last backup, and report this";

/// The embedded database's own look at its pages and indexes.
pub async fn file(sql: &Sql) -> Result<Look, Broken> {
    let rows = sql.all("SELECT integrity_check AS said FROM pragma_integrity_check", vec![]).await?;
    let said: Vec<String> = rows.iter().map(|row| row.text("said")).collect::<Result<_, _>>()?;
    let findings = said.into_iter().filter(|said| said != "ok").map(|said| Finding {
        what: format!("the database file is damaged: {said}"),
        todo: "stop the server, keep a copy of the file, and restore the last backup into a new folder",
    });
    Ok(Look { name: "file", n: 1, findings: findings.collect(), says: None })
}

/// Every row that refers to another finds it.
pub async fn references(sql: &Sql, layout: &Layout) -> Result<Look, Broken> {
    let mut findings = Vec::new();
    let mut n = 0;
    for table in layout.tables() {
        n += whole::n_rows(sql, table).await?;
        for (reference, n_lost) in whole::lost_references(sql, table).await? {
            findings.push(Finding {
                what: format!(
                    "{n_lost} rows of {} refer by {reference} to something that is not there",
                    table.name
                ),
                todo: RESTORE,
            });
        }
    }
    Ok(Look { name: "rows", n, findings, says: None })
}

/// What a column of a table holds.
pub async fn ids(sql: &Sql, table: &str, column: &str) -> Result<BTreeSet<String>, Broken> {
    let rows = sql.all(&format!("SELECT {column} AS id FROM {table}"), vec![]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// What should follow from facts came about, or waits its turn.
pub async fn consequences(sql: &Sql) -> Result<Look, Broken> {
    let trials = sql.trials().await?;
    let set_aside = trials.iter().filter(|trial| trial.again_at.is_none());
    let mut findings: Vec<Finding> = set_aside
        .map(|trial| Finding {
            what: format!(
                "what should follow from entry {} of the journal was set aside: {}",
                trial.seq, trial.why
            ),
            todo: "put right what was in the way, then have it tried again on the page /journal",
        })
        .collect();
    let (done, last) = (sql.cursor("business").await?, sql.last_entry().await?);
    if done > last {
        findings.push(Finding {
            what: format!("consequences are drawn up to entry {done} of a journal that has {last}"),
            todo: RESTORE,
        });
    }
    Ok(Look { name: "consequences", n: trials.len(), findings, says: None })
}

/// Locked predictions say what they said when they were locked.
pub async fn predictions(sql: &Sql) -> Result<Look, Broken> {
    let rows = sql
        .all(
            "SELECT c.slug AS slug, p.words AS words, p.effect AS effect, p.hash AS hash, p.locked_at AS locked_at
             FROM prediction p JOIN change c ON c.id = p.change_id",
            vec![],
        )
        .await?;
    let mut findings = Vec::new();
    for row in &rows {
        let slug: Slug = row.parsed("slug")?;
        let now = seal(&slug, &row.text("words")?, row.number("effect")?, row.moment("locked_at")?);
        if now != row.text("hash")? {
            findings.push(Finding {
                what: format!("the prediction of {slug} is not the one that was locked"),
                todo: "take it from the last backup; until then do not rely on it",
            });
        }
    }
    Ok(Look { name: "predictions", n: rows.len(), findings, says: None })
}

/// Evidence rests on the data that it names, and is told as its record says.
pub async fn evidence(sql: &Sql) -> Result<Look, Broken> {
    let ids = sql.all("SELECT e.id AS id FROM evidence e ORDER BY e.id", vec![]).await?;
    let mut findings = Vec::new();
    for id in &ids {
        let id = id.text("id")?;
        let row = sql
            .one(
                "SELECT e.data_sha256 AS stated, e.panel_csv AS panel, e.record AS record, e.verdict_says AS says,
                        e.estimate AS estimate FROM evidence e WHERE e.id = $1",
                bind![id],
            )
            .await?;
        let Some(row) = row else { continue };
        let Ok(record) = serde_json::from_str::<EvidenceJson>(&row.text("record")?) else {
            findings.push(Finding {
                what: format!("the record of the evidence {id} cannot be read"),
                todo: "take it from the last backup, and report this; its data is another matter",
            });
            continue;
        };
        let computed = hex::encode(Sha256::digest(row.text("panel")?.as_bytes()));
        if computed != row.text("stated")? || computed != record.data.sha256 {
            findings.push(Finding {
                what: format!("the evidence {id} does not rest on the data that it names"),
                todo: "take it from the last backup, and prove the change again",
            });
        }
        let estimate = record.overall.map(|overall| overall.estimate);
        if row.text("says")? != record.verdict.says || row.maybe_number("estimate")? != estimate {
            findings.push(Finding {
                what: format!("the evidence {id} is told otherwise than its record says"),
                todo: "take it from the last backup; `traction prove again` tells which of the two can be made again",
            });
        }
    }
    Ok(Look { name: "evidence", n: ids.len(), findings, says: None })
}

/// What was counted of usage comes from events that are there, and can be read.
pub async fn usage(sql: &Sql) -> Result<Look, Broken> {
    let mut findings = Vec::new();
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
    let impossible = sql
        .one(
            "SELECT (SELECT COUNT(*) FROM uptake_unit WHERE n_active > n_eligible OR n_active < 0) AS n_counts,
                    (SELECT COUNT(*) FROM usage_event WHERE occurred_at > received_at) AS n_early",
            vec![],
        )
        .await?;
    if let Some(row) = impossible {
        for (n, what) in [
            (row.count("n_counts")?, "counts of a unit's week say that more used it than could"),
            (row.count("n_early")?, "events arrived before they happened"),
        ] {
            if n > 0 {
                findings.push(Finding { what: format!("{n} {what}"), todo: RESTORE });
            }
        }
    }
    Ok(Look { name: "usage", n, findings, says: None })
}

/// How many there are by change and day since 1970.
async fn by_day(sql: &Sql, text: &str, from: i64) -> Result<BTreeMap<(String, i64), usize>, Broken> {
    let rows = sql.all(text, bind![from]).await?;
    rows.iter().map(|row| Ok(((row.text("change_id")?, row.whole("day")?), row.count("n")?))).collect()
}
