//! Queries on playbooks that were brought in; those that come with the program stand beside them.

use traction_domain::id::PersonId;
use traction_domain::sense::playbook::{BUILT_IN, Edition, Playbook, built_in, read};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A playbook with its text.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it says.
    pub playbook: Playbook,
    /// As it is written.
    pub text: String,
    /// When it was brought in; `None` if it comes with the program.
    pub brought_at: Option<Moment>,
}

const SELECT: &str =
    "SELECT p.name AS name, p.version AS version, p.text AS text, p.brought_at AS brought_at FROM playbook p";

fn kept(row: &Row) -> Result<Kept, Broken> {
    let text = row.text("text")?;
    let playbook = read(&text).map_err(|refused| row.impossible("text", refused))?;
    Ok(Kept { playbook, text, brought_at: Some(row.moment("brought_at")?) })
}

fn shipped(name: &str) -> Option<Kept> {
    let (playbook, text) = built_in(name)?;
    Some(Kept { playbook, text: text.to_owned(), brought_at: None })
}

/// The newest version of a playbook.
pub async fn find(sql: &Sql, name: &str) -> Result<Option<Kept>, Broken> {
    if let Some(shipped) = shipped(name) {
        return Ok(Some(shipped));
    }
    let text = format!("{SELECT} WHERE p.name = $1 ORDER BY p.version DESC LIMIT 1");
    sql.one(&text, bind![name]).await?.as_ref().map(kept).transpose()
}

/// The newest version of each, those that come with the program first.
pub async fn all(sql: &Sql) -> Result<Vec<Kept>, Broken> {
    let text = format!(
        "{SELECT} WHERE NOT EXISTS (SELECT 1 FROM playbook l WHERE l.name = p.name AND l.version > p.version)
         ORDER BY p.name"
    );
    let brought: Vec<Kept> = sql.all(&text, bind![]).await?.iter().map(kept).collect::<Result<_, _>>()?;
    Ok(BUILT_IN.iter().filter_map(|(name, _)| shipped(name)).chain(brought).collect())
}

/// Every version of one, the newest first.
pub async fn versions(sql: &Sql, name: &str) -> Result<Vec<Kept>, Broken> {
    if let Some(shipped) = shipped(name) {
        return Ok(vec![shipped]);
    }
    let text = format!("{SELECT} WHERE p.name = $1 ORDER BY p.version DESC");
    sql.all(&text, bind![name]).await?.iter().map(kept).collect()
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
        "INSERT INTO playbook (name, version, text, brought_by, brought_at) VALUES ($1, $2, $3, $4, $5)",
        bind![edition.id, edition.version, text, by, at],
    )
    .await?;
    Ok(())
}
