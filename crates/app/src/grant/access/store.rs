//! Everything that access is answered from, read at once.

use std::collections::HashMap;

use traction_domain::grant::access::{Builder, FlagNumber, Running, Snapshot, UnitNumber};
use traction_domain::id::ChangeId;

use crate::grant::slot;
use crate::org::token::store as tokens;
use crate::org::token::store::Token;
use crate::store::Sql;
use crate::trouble::Broken;

/// What was read, and up to where in the journal it is certainly complete.
pub struct Read {
    /// Who has what.
    pub snapshot: Snapshot,
    /// The live tokens, by the hash of their secret.
    pub tokens: HashMap<String, Token>,
}

/// Reads flags, units, people, slots and tokens. What happens while it reads is after its version, so that the next
/// look at the journal finds it.
pub async fn read(sql: &Sql) -> Result<Read, Broken> {
    let version = sql.last_entry().await?;
    let mut builder = Builder::new(u64::try_from(version).unwrap_or_default());
    let units = units(sql, &mut builder).await?;
    people(sql, &mut builder, &units).await?;
    let flags = flags(sql, &mut builder).await?;
    for slot in slot::store::all(sql).await? {
        let (Some(flag), Some(unit)) = (flags.get(&slot.change), units.get(slot.unit_slug.as_str())) else {
            continue;
        };
        for span in slot.access() {
            builder.grant(*flag, *unit, span, slot.id, slot.wave);
        }
    }
    let tokens = tokens::live(sql).await?.into_iter().map(|token| (token.hash.clone(), token)).collect();
    Ok(Read { snapshot: builder.build(), tokens })
}

async fn units(sql: &Sql, builder: &mut Builder) -> Result<HashMap<String, UnitNumber>, Broken> {
    let mut units = HashMap::new();
    for row in sql.all("SELECT u.slug AS slug FROM unit u ORDER BY u.slug", vec![]).await? {
        let slug = row.text("slug")?;
        let number = builder.unit(&slug);
        units.insert(slug, number);
    }
    Ok(units)
}

/// People by the name the real system knows them by, with the units they belong to now, as member or as lead.
async fn people(sql: &Sql, builder: &mut Builder, units: &HashMap<String, UnitNumber>) -> Result<(), Broken> {
    let rows = sql
        .all(
            "SELECT p.external_id AS person, u.slug AS unit FROM person p
             LEFT JOIN role r ON r.person_id = p.id AND r.unit_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             LEFT JOIN unit u ON u.id = r.unit_id
             WHERE p.external_id IS NOT NULL ORDER BY p.external_id",
            vec![],
        )
        .await?;
    for row in rows {
        let person = row.text("person")?;
        match row.maybe_text("unit")?.and_then(|unit| units.get(&unit)) {
            Some(unit) => builder.member(&person, *unit),
            None => builder.person(&person),
        }
    }
    Ok(())
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
