//! What the tables themselves must hold. It reads only.

pub mod outcomes;
mod told;
pub mod usage;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use traction_domain::offer::change::seal;
use traction_domain::org::slug::Slug;

use super::{Depth, Finding, Look};
use crate::bind;
use crate::prove::evidence::record::EvidenceJson;
use crate::store::Sql;
use crate::store::whole::{self, Layout};
use crate::trouble::Broken;

const RESTORE: &str = "restore the last backup, and report this";

/// The embedded database's own look at its pages and indexes.
pub async fn file(sql: &Sql, depth: Depth) -> Result<Look, Broken> {
    if depth == Depth::Quick {
        return Ok(Look { name: "file", n: 0, findings: vec![], says: None, left_out: Some("its pages") });
    }
    let rows = sql.all("SELECT integrity_check AS said FROM pragma_integrity_check", vec![]).await?;
    let said: Vec<String> = rows.iter().map(|row| row.text("said")).collect::<Result<_, _>>()?;
    let findings = said.into_iter().filter(|said| said != "ok").map(|said| Finding {
        what: format!("the database file is damaged: {said}"),
        todo: "stop the server, keep a copy of the file, and restore the last backup into a new folder",
    });
    Ok(Look { name: "file", n: 1, findings: findings.collect(), says: None, left_out: None })
}

/// Every table and every index that the schema's steps made is there.
pub async fn schema(sql: &Sql, layout: &Layout) -> Result<Look, Broken> {
    let there = whole::made(sql).await?;
    let findings = layout.made().difference(&there).map(|lost| Finding {
        what: format!("the {} {} is gone", lost.kind, lost.name),
        todo: match lost.kind.as_str() {
            "index" => "make a backup and `traction restore` it into a new place, which makes every index anew",
            _ => "stop the servers, keep what is there as it is, and `traction restore` the last backup into a new place",
        },
    });
    Ok(Look {
        name: "schema",
        n: layout.made().len(),
        findings: findings.collect(),
        says: None,
        left_out: None,
    })
}

/// The tables whose rows are of use, event by event and day by day.
const OF_USE: [&str; 3] = ["usage_event", "showing", "use_day"];

/// Every row that refers to another finds it.
pub async fn references(sql: &Sql, layout: &Layout, depth: Depth) -> Result<Look, Broken> {
    let mut findings = Vec::new();
    let mut n = 0;
    let is_quick = depth == Depth::Quick;
    let there: BTreeSet<String> = whole::made(sql).await?.into_iter().map(|made| made.name).collect();
    let here = layout.tables().iter().filter(|table| there.contains(&table.name));
    for table in here.filter(|table| !is_quick || !OF_USE.contains(&table.name.as_str())) {
        n += whole::n_rows(sql, table).await?;
        // A table that is gone is found where the schema is looked at.
        if !table.others().all(|other| there.contains(other)) {
            continue;
        }
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
    let left_out = is_quick.then_some("rows of events, showings and days of use");
    Ok(Look { name: "rows", n, findings, says: None, left_out })
}

/// What a column of a table holds.
pub async fn ids(sql: &Sql, table: &str, column: &str) -> Result<BTreeSet<String>, Broken> {
    let rows = sql.all(&format!("SELECT DISTINCT {column} AS id FROM {table}"), vec![]).await?;
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
    Ok(Look { name: "consequences", n: trials.len(), findings, says: None, left_out: None })
}

/// Locked predictions say what they said when they were locked.
pub async fn predictions(sql: &Sql, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let rows = sql
        .all(
            "SELECT c.slug AS slug, p.words AS words, p.effect AS effect, p.hash AS hash, p.locked_at AS locked_at
             FROM prediction p JOIN change c ON c.id = p.change_id",
            vec![],
        )
        .await?;
    for row in &rows {
        let slug: Slug = row.parsed("slug")?;
        let now = seal(&slug, &row.text("words")?, row.number("effect")?, row.moment("locked_at")?);
        if now != row.text("hash")? {
            found.push(Finding {
                what: format!("the prediction of {slug} is not the one that was locked"),
                todo: "take it from the last backup; until then do not rely on it",
            });
        }
    }
    Ok(Look { name: "predictions", n: rows.len(), findings: vec![], says: None, left_out: None })
}

/// Evidence rests on the data that it names, and is told as its record says.
pub async fn evidence(sql: &Sql, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let ids = sql.all("SELECT e.id AS id FROM evidence e ORDER BY e.id", vec![]).await?;
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
            found.push(Finding {
                what: format!("the record of the evidence {id} cannot be read"),
                todo: "take it from the last backup, and report this; its data is another matter",
            });
            continue;
        };
        let computed = hex::encode(Sha256::digest(row.text("panel")?.as_bytes()));
        if computed != row.text("stated")? || computed != record.data.sha256 {
            found.push(Finding {
                what: format!("the evidence {id} does not rest on the data that it names"),
                todo: "take it from the last backup, and prove the change again",
            });
        }
        let estimate = record.overall.map(|overall| overall.estimate);
        if row.text("says")? != record.verdict.says || row.maybe_number("estimate")? != estimate {
            found.push(Finding {
                what: format!("the evidence {id} is told otherwise than its record says"),
                todo: "take it from the last backup; `traction prove again` tells which of the two can be made again",
            });
        }
    }
    Ok(Look { name: "evidence", n: ids.len(), findings: vec![], says: None, left_out: None })
}
