//! Queries on the keys, and on the links from people to their subjects. Links are the one thing of usage that is
//! destroyed; nothing else refers to them.

use traction_domain::measure::usage::SubjectKey;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql, Store};
use crate::trouble::Broken;

pub mod aliases;
pub mod ids;
pub mod names;

/// The number of a key; the highest is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyNumber(pub i64);

/// A key, and which it is.
#[derive(Clone)]
pub struct Key {
    /// Its number.
    pub n: KeyNumber,
    /// The key.
    pub key: SubjectKey,
}

/// A link from a person to his subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The keyed hash of his name.
    pub name: String,
    /// By which key.
    pub key: KeyNumber,
    /// The subject.
    pub subject: String,
}

/// Every key that still finds links, the one in use first.
pub async fn keys(sql: &Sql) -> Result<Vec<Key>, Broken> {
    sql.all("SELECT n AS n, secret AS secret FROM subject_key ORDER BY n DESC", vec![])
        .await?
        .iter()
        .map(|row| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(row.text("secret")?, &mut bytes)
                .map_err(|error| Broken::accident("reading a key of the subjects", error))?;
            Ok(Key { n: KeyNumber(row.whole("n")?), key: SubjectKey::new(bytes) })
        })
        .collect()
}

/// Keeps a key, unless there is one of that number.
pub async fn add_key(sql: &Sql, n: KeyNumber, secret: &str, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO subject_key (n, secret, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        bind![n.0, secret, at],
    )
    .await?;
    Ok(())
}

const LINKS: &str = "SELECT name AS name, subject AS subject FROM subject_link";

/// The links of these hashes, as far as there are any: hash and subject.
pub async fn subjects(sql: &Sql, names: &[String]) -> Result<Vec<(String, String)>, Broken> {
    listed(sql, &format!("{LINKS} WHERE name"), names).await
}

/// The links to these subjects, as far as there are any: hash and subject.
pub async fn links_to(sql: &Sql, subjects: &[String]) -> Result<Vec<(String, String)>, Broken> {
    listed(sql, &format!("{LINKS} WHERE subject"), subjects).await
}

async fn listed(sql: &Sql, head: &str, sought: &[String]) -> Result<Vec<(String, String)>, Broken> {
    let mut found = Vec::new();
    for chunk in sought.chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let text = format!("{head} IN ({})", places.join(","));
        for row in sql.all(&text, chunk.iter().map(crate::store::Bind::value).collect()).await? {
            found.push((row.text("name")?, row.text("subject")?));
        }
    }
    Ok(found)
}

/// Keeps links, unless there are some of these names. Sorted, so that two who add the same do not wait for each other in
/// a ring.
pub async fn add_links(sql: &Sql, mut links: Vec<Link>) -> Result<(), Broken> {
    links.sort();
    let rows = links.iter().map(|link| bind![link.name, link.key.0, link.subject]).collect();
    let head = "INSERT INTO subject_link (name, key_n, subject) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// Destroys every link to a subject; how many there were.
pub async fn destroy_links(sql: &Sql, subject: &str) -> Result<u64, Broken> {
    sql.run("DELETE FROM subject_link WHERE subject = $1", bind![subject]).await
}

/// Destroys the links of these hashes; how many there were.
pub async fn destroy_named(sql: &Sql, names: &[String]) -> Result<u64, Broken> {
    let mut n_links = 0;
    for name in names {
        n_links += sql.run("DELETE FROM subject_link WHERE name = $1", bind![name]).await?;
    }
    Ok(n_links)
}

/// Destroys the keys below a number, with the links that only they find; how many links.
pub async fn destroy_below(sql: &Sql, n: KeyNumber) -> Result<u64, Broken> {
    let n_links = sql.run("DELETE FROM subject_link WHERE key_n < $1", bind![n.0]).await?;
    sql.run("DELETE FROM subject_key WHERE n < $1", bind![n.0]).await?;
    Ok(n_links)
}

/// Destroys all keys and links; how many links.
pub async fn destroy_all(sql: &Sql) -> Result<u64, Broken> {
    let n_links = sql.run("DELETE FROM subject_link", vec![]).await?;
    sql.run("DELETE FROM subject_key", vec![]).await?;
    Ok(n_links)
}

/// Has what was destroyed leave the disk too, as far as the database lets us: its own copies of changed pages, and rows
/// that no transaction sees any more.
pub async fn sweep(store: &Store) -> Result<(), Broken> {
    if store.is_embedded() {
        // Whoever still reads what was there keeps it there: that is told in a row, and no failure.
        return is_swept(&store.read().all("PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await?);
    }
    for swept in ["VACUUM subject_link", "VACUUM subject_key", "VACUUM dead_letter"] {
        store.read().run(swept, vec![]).await?;
    }
    Ok(())
}

fn is_swept(rows: &[Row]) -> Result<(), Broken> {
    for row in rows {
        if row.whole("busy")? != 0 {
            return Err(Broken::accident("emptying the database's log", "somebody reads what was there"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    #[tokio::test]
    async fn a_log_that_is_not_emptied_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Place::Throwaway(folder.path().to_owned())).await.unwrap();
        sweep(&store).await.unwrap();
        let said = async |busy: i64| {
            let text = format!("SELECT {busy} AS busy, 7 AS log, 3 AS checkpointed");
            is_swept(&store.read().all(&text, vec![]).await.unwrap())
        };
        assert!(said(0).await.is_ok() && said(1).await.is_err());
    }
}
