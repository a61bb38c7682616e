//! Cancelling a wave that is not drawn.

use traction_domain::fact::Fact;
use traction_domain::offer::wave::CancelRefused;
use traction_domain::org::who::Who;
use traction_domain::refusal;

use crate::contend::draw;
use crate::offer::change::store::Change;
use crate::offer::wave::store::{self, Cancelled, Wave};
use crate::offer::{change, wave};
use crate::trouble::Trouble;
use crate::world::World;

/// Cancels a wave, with a reason that all who applied read. What was applied with stays; it contends for nothing any more.
pub async fn cancel(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    why: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "cancel a wave")?;
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.ok_or(CancelRefused::NoReason)?;
    let mut tx = world.store().begin().await?;
    let at = world.now();
    wave::verbs::must_stand(&tx, wave.id).await?;
    if draw::store::drawn(&tx, wave.id).await?.is_some() {
        return Err(CancelRefused::Drawn.into());
    }
    store::cancel(&tx, wave.id, &Cancelled { why, who: who.name.clone(), at }).await?;
    tx.journal(at, who, Fact::WaveCancelled { wave: wave.id, change: change.id }).await?;
    world.commit(tx).await?;
    Ok(())
}
