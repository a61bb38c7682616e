//! What runs by itself, and when.

use std::time::Duration;

use crate::world::World;

/// How often the loops look at the journal when this process wrote nothing: facts of other processes on the same
/// database, and what a crash left undone.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Runs until it is dropped.
pub async fn run(world: World) {
    loop {
        if let Err(broken) = crate::loops::settle(&world).await {
            tracing::error!(%broken, "the loops of the business wait");
        }
        let _ = tokio::time::timeout(LOOK_AGAIN, world.moved()).await;
    }
}
