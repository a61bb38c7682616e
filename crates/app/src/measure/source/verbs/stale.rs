//! Looking for sources that bring nothing new any more, and raising an alarm once for each time that happens.

use traction_domain::fact::Fact;
use traction_domain::org::who::Who;

use crate::measure::source::{fresh, store};
use crate::trouble::Broken;
use crate::world::World;

/// Raises an alarm for every source that is stale and has none; how many. The second time it does nothing.
pub async fn look_for_stale(world: &World) -> Result<usize, Broken> {
    let now = world.now();
    let mut n_raised = 0;
    for source in store::all(world.store().read()).await? {
        let fresh = fresh::of(world, world.store().read(), &source).await?;
        if !fresh.is_stale(now) {
            continue;
        }
        let mut tx = world.store().begin().await?;
        if store::raise(&tx, source.id, fresh.since, now).await? {
            tx.journal(now, &Who::the_loop(), Fact::SourceStale { source: source.id }).await?;
            world.commit(tx).await?;
            n_raised += 1;
        }
    }
    Ok(n_raised)
}
