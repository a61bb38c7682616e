//! What runs by itself, and when.

use std::time::Duration;

use jiff::SignedDuration;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::world::World;

/// How often the loops look at the journal when this process wrote nothing: facts of other processes on the same
/// database, and what a crash left undone.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often every watch is looked at without a new outcome: use of the solution fades without anybody's writing it
/// down.
const LOOK_AT_WATCHES: SignedDuration = SignedDuration::from_hours(1);

/// Runs until it is dropped.
pub async fn run(world: World) {
    let mut watches_seen: Option<Moment> = None;
    loop {
        if let Err(broken) = crate::loops::settle(&world).await {
            tracing::error!(%broken, "the loops of the business wait");
        }
        let now = world.now();
        if watches_seen.is_none_or(|seen| now.since(seen) >= LOOK_AT_WATCHES) {
            watches_seen = Some(now);
            if let Err(trouble) = crate::sustain::watch::verbs::look(&world, &Who::the_loop()).await {
                tracing::error!(%trouble, "the watches were not looked at");
            }
        }
        let _ = tokio::time::timeout(LOOK_AGAIN, world.moved()).await;
    }
}
