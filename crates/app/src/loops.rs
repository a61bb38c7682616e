//! The loops of the business: when this fact, do that verb. One table.
//!
//! Facts are taken from the journal in their order, with a cursor that moves when a fact's consequences are done: a
//! crash loses none, and since every consequence is a verb that does nothing the second time, none counts twice.

use traction_domain::fact::Fact;
use traction_domain::org::who::Who;

use crate::contend::draw;
use crate::grant::slot;
use crate::store::Entry;
use crate::sustain;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// The name under which the place in the journal is kept.
const CURSOR: &str = "business";

/// Does what the facts since the last time ask for, until nothing is left to do.
pub async fn settle(world: &World) -> Result<(), Broken> {
    loop {
        let done = world.store().read().cursor(CURSOR).await?;
        let entries = world.store().read().entries_after(done, 200).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        let last_reading = entries.iter().rev().find(|entry| is_reading(entry)).map(|entry| entry.seq);
        for entry in &entries {
            // A look at the watches sees all that was read before it: the last reading stands for those under way.
            if is_reading(entry) && Some(entry.seq) != last_reading {
                continue;
            }
            match follow(world, entry).await {
                Ok(()) => {}
                // An accident may be over the next time: the cursor stays before the fact.
                Err(Trouble::Broken(broken)) => {
                    keep_place(world, entry.seq - 1).await?;
                    return Err(broken);
                }
                Err(trouble) => {
                    tracing::error!(seq = entry.seq, %trouble, "a loop of the business was refused")
                }
            }
        }
        keep_place(world, last).await?;
    }
}

async fn keep_place(world: &World, seq: i64) -> Result<(), Broken> {
    let tx = world.store().begin().await?;
    tx.move_cursor(CURSOR, seq).await?;
    world.commit(tx).await
}

/// Whether a fact may show that a gain slips.
fn is_reading(entry: &Entry) -> bool {
    matches!(entry.fact, Fact::OutcomesRecorded { .. } | Fact::HandOverAccepted { .. })
}

/// The table: when this fact, do that verb.
async fn follow(world: &World, entry: &Entry) -> Result<(), Trouble> {
    let who = Who::the_loop();
    match &entry.fact {
        Fact::WaveAnnounced { wave, .. } => draw::verbs::commit(world, &who, *wave).await,
        Fact::Drawn { wave } => slot::verbs::grant_drawn(world, &who, *wave).await,
        Fact::Overridden { wave, unit } => slot::verbs::grant_overridden(world, &who, *wave, *unit).await,
        Fact::SlotGivenBack { slot } => slot::verbs::pass_on(world, &who, *slot).await,
        Fact::OutcomesRecorded { .. } | Fact::HandOverAccepted { .. } => {
            sustain::watch::verbs::look(world, &who).await.map(|_| ())
        }
        Fact::Slipping { alarm, .. } => sustain::watch::verbs::open_cycle(world, &who, *alarm).await,
        _ => Ok(()),
    }
}
