//! Queries on frozen lists.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::contend::application::LeftOut;
use traction_domain::contend::draw::{Digest, Entrants, Entry, Place};
use traction_domain::id::{ChangeId, SlotId, UnitId, WaveId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A frozen list.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Who is on it.
    pub entrants: Entrants,
    /// Its hash, published when it was frozen.
    pub list_hash: Digest,
    /// When it was frozen.
    pub frozen_at: Moment,
}

/// The frozen list of a wave.
pub async fn frozen(sql: &Sql, wave: WaveId) -> Result<Option<Frozen>, Broken> {
    let row = sql
        .one(
            "SELECT f.list_hash AS list_hash, f.frozen_at AS frozen_at FROM frozen_list f WHERE f.wave_id = $1",
            bind![wave],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let entries = sql
        .all(
            "SELECT e.slug AS slug, e.band AS band, e.layer AS layer, e.place AS place, e.parent AS parent
             FROM frozen_entry e WHERE e.wave_id = $1 ORDER BY e.number",
            bind![wave],
        )
        .await?;
    let entries = entries.iter().map(entry).collect::<Result<_, _>>()?;
    let entrants = Entrants::new(entries).map_err(|refused| row.impossible("frozen_entry", refused))?;
    let list_hash: Digest = row.parsed("list_hash")?;
    if entrants.hash() != list_hash {
        return Err(row.impossible("list_hash", "the hash of another list"));
    }
    Ok(Some(Frozen { entrants, list_hash, frozen_at: row.moment("frozen_at")? }))
}

fn entry(row: &Row) -> Result<Entry, Broken> {
    let whole = |column: &str| -> Result<u32, Broken> {
        u32::try_from(row.count(column)?).map_err(|refused| row.impossible(column, refused))
    };
    Ok(Entry {
        unit: row.text("slug")?,
        band: whole("band")?,
        layer: whole("layer")?,
        place: row.parsed::<Place>("place")?,
        parent: row.maybe_text("parent")?,
    })
}

/// Keeps a frozen list; `units` has the id of each entry's unit, in the order of the list.
pub async fn freeze(
    sql: &Sql,
    wave: WaveId,
    entrants: &Entrants,
    units: &[UnitId],
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO frozen_list (wave_id, list_hash, frozen_at) VALUES ($1, $2, $3)",
        bind![wave, entrants.hash().to_string(), at],
    )
    .await?;
    let rows = (1_usize..).zip(entrants.entries()).zip(units).map(|((number, entry), unit)| {
        let place = entry.place.to_string();
        bind![wave, number, unit, entry.unit, entry.band, entry.layer, place, entry.parent]
    });
    sql.insert_many(
        "INSERT INTO frozen_entry (wave_id, number, unit_id, slug, band, layer, place, parent) VALUES",
        rows.collect(),
        "",
    )
    .await?;
    Ok(())
}

/// Keeps who applied, did not withdraw, and is not on the list, with the reasons.
pub async fn leave_out(sql: &Sql, wave: WaveId, left_out: &[(UnitId, LeftOut)]) -> Result<(), Broken> {
    let rows = left_out.iter().map(|(unit, why)| bind![wave, *unit, why.slot(), why.to_string()]);
    sql.insert_many("INSERT INTO left_out (wave_id, unit_id, slot_id, why) VALUES", rows.collect(), "")
        .await?;
    Ok(())
}

/// A unit that applied and is not on the frozen list.
#[derive(Clone, Debug, PartialEq)]
pub struct OffList {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The slot by which it had the change; `None` where the policy kept it out.
    pub slot: Option<SlotId>,
    /// Why, as a sentence without its full stop.
    pub why: String,
}

