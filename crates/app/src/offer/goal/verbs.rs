//! Setting goals.

use traction_domain::fact::Fact;
use traction_domain::id::GoalId;
use traction_domain::offer::goal::GoalProposed;
use traction_domain::org::who::{Who, allow};

use crate::offer::goal::store;
use crate::offer::metric;
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Sets a goal.
pub async fn set(world: &World, who: &Who, proposed: GoalProposed) -> Result<GoalId, Trouble> {
    allow(metric::verbs::may_offer(who), "a unit's lead or a change lead", "set a goal")?;
    let mut tx = world.store().begin().await?;
    metric::store::one(&tx, proposed.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let id = record(world, &mut tx, who, &proposed).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Records a goal in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    proposed: &GoalProposed,
) -> Result<GoalId, Broken> {
    let (id, now) = (world.id::<GoalId>(), world.now());
    store::add(tx, id, proposed, now).await?;
    tx.journal(now, who, Fact::GoalSet { goal: id }).await?;
    Ok(id)
}
