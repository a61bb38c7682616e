//! Queries on instruments that were brought in; the one that ships stands beside them.

use std::collections::BTreeMap;

use traction_domain::id::PersonId;
use traction_domain::sense::playbook::Edition;
use traction_domain::sense::readiness::{BUILT_IN_TEXT, Instrument, built_in, read};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An instrument with its text.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it asks.
    pub instrument: Instrument,
    /// As it is written.
    pub text: String,
}

const SELECT: &str = "SELECT i.name AS name, i.version AS version, i.text AS text FROM instrument i";

fn kept(row: &Row) -> Result<Kept, Broken> {
    let text = row.text("text")?;
    let instrument = read(&text).map_err(|refused| row.impossible("text", refused))?;
    Ok(Kept { instrument, text })
}

fn shipped() -> Kept {
    Kept { instrument: built_in().clone(), text: BUILT_IN_TEXT.to_owned() }
}

/// The newest version of an instrument.
pub async fn find(sql: &Sql, name: &str) -> Result<Option<Kept>, Broken> {
    if name == built_in().edition.id {
        return Ok(Some(shipped()));
    }
    let text = format!("{SELECT} WHERE i.name = $1 ORDER BY i.version DESC LIMIT 1");
    sql.one(&text, bind![name]).await?.as_ref().map(kept).transpose()
}

/// The newest version of each, the one that ships first.
pub async fn all(sql: &Sql) -> Result<Vec<Kept>, Broken> {
    let text = format!(
        "{SELECT} WHERE NOT EXISTS (SELECT 1 FROM instrument l WHERE l.name = i.name AND l.version > i.version)
         ORDER BY i.name"
    );
    let brought: Vec<Kept> = sql.all(&text, bind![]).await?.iter().map(kept).collect::<Result<_, _>>()?;
    Ok(std::iter::once(shipped()).chain(brought).collect())
}

/// Every version of every instrument, by the edition that a pulse names.
pub async fn editions(sql: &Sql) -> Result<BTreeMap<String, Instrument>, Broken> {
    let brought: Vec<Kept> = sql.all(SELECT, bind![]).await?.iter().map(kept).collect::<Result<_, _>>()?;
    let all = std::iter::once(shipped()).chain(brought);
    Ok(all.map(|kept| (kept.instrument.edition.to_string(), kept.instrument)).collect())
}

/// The instrument of an edition, as a pulse names it.
pub async fn of_edition(sql: &Sql, edition: &str) -> Result<Instrument, Broken> {
    let found = editions(sql).await?.remove(edition);
    found.ok_or_else(|| Broken::accident("finding the instrument of a pulse", edition))
}

/// Keeps a version.
pub async fn add(
    sql: &Sql,
    edition: &Edition,
    text: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO instrument (name, version, text, brought_by, brought_at) VALUES ($1, $2, $3, $4, $5)",
        bind![edition.id, edition.version, text, by, at],
    )
    .await?;
    Ok(())
}
