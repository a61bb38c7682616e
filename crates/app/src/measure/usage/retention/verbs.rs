//! Saying how long the events of a source are kept one by one, and dropping what is older, once a day.
//!
//! Nothing that was told changes: what is dropped was counted before, and stays by person and day.

use jiff::{SignedDuration, Timestamp};
use traction_domain::fact::Fact;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::who::Who;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use super::store::{self, Dropped};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What arrived within so long is dropped at once; others write in between.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(1);
/// How far it is looked back behind what was dropped the day before: for what could not be dropped then.
const N_DAYS_BACK: i64 = 60;

/// Nothing ever came from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "nothing came from a source `{source_name}`, and no token is called so; `traction token list` shows them, and files are the source `import`"
)]
pub struct NoSuchSource {
    /// What was written.
    pub source_name: String,
}

impl Refusal for NoSuchSource {
    fn field(&self) -> Option<&'static str> {
        Some("source")
    }
}

/// Sets how long the events of a source are kept one by one.
pub async fn set(world: &World, who: &Who, source: &str, retention: UsageRetention) -> Result<(), Trouble> {
    who.must_administer("set how long events are kept")?;
    let mut tx = world.store().begin().await?;
    if !store::is_source(&tx, source).await? {
        return Err(NoSuchSource { source_name: source.to_owned() }.into());
    }
    let now = world.now();
    store::set(&tx, source, retention, who, now).await?;
    tx.journal(now, who, Fact::UsageRetentionSet {}).await?;
    Ok(world.commit(tx).await?)
}

/// Drops what is older than its source's events are kept; once a day of each source, whichever server looks.
pub async fn drop_old(world: &World) -> Result<(), Broken> {
    for (source, retention) in store::all(world.store().read()).await? {
        let Some(before) = retention.kept_from(world.now()) else { continue };
        drop_of(world, &source, before).await?;
    }
    Ok(())
}

/// Drops what happened before a moment of one source, going on where it was broken off. How much goes is written down in
/// the transaction in which it goes, and that something may go before any does: nothing is ever gone unsaid.
async fn drop_of(world: &World, source: &str, before: Moment) -> Result<(), Broken> {
    let Some(mut from) = begun(world, source, before).await? else { return Ok(()) };
    loop {
        let next = store::next_arrival(world.store().read(), from).await?.filter(|next| *next < before);
        let tx = world.store().begin().await?;
        let Some(next) = next else {
            // All of it is done, by this server or by another.
            store::note(&tx, (source, before), from, None, Dropped::default()).await?;
            return world.commit(tx).await;
        };
        let until = next.after(AT_ONCE).min(before);
        let dropped = store::drop_arrived(&tx, source, (next, until), before).await?;
        // Where as much as goes at once went, there may be more of the same span.
        let reached = if dropped.n_rows() < store::N_AT_ONCE { until } else { next };
        if !store::note(&tx, (source, before), from, Some(reached), dropped).await? {
            // Another server is at it, and tells what it drops; what was dropped here comes back.
            return Ok(());
        }
        world.commit(tx).await?;
        from = reached;
    }
}

/// From where on what arrived is looked through for what happened before a moment; it is written down that this begins.
/// `None` where it is done already.
async fn begun(world: &World, source: &str, before: Moment) -> Result<Option<Moment>, Broken> {
    // Looked at in the one writer's place: another server may have begun meanwhile.
    let tx = world.store().begin().await?;
    if let Some(last) = store::last(&tx, source).await?.filter(|last| last.before >= before) {
        return Ok(last.arrived_until.filter(|_| last.before == before));
    }
    let done = store::done_before(&tx, source).await?;
    let from =
        done.map_or(Moment::from_timestamp(Timestamp::UNIX_EPOCH), |done| done.after_days(-N_DAYS_BACK));
    store::begin(&tx, source, before, from, world.now()).await?;
    world.commit(tx).await?;
    Ok(Some(from))
}
