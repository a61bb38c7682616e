//! Recording what became of a friction after a remedy.

use traction_domain::fact::Fact;
use traction_domain::id::RemedyOutcomeId;
use traction_domain::org::who::Who;
use traction_domain::sense::diagnosis::Tried;
use traction_domain::sense::playbook::Playbook;

use crate::sense::diagnosis::store;
use crate::trouble::Trouble;
use crate::world::World;

/// Records what a remedy did. Anyone who signed in may: whoever tried it knows best.
pub async fn record(world: &World, who: &Who, playbook: &Playbook, tried: Tried) -> Result<(), Trouble> {
    let (id, now) = (world.id::<RemedyOutcomeId>(), world.now());
    let mut tx = world.store().begin().await?;
    store::add(&tx, id, playbook, tried, who.person(), now).await?;
    tx.journal(now, who, Fact::RemedyTried { outcome: id }).await?;
    world.commit(tx).await?;
    Ok(())
}
