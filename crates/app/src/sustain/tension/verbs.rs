//! Drawing up a tension, and deciding to rock.

use traction_domain::fact::Fact;
use traction_domain::id::{RockId, TensionId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;
use traction_domain::sustain::tension::{self as rules, PoleProposed, Side, TensionRefused};

use super::live::{Live, live};
use super::store::{self, Tension};
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

/// Draws up a tension for a unit and those below it, or for the whole organisation.
pub async fn name(
    world: &World,
    who: &Who,
    unit: Option<UnitId>,
    attention: Side,
    poles: [PoleProposed; 2],
) -> Result<TensionId, Trouble> {
    let (id, now) = (world.id::<TensionId>(), world.now());
    let mut tx = world.store().begin().await?;
    if let Some(unit) = unit {
        unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    }
    must_decide(who, unit)?;
    store::add(&tx, id, unit, attention, &poles, who.person(), now).await?;
    tx.journal(now, who, Fact::TensionNamed { tension: id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Records the decision to turn to the pole `to`, with its reason.
pub async fn rock(world: &World, who: &Who, id: TensionId, to: Side, why: &str) -> Result<RockId, Trouble> {
    let (rock, now) = (world.id::<RockId>(), world.now());
    let mut tx = world.store().begin().await?;
    let Live { tension, focus, .. } = find_live(&tx, id).await?;
    must_decide(who, tension.unit)?;
    let [left, right] = &tension.poles;
    rules::rock(to, focus, [&left.pole, &right.pole])?;
    let why = refusal::text(why, "why", "why you rock now", 300).map_err(TensionRefused::from)?;
    store::add_rock(&tx, rock, id, to, &why, who.person(), now).await?;
    tx.journal(now, who, Fact::Rocked { rock, tension: id }).await?;
    world.commit(tx).await?;
    Ok(rock)
}

/// The tension of an id as it stands in an address, as it stands now.
pub async fn find_live(sql: &Sql, id: TensionId) -> Result<Live, Trouble> {
    let tension: Tension = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "tension" })?;
    Ok(live(sql, tension).await?)
}

/// Who decides on a unit's tension is its lead; on the whole organisation's, a change lead.
pub fn may_decide(who: &Who, unit: Option<UnitId>) -> bool {
    who.is_change_lead() || who.is_administrator() || unit.is_some_and(|unit| who.leads(unit))
}

fn must_decide(who: &Who, unit: Option<UnitId>) -> Result<(), Trouble> {
    Ok(allow(
        may_decide(who, unit),
        "the unit's lead or a change lead",
        "draw up a tension or decide to rock",
    )?)
}
