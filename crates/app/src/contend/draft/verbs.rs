//! Keeping a draft, and throwing it away.

use traction_domain::contend::application::draft::{self as rules, Draft};
use traction_domain::fact::Fact;
use traction_domain::id::{SlotId, UnitId};
use traction_domain::org::who::Who;

use crate::contend::application::verbs::{standing, window};
use crate::contend::draft::store::{self, Fate};
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::store::Tx;
use crate::trouble::Trouble;
use crate::world::World;

/// Keeps what a unit has written so far, in a transaction that the caller began; `slot` is the unit's live slot of the same
/// change as that transaction sees it, if it has one.
pub async fn keep(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: &Wave,
    unit: UnitId,
    slot: Option<SlotId>,
    draft: &Draft,
) -> Result<(), Trouble> {
    let now = world.now();
    unit::store::one(tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    wave::verbs::must_stand(tx, wave.id).await?;
    rules::keep(&standing(tx, who, wave, unit, slot, now).await?, &window(tx, wave, now).await?, now)?;
    store::write(tx, wave.id, unit, Fate::Kept(draft), now).await?;
    tx.journal(now, &who.undisclosed(), Fact::DraftKept { wave: wave.id }).await?;
    Ok(())
}

/// Throws a unit's draft away, if there is one.
pub async fn drop(world: &World, who: &Who, wave: &Wave, unit: UnitId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let now = world.now();
    rules::drop(standing(&tx, who, wave, unit, None, now).await?.asker)?;
    if store::of_wave(&tx, wave.id).await?.iter().all(|kept| kept.unit != unit) {
        return Ok(());
    }
    store::write(&tx, wave.id, unit, Fate::Dropped, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::DraftDropped { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}
