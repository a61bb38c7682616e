//! What the tables themselves must hold. It reads only.

use serde_json::Value;
use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
use traction_domain::offer::change::seal;
use traction_domain::org::slug::Slug;

use super::{Finding, Look};
use crate::bind;
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

/// Evidence rests on the data that it names.
pub async fn evidence(sql: &Sql) -> Result<Look, Broken> {
    let ids = sql.all("SELECT e.id AS id FROM evidence e ORDER BY e.id", vec![]).await?;
    let mut findings = Vec::new();
    for id in &ids {
        let id = id.text("id")?;
        let row = sql
            .one(
                "SELECT e.data_sha256 AS stated, e.panel_csv AS panel, e.record AS record FROM evidence e WHERE e.id = $1",
                bind![id],
            )
            .await?;
        let Some(row) = row else { continue };
        let computed = hex::encode(Sha256::digest(row.text("panel")?.as_bytes()));
        let record: Value = serde_json::from_str(&row.text("record")?).unwrap_or_default();
        let named = record["data"]["sha256"].as_str().unwrap_or_default().to_owned();
        if computed != row.text("stated")? || computed != named {
            findings.push(Finding {
                what: format!("the evidence {id} does not rest on the data that it names"),
                todo: "take it from the last backup, and prove the change again",
            });
        }
    }
    Ok(Look { name: "evidence", n: ids.len(), findings })
}
