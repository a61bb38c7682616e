//! What the tables themselves must hold. It reads only.

use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
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

/// How many entries of the journal are read at once.
const N_ENTRIES: u32 = 1_000;

/// The embedded database's own look at its pages and indexes.
pub async fn file(sql: &Sql) -> Result<Look, Broken> {
    let rows = sql.all("SELECT integrity_check AS said FROM pragma_integrity_check", vec![]).await?;
    let said: Vec<String> = rows.iter().map(|row| row.text("said")).collect::<Result<_, _>>()?;
    let findings = said.into_iter().filter(|said| said != "ok").map(|said| Finding {
        what: format!("the database file is damaged: {said}"),
        todo: "stop the server, keep a copy of the file, and restore the last backup into a new folder",
    });
    Ok(Look { name: "file", n: 1, findings: findings.collect() })
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
    Ok(Look { name: "rows", n, findings })
}

/// The journal has no gap, and every entry can be read.
pub async fn journal(sql: &Sql) -> Result<Look, Broken> {
    let mut findings = Vec::new();
    let (mut n, mut last) = (0, 0);
    loop {
        let rows = sql
            .all(
                "SELECT j.seq AS seq, j.fact AS fact FROM journal j WHERE j.seq > $1 ORDER BY j.seq LIMIT $2",
                bind![last, N_ENTRIES],
            )
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let seq = row.whole("seq")?;
            if seq != last + 1 {
                let what = format!("the journal goes from entry {last} to entry {seq}: some are missing");
                findings.push(Finding { what, todo: RESTORE });
            }
            if let Err(error) = serde_json::from_str::<Fact>(&row.text("fact")?) {
                findings.push(Finding {
                    what: format!("entry {seq} of the journal cannot be read ({error})"),
                    todo: "run the version of Traction that wrote it, and report this",
                });
            }
            (n, last) = (n + 1, seq);
        }
    }
    Ok(Look { name: "journal", n, findings })
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
    Ok(Look { name: "consequences", n: trials.len(), findings })
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
    Ok(Look { name: "predictions", n: rows.len(), findings })
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
    Ok(Look { name: "evidence", n: ids.len(), findings })
}

/// What was counted of usage comes from events that are there, and can be read.
pub async fn usage(sql: &Sql) -> Result<Look, Broken> {
    let mut findings = Vec::new();
    // Of what is older the events may have been dropped on purpose.
    let whole_from = retention::store::dropped_before(sql).await?.map_or(0, Moment::milliseconds);
    let rolled = sql
        .all(
            "SELECT c.slug AS slug, d.n_rolled AS n_rolled,
               (SELECT COUNT(*) FROM usage_event e WHERE e.change_id = d.change_id AND e.unit_id IS NOT NULL
                  AND e.subject IS NOT NULL AND e.occurred_at >= $1) AS n_events
             FROM (SELECT u.change_id AS change_id, CAST(SUM(u.n_events) AS BIGINT) AS n_rolled FROM use_day u
                   WHERE u.occurred_day * 86400000 >= $1 GROUP BY u.change_id) d JOIN change c ON c.id = d.change_id",
            bind![whole_from],
        )
        .await?;
    let mut n = 0;
    for row in &rolled {
        let (n_rolled, n_events) = (row.count("n_rolled")?, row.count("n_events")?);
        n += n_events;
        if n_rolled > n_events {
            findings.push(Finding {
                what: format!("{n_rolled} uses of {} are rolled up, of {n_events} events", row.text("slug")?),
                todo: "restore the last backup: events are gone, or were counted twice",
            });
        }
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
    Ok(Look { name: "usage", n, findings })
}
