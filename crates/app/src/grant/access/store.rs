//! What access is answered from, read at once: who belongs where, and what is switched on for whom.

use std::collections::HashMap;
use std::sync::Arc;

use traction_domain::fact::Fact;
use traction_domain::grant::access::{
    Builder, FlagNumber, Members, MembersBuilder, Running, Snapshot, UnitNumber,
};
use traction_domain::id::ChangeId;

use crate::bind;
use crate::grant::slot;
use crate::store::Sql;
use crate::trouble::Broken;

/// How many people are read at a time: a million in one answer of the database would take half a gigabyte.
const N_PEOPLE_AT_ONCE: usize = 20_000;

/// Reads units, people, and who belongs where now, as member or as lead.
pub async fn members(sql: &Sql) -> Result<Members, Broken> {
    let mut builder = MembersBuilder::default();
    let mut units = HashMap::new();
    for row in sql.all("SELECT u.slug AS slug FROM unit u ORDER BY u.slug", vec![]).await? {
        let slug = row.text("slug")?;
        let number = builder.unit(&slug);
        units.insert(slug, number);
    }
    let mut last = String::new();
    while let Some(further) = people_after(sql, &last, &mut builder, &units).await? {
        last = further;
    }
    Ok(builder.build())
}

/// Some more people, by the name the real system knows them by, and the last of them; `None` where there are no more.
async fn people_after(
    sql: &Sql,
    last: &str,
    builder: &mut MembersBuilder,
    units: &HashMap<String, UnitNumber>,
) -> Result<Option<String>, Broken> {
    let rows = sql
        .all(
            "SELECT p.external_id AS person, u.slug AS unit
             FROM (SELECT id, external_id FROM person WHERE external_id > $1 ORDER BY external_id LIMIT $2) p
             LEFT JOIN role r ON r.person_id = p.id AND r.unit_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             LEFT JOIN unit u ON u.id = r.unit_id
             ORDER BY p.external_id",
            bind![last, N_PEOPLE_AT_ONCE],
        )
        .await?;
    let mut last = None;
    for row in rows {
        let person = row.text("person")?;
        match row.maybe_text("unit")?.and_then(|unit| units.get(&unit)) {
            Some(unit) => builder.member(&person, *unit),
            None => builder.person(&person),
        }
        last = Some(person);
    }
    Ok(last)
}

/// Reads flags and slots, for these members.
pub async fn switches(sql: &Sql, members: Arc<Members>) -> Result<Snapshot, Broken> {
    // Before the rest: what comes in between is switched again at the next look.
    let version = sql.last_entry_of(&Fact::OF_SWITCHES).await?;
    let mut builder = Builder::new(u64::try_from(version).unwrap_or_default(), members.clone());
    let flags = flags(sql, &mut builder).await?;
    for slot in slot::store::all(sql).await? {
        let (Some(flag), Some(unit)) = (flags.get(&slot.change), members.unit(slot.unit_slug.as_str()))
        else {
            continue;
        };
        for span in slot.access() {
            builder.grant(*flag, unit, span, slot.id, slot.wave);
        }
    }
    Ok(builder.build())
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
