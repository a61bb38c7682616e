//! Asking a unit how ready it is, and answering.

use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, PulseId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::readiness::{self as rules, PulseRefused};

use crate::org::unit;
use crate::sense::readiness::store::{self, Pulse, PulseOpened};
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

/// Whether `who` may ask `unit`.
pub fn may_open(who: &Who, unit: UnitId) -> bool {
    who.speaks_for(unit) || who.is_change_lead()
}

/// Opens a pulse in `unit`, for `n_days`; about `change` where there is one in sight.
pub async fn open(
    world: &World,
    who: &Who,
    unit: UnitId,
    change: Option<ChangeId>,
    n_days: i64,
) -> Result<PulseId, Trouble> {
    allow(may_open(who, unit), "the unit's lead or a change lead", "ask a unit how ready it is")?;
    let (id, now) = (world.id::<PulseId>(), world.now());
    let mut tx = world.store().begin().await?;
    let unit = unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    let last_closes = store::last_closes(&tx, unit.id).await?;
    let closes_at = rules::open(now, n_days, unit.n_members, last_closes)?;
    let opened = PulseOpened { id, unit: unit.id, change, instrument: rules::built_in(), closes_at };
    store::add(&tx, &opened, who.person(), now).await?;
    tx.journal(now, who, Fact::PulseOpened { pulse: id, unit: unit.id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Answers a pulse of one's own unit, once; `given` holds one answer from 1 to 5 for each item, in its order.
pub async fn answer(world: &World, who: &Who, id: PulseId, given: &[Option<u8>]) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let pulse = find(&tx, id).await?;
    allow(who.belongs_to(pulse.unit), "the people of the unit itself", "answer its pulse")?;
    if pulse.closes_at <= now {
        return Err(PulseRefused::Closed { at: pulse.closes_at }.into());
    }
    let instrument = rules::built_in();
    let answers = rules::answers(instrument, given)?;
    if !store::mark_answered(&tx, id, person).await? {
        return Err(PulseRefused::AnsweredAlready.into());
    }
    store::count(&tx, id, instrument, &answers).await?;
    tx.journal(now, &who.undisclosed(), Fact::PulseAnswered { pulse: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// One pulse.
pub async fn find(sql: &Sql, id: PulseId) -> Result<Pulse, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "pulse" })
}
