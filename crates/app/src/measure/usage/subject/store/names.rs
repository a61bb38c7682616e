//! Queries on the names by which the real system may know people: a person's external id, and his address in whatever
//! letters. An address that is somebody's external id names him, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::PersonId;
use traction_domain::measure::usage::one_writing;
use traction_domain::org::person::address;

use crate::bind;
use crate::store::{Bind, Row, Sql};
use crate::trouble::Broken;

/// The names of a person, the one by which he is to be known first.
pub type Names = Vec<String>;

fn names(row: &Row) -> Result<Names, Broken> {
    let (external_id, email) = (row.maybe_text("external_id")?, row.maybe_text("email")?);
    let is_external_id = |email: &String| external_id.as_deref().is_some_and(|id| one_writing(id) == *email);
    let email = email.filter(|email| !is_external_id(email));
    Ok(external_id.into_iter().chain(email).collect())
}

/// A person's names; no address that is somebody else's external id.
const NAMES: &str = "SELECT p.external_id AS external_id, CASE WHEN EXISTS
    (SELECT 1 FROM person o WHERE o.external_id = p.email AND o.id <> p.id) THEN NULL ELSE p.email END AS email
  FROM person p";

/// The names of everybody who has one.
pub async fn all(sql: &Sql) -> Result<Vec<Names>, Broken> {
    let all: Result<Vec<Names>, Broken> = sql.all(NAMES, vec![]).await?.iter().map(names).collect();
    Ok(all?.into_iter().filter(|names| !names.is_empty()).collect())
}

/// The names of a person.
pub async fn of(sql: &Sql, person: PersonId) -> Result<Names, Broken> {
    let row = sql.one(&format!("{NAMES} WHERE p.id = $1"), bind![person]).await?;
    row.map_or(Ok(Vec::new()), |row| names(&row))
}

/// Whether somebody has this external id.
pub async fn is_external_id(sql: &Sql, name: &str) -> Result<bool, Broken> {
    let text = "SELECT 1 AS one FROM person WHERE external_id = $1";
    Ok(sql.one(text, bind![name]).await?.is_some())
}

/// The names of whoever is meant by each of these, as far as he is known here.
pub async fn meant(sql: &Sql, sent: &[&str]) -> Result<BTreeMap<String, Names>, Broken> {
    let mut people = BTreeMap::new();
    let addresses: BTreeSet<String> = sent.iter().filter_map(|name| as_address(name)).collect();
    let mut asked: BTreeSet<String> = sent.iter().map(|name| (*name).to_owned()).collect();
    asked.extend(addresses.iter().cloned());
    for chunk in asked.into_iter().collect::<Vec<_>>().chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let places = places.join(",");
        // Each by its own index.
        let text =
            format!("{NAMES} WHERE p.external_id IN ({places}) UNION {NAMES} WHERE p.email IN ({places})");
        for row in sql.all(&text, chunk.iter().map(Bind::value).collect()).await? {
            let names = names(&row)?;
            people.extend(names.iter().map(|name| (name.clone(), names.clone())));
        }
    }
    let meant = |name: &&str| {
        let names = people.get(*name).or_else(|| people.get(&as_address(name)?))?;
        Some(((*name).to_owned(), names.clone()))
    };
    Ok(sent.iter().filter_map(meant).collect())
}

/// A name as an address is kept, where it can be one.
pub fn as_address(name: &str) -> Option<String> {
    name.contains('@').then(|| address(name).ok()).flatten()
}
