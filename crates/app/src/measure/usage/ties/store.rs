//! Queries on what ties an event to a unit and a change.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;
use traction_domain::id::{ChangeId, UnitId};
use traction_domain::time::Moment;

use crate::measure::usage::subject::store::names::as_address;
use crate::store::{Bind, Sql};
use crate::trouble::Broken;

/// `$1,$2,…` for a list, with its values.
fn listed<T: Bind>(items: &[T]) -> (String, Vec<Value>) {
    let places: Vec<String> = (1..=items.len()).map(|n| format!("${n}")).collect();
    (places.join(","), items.iter().map(Bind::value).collect())
}

/// The units that each of these people belongs to now, by his external id or his address, as he is named here. An
/// address that is somebody's external id names him.
pub async fn units_of_people(sql: &Sql, names: &[&str]) -> Result<Vec<(String, UnitId)>, Broken> {
    let by_external_id = "p.external_id AS name, r.unit_id AS unit_id FROM person p";
    let mut found = held(sql, by_external_id, "p.external_id", names).await?;
    let mut sent = BTreeMap::<String, Vec<&str>>::new();
    for name in names {
        if let Some(address) = as_address(name) {
            sent.entry(address).or_default().push(name);
        }
    }
    if !sent.is_empty() {
        let addresses: Vec<&str> = sent.keys().map(String::as_str).collect();
        let by_address = "p.email AS name, r.unit_id AS unit_id FROM person p";
        let known: BTreeSet<String> = found.iter().map(|(name, _)| name.clone()).collect();
        for (address, unit) in held(sql, by_address, &format!("{ADDRESS_ALONE} p.email"), &addresses).await? {
            let named = sent[&address].iter().filter(|name| !known.contains(**name));
            found.extend(named.map(|name| ((*name).to_owned(), unit)));
        }
    }
    Ok(found)
}

/// Leaves out an address that is somebody else's external id.
const ADDRESS_ALONE: &str =
    "NOT EXISTS (SELECT 1 FROM person o WHERE o.external_id = p.email AND o.id <> p.id) AND";

async fn held(sql: &Sql, head: &str, column: &str, names: &[&str]) -> Result<Vec<(String, UnitId)>, Broken> {
    let mut found = Vec::new();
    for chunk in names.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!(
            "SELECT {head} JOIN role r ON r.person_id = p.id
             WHERE {column} IN ({places}) AND r.unit_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             ORDER BY r.given_at, r.unit_id"
        );
        for row in sql.all(&text, values).await? {
            found.push((row.text("name")?, row.parsed("unit_id")?));
        }
    }
    Ok(found)
}

/// Units by their short names.
pub async fn units(sql: &Sql, slugs: &[&str]) -> Result<Vec<(String, UnitId)>, Broken> {
    let mut found = Vec::new();
    for chunk in slugs.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!("SELECT id, slug FROM unit WHERE slug IN ({places})");
        for row in sql.all(&text, values).await? {
            found.push((row.text("slug")?, row.parsed("id")?));
        }
    }
    Ok(found)
}

/// Every change, with its short name and its flag.
pub async fn changes(sql: &Sql) -> Result<Vec<(ChangeId, String, String)>, Broken> {
    sql.all("SELECT id, slug, flag_key FROM change", vec![])
        .await?
        .iter()
        .map(|row| Ok((row.parsed("id")?, row.text("slug")?, row.text("flag_key")?)))
        .collect()
}

/// A slot, as far as it ties events to its change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotTime {
    /// The change.
    pub change: ChangeId,
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub begins: Moment,
    /// Until when, where it ends.
    pub ends: Option<Moment>,
}

/// The slots of these units; a handed-over one does not end with its time.
pub async fn slots(sql: &Sql, units: &[UnitId]) -> Result<Vec<SlotTime>, Broken> {
    let mut found = Vec::new();
    for chunk in units.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!(
            "SELECT s.id AS id, s.change_id AS change_id, s.unit_id AS unit_id, s.not_before AS begins,
                COALESCE(
                  (SELECT MIN(e.at) FROM slot_event e
                   WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended')),
                  CASE WHEN EXISTS (SELECT 1 FROM slot_event h WHERE h.slot_id = s.id AND h.what = 'handed-over')
                       THEN NULL ELSE s.not_after END) AS ends
             FROM slot s WHERE s.unit_id IN ({places}) ORDER BY s.not_before, s.id"
        );
        for row in sql.all(&text, values).await? {
            found.push(SlotTime {
                change: row.parsed("change_id")?,
                unit: row.parsed("unit_id")?,
                begins: row.moment("begins")?,
                ends: row.maybe_moment("ends")?,
            });
        }
    }
    Ok(found)
}
