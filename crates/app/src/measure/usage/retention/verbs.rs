//! Saying how long the events of a source are kept one by one, and dropping what is older, once a day.
//!
//! Nothing that was told changes: what is dropped was counted before, and stays by person and day.

use jiff::{SignedDuration, Timestamp};
use traction_domain::fact::Fact;
use traction_domain::measure::usage::retention::Retention;
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
pub async fn set(world: &World, who: &Who, source: &str, retention: Retention) -> Result<(), Trouble> {
    who.must_administer("set how long events are kept")?;
    let mut tx = world.store().begin().await?;
    if !store::is_source(&tx, source).await? {
        return Err(NoSuchSource { source_name: source.to_owned() }.into());
    }
    let now = world.now();
    store::set(&tx, source, retention, now).await?;
    tx.journal(now, who, Fact::UsageRetentionSet {}).await?;
    Ok(world.commit(tx).await?)
}

/// Drops what is older than its source's events are kept; once a day of each source, whichever server looks.
pub async fn drop_old(world: &World) -> Result<(), Broken> {
    let retentions = store::all(world.store().read()).await?;
    let dropped = store::dropped(world.store().read()).await?;
    for (source, retention) in retentions {
        let Some(before) = retention.kept_from(world.now()) else { continue };
        let done = dropped.get(&source).map(|(before, _)| *before);
        if done.is_none_or(|done| done < before) {
            drop_of(world, &source, done, before).await?;
        }
    }
    Ok(())
}

async fn drop_of(world: &World, source: &str, done: Option<Moment>, before: Moment) -> Result<(), Broken> {
    let mut all = Dropped::default();
    let mut from =
        done.map_or(Moment::from_timestamp(Timestamp::UNIX_EPOCH), |done| done.after_days(-N_DAYS_BACK));
    while let Some(next) =
        store::next_arrival(world.store().read(), from).await?.filter(|next| *next < before)
    {
        let until = next.after(AT_ONCE).min(before);
        let tx = world.store().begin().await?;
        let now = store::drop_arrived(&tx, source, (next, until), before).await?;
        world.commit(tx).await?;
        all.n_events += now.n_events;
        all.n_showings += now.n_showings;
        all.n_letters += now.n_letters;
        from = until;
    }
    let tx = world.store().begin().await?;
    store::note(&tx, source, before, all, world.now()).await?;
    world.commit(tx).await?;
    Ok(())
}
