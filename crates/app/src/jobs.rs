//! What runs by itself, and when.

use std::time::Duration;

use jiff::SignedDuration;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contend::draw;
use crate::grant::access::board;
use crate::grant::slot;
use crate::offer::wave;
use crate::trouble::Trouble;
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
        if let Err(trouble) = freeze_closed(&world).await {
            tracing::error!(%trouble, "a list is not frozen");
        }
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
        if let Err(broken) = board::refresh(&world).await {
            tracing::error!(%broken, "access is answered from what was known before");
        }
        let _ = tokio::time::timeout(LOOK_AGAIN, world.moved()).await;
    }
}

/// Freezes the lists of the waves that closed.
pub async fn freeze_closed(world: &World) -> Result<(), Trouble> {
    let sql = world.store().read();
    for wave in draw::store::to_freeze(sql, world.now()).await? {
        let wave = wave::store::one(sql, wave).await?.ok_or(Trouble::NotFound { what: "wave" })?;
        let works_in = slot::store::works_in(sql, wave.change, world.now()).await?;
        draw::verbs::freeze(world, &Who::the_loop(), &wave, &works_in).await?;
    }
    Ok(())
}
