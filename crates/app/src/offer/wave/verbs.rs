//! Announcing waves. Cancelling one is `contend`'s, which knows whether it was drawn.

use traction_domain::fact::Fact;
use traction_domain::id::WaveId;
use traction_domain::offer::wave::{self as rules, CancelRefused, Prediction, WaveTimes};
use traction_domain::org::who::Who;

use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::{self, Wave};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What whoever announces a wave that opens at once has to know.
pub const OPEN_AT_ONCE: &str =
    "it is open: how it chooses is the default, and stays so; announce the next one ahead to settle that";

/// What whoever announces a wave of a paused change has to know.
pub const PAUSED: &str =
    "the change is paused: whoever gets a slot has it switched on once the change goes on";

/// What whoever announced a wave has to know of it.
pub async fn warnings(world: &World, wave: &Wave) -> Result<Vec<&'static str>, Broken> {
    let is_paused = change::store::paused(world.store().read(), wave.change).await?.is_some();
    let is_open = wave.opens_at <= world.now();
    let warnings = [(is_open, OPEN_AT_ONCE), (is_paused, PAUSED)];
    Ok(warnings.into_iter().filter(|(holds, _)| *holds).map(|(_, says)| says).collect())
}

/// Announces the next wave of a change. A wave that is the same in everything is the one announced before, sent twice.
pub async fn announce(
    world: &World,
    who: &Who,
    change: &Change,
    n_slots: u32,
    times: WaveTimes,
    pledge: &str,
) -> Result<WaveId, Trouble> {
    change::verbs::must_run(who, change, "announce a wave")?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let prediction = match change::store::prediction(&tx, change.id).await? {
        Some(_) => Prediction::Locked,
        None => Prediction::Open,
    };
    let announced = rules::announce(n_slots, times, pledge, prediction, now)?;
    if let Some(before) = store::same(&tx, change.id, &announced).await? {
        return Ok(before);
    }
    let id: WaveId = world.id();
    store::add(&tx, id, change.id, &announced, who.person(), now).await?;
    tx.journal(now, who, Fact::WaveAnnounced { wave: id, change: change.id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// The wave of a number as it stands in an address or on a command line, with its change.
pub async fn find(sql: &Sql, change: &str, n: usize) -> Result<(Change, Wave), Trouble> {
    let change = change::verbs::find(sql, change).await?;
    let wave = store::by_number(sql, change.id, n).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    Ok((change, wave))
}

/// Refuses what is wished of a wave that is cancelled, as the transaction sees it by now.
pub async fn must_stand(sql: &Sql, wave: WaveId) -> Result<(), Trouble> {
    let wave = store::one(sql, wave).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    match wave.cancelled {
        Some(cancelled) => Err(CancelRefused::Cancelled { why: cancelled.why }.into()),
        None => Ok(()),
    }
}
