//! Closing weeks: counted once, some hours after they are over, from then on told as they were counted.
//!
//! What arrives after its week was closed counts on the first day of the next one: a number that was told never moves,
//! so that nobody is found in the difference of two versions of it.

use jiff::SignedDuration;
use traction_domain::id::ChangeId;
use traction_domain::measure::suppression::N_FEWEST;
use traction_domain::time::Moment;

use super::closing::Book;
use super::read;
use super::store::{self, Week, rolled};
use crate::offer::change;
use crate::trouble::Broken;
use crate::world::World;

/// How long after its end a week is closed: what was on its way on Sunday night belongs to it.
const GRACE: SignedDuration = SignedDuration::from_hours(3);

/// How far the arrival of events may be behind what was seen when a week was closed: a transaction that was open then.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// How many days late use may be and still count: later it is kept, and counts nowhere here.
const N_DAYS_LATE: i64 = 28;

/// How many weeks before the first use are counted, where access began earlier.
const N_WEEKS_BEFORE: i64 = 12;

/// Closes every week that is over, of every change.
pub async fn close_weeks(world: &World) -> Result<(), Broken> {
    let mut done = Ok(());
    for change in change::store::all(world.store().read()).await? {
        let closed = close(world, change.id).await;
        done = done.and(closed);
    }
    done
}

async fn close(world: &World, change: ChangeId) -> Result<(), Broken> {
    let sql = world.store().read();
    let now = world.now();
    let target = Week(Week::of(now.after(-GRACE)).0 - 1);
    let mut last = store::last_closed(sql, change).await?;
    if last.as_ref().is_some_and(|(closed, _)| closed.week >= target) {
        return Ok(());
    }
    let holders = read::holders(sql, change).await?;
    let Some(begins) = holders.iter().map(|holder| holder.begins).min() else { return Ok(()) };
    if target < Week::of(begins) {
        return Ok(());
    }
    // As long as nothing but "few" was told, nothing can be subtracted from it: what came late counts where it belongs.
    if last.is_some() && store::most_active(sql, change).await? < i64::from(N_FEWEST) {
        let tx = world.store().begin().await?;
        store::forget(&tx, change).await?;
        world.commit(tx).await?;
        last = None;
    }
    let (origin, first) = match &last {
        Some((closed, told)) => (Week(told.origin), Week(closed.week.0 + 1)),
        None => {
            // Of a change whose use nobody sends there is nothing to tell.
            let Some(used) = rolled::first_use(sql, change).await? else { return Ok(()) };
            let origin = Week::of(begins).max(Week(used.0 - N_WEEKS_BEFORE)).min(target);
            // What happened before anybody was to have it counts as begun.
            let tx = world.store().begin().await?;
            rolled::roll_up(&tx, change, used, origin).await?;
            world.commit(tx).await?;
            (origin, origin)
        }
    };
    roll_up(world, change, last.as_ref().map(|(closed, _)| closed.closed_at), first, target).await?;
    let days = rolled::days(sql, change).await?;
    let mut book = Book::new(&holders, &days, origin);
    for unit in store::activations(sql, change).await? {
        book.activated.insert(unit.unit);
        book.n_activated += unit.activated.unwrap_or(0);
    }
    let last_week = last.as_ref().map(|(closed, _)| closed.week);
    if let Some((_, told)) = last {
        book.before = told;
    }
    let tx = world.store().begin().await?;
    // Another server on the same database may have been faster.
    let is_first = store::last_closed(&tx, change).await?.map(|(closed, _)| closed.week) == last_week;
    if is_first {
        for number in first.0..=target.0 {
            let (closed, told, units) = book.close(Week(number), now);
            store::close(&tx, change, &closed, &told, &units).await?;
        }
    }
    world.commit(tx).await
}

/// Rolls up the weeks from `first` to `target`, each by itself so that others can write in between, and what came late
/// since the last one was closed.
async fn roll_up(
    world: &World,
    change: ChangeId,
    closed_at: Option<Moment>,
    first: Week,
    target: Week,
) -> Result<(), Broken> {
    if let Some(closed_at) = closed_at {
        let since = first.begins().after_days(-N_DAYS_LATE);
        let tx = world.store().begin().await?;
        rolled::roll_up_late(&tx, change, first, since, closed_at.after(-OVERLAP)).await?;
        world.commit(tx).await?;
    }
    for number in first.0..=target.0 {
        let tx = world.store().begin().await?;
        rolled::roll_up(&tx, change, Week(number), Week(number + 1)).await?;
        world.commit(tx).await?;
    }
    Ok(())
}
