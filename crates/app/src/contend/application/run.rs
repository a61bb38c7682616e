//! Applying, keeping a draft and withdrawing as doors do it: with the slot that the unit has by then, read in the same
//! transaction, so that nobody is told that he withdrew and gets a slot in that very moment.

use traction_domain::contend::application::draft::Draft;
use traction_domain::contend::application::{Application, Withdrawn};
use traction_domain::id::{ApplicationId, UnitId};
use traction_domain::org::who::Who;

use crate::contend::application::verbs;
use crate::contend::draft;
use crate::grant::slot;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;
use crate::world::World;

/// Applies for a slot of a wave.
pub async fn apply(
    world: &World,
    who: &Who,
    wave: &Wave,
    unit: UnitId,
    written: &Application,
) -> Result<ApplicationId, Trouble> {
    let mut tx = world.store().begin().await?;
    let slot = slot::store::held(&tx, wave.change, unit, world.now()).await?.map(|slot| slot.id);
    let id = verbs::apply(world, &mut tx, who, wave, unit, slot, written).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Keeps what a unit has written so far.
pub async fn keep(world: &World, who: &Who, wave: &Wave, unit: UnitId, draft: &Draft) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let slot = slot::store::held(&tx, wave.change, unit, world.now()).await?.map(|slot| slot.id);
    draft::verbs::keep(world, &mut tx, who, wave, unit, slot, draft).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Withdraws an application.
pub async fn withdraw(world: &World, who: &Who, id: ApplicationId) -> Result<Withdrawn, Trouble> {
    let mut tx = world.store().begin().await?;
    let (application, wave) = verbs::find(&tx, id).await?;
    let slots = slot::store::of_wave(&tx, wave.id).await?;
    let slot = slots.iter().find(|slot| slot.unit == application.unit).map(|slot| slot.id);
    let withdrawn = verbs::withdraw(world, &mut tx, who, id, slot).await?;
    world.commit(tx).await?;
    Ok(withdrawn)
}
