//! What access is answered from: who belongs where, and what is switched on for whom; all at once, or where something
//! moved.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use traction_domain::fact::Fact;
use traction_domain::grant::access::{Builder, FlagNumber, Members, Running, Snapshot};
use traction_domain::id::{ChangeId, PersonId, SlotId, UnitId};

use crate::bind;
use crate::grant::slot;
use crate::store::{Bind, Row, Sql};
use crate::trouble::Broken;

/// How many people are read at a time: a million in one answer of the database would take half a gigabyte.
const N_PEOPLE_AT_ONCE: usize = 20_000;

/// Where people belong now, as member or as lead: their rows, after those of the people themselves.
const BELONG: &str = "LEFT JOIN role r ON r.person_id = p.id AND r.unit_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
    LEFT JOIN unit u ON u.id = r.unit_id
    ORDER BY p.external_id";

/// Reads units, people, and who belongs where.
pub async fn members(sql: &Sql) -> Result<Members, Broken> {
    let mut members = Members::default();
    for row in sql.all("SELECT u.slug AS slug FROM unit u ORDER BY u.slug", vec![]).await? {
        members.add_unit(&row.text("slug")?);
    }
    let mut last = String::new();
    loop {
        let rows = sql
            .all(
                &format!(
                    "SELECT p.external_id AS person, u.slug AS unit
                     FROM (SELECT id, external_id FROM person WHERE external_id > $1
                           ORDER BY external_id LIMIT $2) p {BELONG}"
                ),
                bind![last, N_PEOPLE_AT_ONCE],
            )
            .await?;
        match settle(&rows, &mut members)? {
            Some(further) => last = further,
            None => return Ok(members),
        }
    }
}

/// Reads where these people belong now.
pub async fn settle_people(
    sql: &Sql,
    people: &BTreeSet<PersonId>,
    members: &mut Members,
) -> Result<(), Broken> {
    if people.is_empty() {
        return Ok(());
    }
    let text = format!(
        "SELECT p.external_id AS person, u.slug AS unit
         FROM (SELECT id, external_id FROM person WHERE external_id > '' AND id IN ({})) p {BELONG}",
        places(people.len())
    );
    let rows = sql.all(&text, people.iter().map(Bind::value).collect()).await?;
    settle(&rows, members).map(drop)
}

/// Reads these units.
pub async fn add_units(sql: &Sql, units: &BTreeSet<UnitId>, members: &mut Members) -> Result<(), Broken> {
    if units.is_empty() {
        return Ok(());
    }
    let text = format!("SELECT u.slug AS slug FROM unit u WHERE u.id IN ({})", places(units.len()));
    for row in sql.all(&text, units.iter().map(Bind::value).collect()).await? {
        members.add_unit(&row.text("slug")?);
    }
    Ok(())
}

/// Takes over rows of people, all of one after the other; the last of them.
fn settle(rows: &[Row], members: &mut Members) -> Result<Option<String>, Broken> {
    let mut units = Vec::new();
    let mut rows = rows.iter().peekable();
    while let Some(row) = rows.next() {
        let person = row.text("person")?;
        units.extend(row.maybe_text("unit")?.map(|unit| members.add_unit(&unit)));
        let is_last_of_his = match rows.peek() {
            Some(next) => next.text("person")? != person,
            None => true,
        };
        if is_last_of_his {
            members.settle(&person, std::mem::take(&mut units));
        }
        if rows.peek().is_none() {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

fn places(n: usize) -> String {
    (1..=n).map(|n| format!("${n}")).collect::<Vec<_>>().join(",")
}

/// Reads flags and slots, for these members.
pub async fn switches(sql: &Sql, members: Arc<Members>) -> Result<Snapshot, Broken> {
    // Before the rest: what comes in between is switched again at the next look.
    let version = sql.last_entry_of(&Fact::OF_SWITCHES).await?;
    let mut builder = Builder::new(version_of(version), members.clone());
    let flags = flags(sql, &mut builder).await?;
    grant(&mut builder, &flags, &members, &slot::store::all(sql).await?);
    Ok(builder.build())
}

/// Reads the flags, and what these slots give now, into what was known before.
pub async fn switch(sql: &Sql, builder: &mut Builder, slots: &BTreeSet<SlotId>) -> Result<(), Broken> {
    let flags = flags(sql, builder).await?;
    let members = builder.members().clone();
    builder.forget(slots);
    grant(builder, &flags, &members, &slot::store::some(sql, slots).await?);
    Ok(())
}

/// The version of all answers after the entry of the journal at this place.
pub fn version_of(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or_default()
}

fn grant(
    builder: &mut Builder,
    flags: &HashMap<ChangeId, FlagNumber>,
    members: &Members,
    slots: &[slot::store::Slot],
) {
    for slot in slots {
        let (Some(flag), Some(unit)) = (flags.get(&slot.change), members.unit(slot.unit_slug.as_str()))
        else {
            continue;
        };
        for span in slot.access() {
            builder.grant(*flag, unit, span, slot.id, slot.wave);
        }
    }
}

async fn flags(sql: &Sql, builder: &mut Builder) -> Result<HashMap<ChangeId, FlagNumber>, Broken> {
    let rows = sql
        .all(
            "SELECT c.id AS id, c.slug AS slug, c.flag_key AS flag_key,
               (SELECT p.state FROM change_pause p WHERE p.change_id = c.id ORDER BY p.n DESC LIMIT 1) AS state
             FROM change c ORDER BY c.flag_key",
            vec![],
        )
        .await?;
    let mut flags = HashMap::new();
    for row in rows {
        let is_paused = row.maybe_text("state")?.as_deref() == Some("paused");
        let running = if is_paused { Running::Paused } else { Running::Yes };
        flags.insert(row.parsed("id")?, builder.flag(&row.text("flag_key")?, &row.text("slug")?, running));
    }
    Ok(flags)
}
