//! Freezing and drawing as doors and jobs do it: with who has the change by now, read in the same transaction, so that
//! nobody who gets a slot in that very moment is listed or drawn besides.

use std::sync::Arc;

use traction_domain::contend::draw::{Counted, Record};
use traction_domain::contend::policy::WorksIn;
use traction_domain::id::ChangeId;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contend::draw::chances;
use crate::contend::draw::verbs::{self, Holders};
use crate::grant::slot;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Who has a change at `now`, or will.
pub async fn holders(sql: &Sql, change: ChangeId, now: Moment) -> Result<Holders, Broken> {
    let slots = slot::store::of_change(sql, change).await?;
    let now = slot::store::no_earlier_than_known(&slots, now);
    let working = slots.iter().filter(|slot| slot.access().iter().any(|span| span.holds(now)));
    let held = slots.iter().filter(|slot| slot.state(now).is_held());
    Ok(Holders {
        works_in: working.map(|slot| WorksIn { unit: slot.unit, parent: slot.unit_parent }).collect(),
        slots: held.map(|slot| (slot.unit, slot.id)).collect(),
    })
}

/// Freezes the list of a wave whose applications closed, unless that was done or nobody is left who could be listed.
pub async fn freeze(world: &World, who: &Who, wave: &Wave) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    wave::verbs::must_stand(&tx, wave.id).await?;
    let holders = holders(&tx, wave.change, world.now()).await?;
    verbs::freeze(world, &mut tx, who, wave, &holders).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Draws a wave, and keeps the record. The chances are counted before the transaction begins, since with a cap that takes
/// ten thousand draws, and nobody could write meanwhile; inside it is only looked whether they still are those of the list.
pub async fn run(world: &World, who: &Who, change: &Change, wave: &Wave) -> Result<Record, Trouble> {
    wave::verbs::must_stand(world.store().read(), wave.id).await?;
    verbs::must_be_due(world.store().read(), who, change, wave, world.now()).await?;
    freeze(world, who, wave).await?;
    loop {
        let counted = counted(world, change, wave).await?;
        let mut tx = world.store().begin().await?;
        wave::verbs::must_stand(&tx, wave.id).await?;
        let holders = holders(&tx, change.id, world.now()).await?;
        let counted = counted.as_deref();
        let record = verbs::record(world, &mut tx, who, change, wave, &holders, counted).await?;
        // Somebody withdrew, or got the change otherwise, while it was counted; there is an end to those who can.
        let Some(record) = record else { continue };
        world.commit(tx).await?;
        return Ok(record);
    }
}

async fn counted(world: &World, change: &Change, wave: &Wave) -> Result<Option<Arc<Counted>>, Trouble> {
    let sql = world.store().read();
    let holders = holders(sql, change.id, world.now()).await?;
    match verbs::contest(sql, wave, &holders).await? {
        Some(contest) => Ok(Some(chances::counted(world, contest).await??)),
        None => Ok(None),
    }
}