/// Who applied to a wave, did not withdraw, and is not on its frozen list.
pub async fn left_out(sql: &Sql, wave: WaveId) -> Result<Vec<OffList>, Broken> {
    sql.all(
        "SELECT l.unit_id AS unit_id, u.name AS unit_name, l.slot_id AS slot_id, l.why AS why
         FROM left_out l JOIN unit u ON u.id = l.unit_id WHERE l.wave_id = $1 ORDER BY u.name, u.id",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(OffList {
            unit: row.parsed("unit_id")?,
            unit_name: row.text("unit_name")?,
            slot: row.maybe_parsed("slot_id")?,
            why: row.text("why")?,
        })
    })
    .collect()
}

/// Units on the frozen list whose application was withdrawn.
pub async fn withdrawn_units(sql: &Sql, wave: WaveId) -> Result<BTreeSet<String>, Broken> {
    sql.all(
        "SELECT e.slug AS slug FROM frozen_entry e WHERE e.wave_id = $1
         AND EXISTS (SELECT 1 FROM application a JOIN application_withdrawal x ON x.application_id = a.id
                     WHERE a.wave_id = e.wave_id AND a.unit_id = e.unit_id)
         AND NOT EXISTS (SELECT 1 FROM application a WHERE a.wave_id = e.wave_id AND a.unit_id = e.unit_id
                     AND NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id))",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| row.text("slug"))
    .collect()
}

/// Whether the list of a wave is frozen, also where nobody was left to be on it.
pub async fn is_frozen(sql: &Sql, wave: WaveId) -> Result<bool, Broken> {
    let text = "SELECT f.wave_id AS wave_id FROM frozen_list f WHERE f.wave_id = $1
                UNION SELECT l.wave_id FROM left_out l WHERE l.wave_id = $1";
    Ok(sql.one(text, bind![wave]).await?.is_some())
}

/// Those of these units that are on the frozen list of a wave.
pub async fn listed<T>(
    sql: &Sql,
    wave: WaveId,
    units: &BTreeMap<UnitId, T>,
) -> Result<BTreeSet<String>, Broken> {
    let rows = sql
        .all(
            "SELECT e.slug AS slug, e.unit_id AS unit_id FROM frozen_entry e WHERE e.wave_id = $1",
            bind![wave],
        )
        .await?;
    let mut found = BTreeSet::new();
    for row in &rows {
        if units.contains_key(&row.parsed("unit_id")?) {
            found.insert(row.text("slug")?);
        }
    }
    Ok(found)
}

/// Waves whose applications closed, that somebody contends in, and whose list is not frozen.
pub async fn to_freeze(sql: &Sql, now: Moment) -> Result<Vec<WaveId>, Broken> {
    sql.all(
        "SELECT w.id AS id FROM wave w WHERE w.closes_at <= $1
         AND NOT EXISTS (SELECT 1 FROM frozen_list f WHERE f.wave_id = w.id)
         AND NOT EXISTS (SELECT 1 FROM left_out l WHERE l.wave_id = w.id)
         AND NOT EXISTS (SELECT 1 FROM wave_cancelled c WHERE c.wave_id = w.id)
         AND EXISTS (SELECT 1 FROM application a WHERE a.wave_id = w.id
           AND NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id))
         ORDER BY w.closes_at, w.id",
        bind![now],
    )
    .await?
    .iter()
    .map(|row| row.parsed("id"))
    .collect()
}

/// The layer in which each unit stood on the frozen lists of a change's waves.
pub async fn layers(sql: &Sql, change: ChangeId) -> Result<BTreeMap<(WaveId, UnitId), u32>, Broken> {
    sql.all(
        "SELECT e.wave_id AS wave_id, e.unit_id AS unit_id, e.layer AS layer
         FROM frozen_entry e JOIN wave w ON w.id = e.wave_id WHERE w.change_id = $1",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| {
        let layer = row.count("layer")?;
        let layer = u32::try_from(layer).map_err(|_| row.impossible("layer", layer))?;
        Ok(((row.parsed("wave_id")?, row.parsed("unit_id")?), layer))
    })
    .collect()
}
