//! Queries on the keys, and on the links from people to their subjects. Links are the one thing of usage that is
//! destroyed; nothing else refers to them.

use traction_domain::id::PersonId;
use traction_domain::measure::usage::SubjectKey;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Sql, Store};
use crate::trouble::Broken;

/// A key, and which it is.
#[derive(Clone)]
pub struct Key {
    /// Its number; the highest is in use.
    pub n: i64,
    /// The key.
    pub key: SubjectKey,
}

/// A link from a person to his subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The keyed hash of his name.
    pub name: String,
    /// By which key.
    pub key: i64,
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
            Ok(Key { n: row.whole("n")?, key: SubjectKey::new(bytes) })
        })
        .collect()
}

/// Keeps a key, unless there is one of that number.
pub async fn add_key(sql: &Sql, n: i64, secret: &str, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO subject_key (n, secret, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        bind![n, secret, at],
    )
    .await?;
    Ok(())
}

/// The links of these hashes, as far as there are any: hash and subject.
pub async fn subjects(sql: &Sql, names: &[String]) -> Result<Vec<(String, String)>, Broken> {
    let mut found = Vec::new();
    for chunk in names.chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT name AS name, subject AS subject FROM subject_link WHERE name IN ({})",
            places.join(",")
        );
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
    let rows = links.iter().map(|link| bind![link.name, link.key, link.subject]).collect();
    let head = "INSERT INTO subject_link (name, key_n, subject) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// Destroys every link to a subject; how many there were.
pub async fn destroy_links(sql: &Sql, subject: &str) -> Result<u64, Broken> {
    sql.run("DELETE FROM subject_link WHERE subject = $1", bind![subject]).await
}

/// Destroys the keys below a number, with the links that only they find; how many links.
pub async fn destroy_below(sql: &Sql, n: i64) -> Result<u64, Broken> {
    let n_links = sql.run("DELETE FROM subject_link WHERE key_n < $1", bind![n]).await?;
    sql.run("DELETE FROM subject_key WHERE n < $1", bind![n]).await?;
    Ok(n_links)
}

/// Destroys all keys and links; how many links.
pub async fn destroy_all(sql: &Sql) -> Result<u64, Broken> {
    let n_links = sql.run("DELETE FROM subject_link", vec![]).await?;
    sql.run("DELETE FROM subject_key", vec![]).await?;
    Ok(n_links)
}

/// The names by which the real system may know the people of the organisation: external id, else address.
pub async fn names(sql: &Sql) -> Result<Vec<String>, Broken> {
    sql.all(
        "SELECT COALESCE(external_id, email) AS name FROM person WHERE COALESCE(external_id, email) IS NOT NULL",
        vec![],
    )
    .await?
    .iter()
    .map(|row| row.text("name"))
    .collect()
}

/// The name by which the real system may know a person.
pub async fn name_of(sql: &Sql, person: PersonId) -> Result<Option<String>, Broken> {
    let row = sql
        .one("SELECT COALESCE(external_id, email) AS name FROM person WHERE id = $1", bind![person])
        .await?;
    row.map_or(Ok(None), |row| row.maybe_text("name"))
}

/// Has what was destroyed leave the disk too, as far as the database lets us: its own copies of changed pages, and rows
/// that no transaction sees any more.
pub async fn sweep(store: &Store) -> Result<(), Broken> {
    if store.is_embedded() {
        store.read().all("PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await?;
    } else {
        store.read().run("VACUUM subject_link", vec![]).await?;
        store.read().run("VACUUM subject_key", vec![]).await?;
    }
    Ok(())
}
