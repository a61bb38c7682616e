//! Closing weeks: counted once, some hours after they are over, from then on told as they were counted.
//!
//! What arrives after its week was closed counts on the first day of the next one: a number that was told never moves,
//! so that nobody is found in the difference of two versions of it. Counting takes its time, and the one writer's place
//! is not held for it.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use traction_domain::id::ChangeId;
use traction_domain::measure::uptake::{Detail, N_DAYS_MONTH, is_untold};
use traction_domain::time::Moment;

use super::closing::{Book, Holder};
use super::held::Stretches;
use super::month::{self, ByUnit};
use super::read;
use super::store::{self, ClosedWeek, UnitWeek, Week, rolled, uses};
use super::told::Told;
use crate::measure::usage::retention;
use crate::measure::usage::subject::joined as subjects;
use crate::offer::change;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// How long after its end a week is closed: what was on its way on Sunday night belongs to it.
const GRACE: SignedDuration = SignedDuration::from_hours(3);

/// How far the arrival of events may be behind what was seen when a week was closed: a transaction that was open then.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// How many days late use may be and still count: later it is kept by day, and counts in no week.
const N_DAYS_LATE: i64 = 28;

/// How many weeks before the first use are counted, where access began earlier.
const N_WEEKS_BEFORE: i64 = 12;

/// Weeks that were counted, and are not kept yet.
pub struct Counted {
    change: ChangeId,
    /// The last week that was closed when they were counted, and which version of it.
    before: Option<Version>,
    /// Whether they replace those that were closed before.
    is_anew: bool,
    weeks: Vec<(ClosedWeek, Told, Vec<UnitWeek>)>,
}

/// Which week was closed last, when, and how many people had been counted by then.
type Version = (Week, Moment, Option<u32>);

fn version(closed: &ClosedWeek, told: &Told) -> Version {
    (closed.week, closed.closed_at, told.n_ever)
}

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
    match count(world, change).await? {
        Some(counted) => keep(world, counted).await,
        None => Ok(()),
    }
}

/// Counts the weeks of a change that are over and not closed; `None` where there are none.
pub async fn count(world: &World, change: ChangeId) -> Result<Option<Counted>, Broken> {
    let sql = world.store().read();
    let now = world.now();
    let target = Week(Week::of(now.after(-GRACE)).0 - 1);
    let last = store::last_closed(sql, change).await?;
    if last.as_ref().is_some_and(|(closed, _)| closed.week >= target) {
        return Ok(None);
    }
    // Of a change whose use nobody sends there is nothing to tell. It is asked first: who has access costs much more.
    let Some(used) = rolled::first_use(sql, change).await? else { return Ok(None) };
    let (holders, belonging) = read::holders(sql, change).await?;
    let Some(begins) = holders.iter().map(|holder| holder.held.begins()).min() else { return Ok(None) };
    if target < Week::of(begins) {
        return Ok(None);
    }
    subjects::join_all(world).await?;
    let before = last.as_ref().map(|(closed, told)| version(closed, told));
    let is_anew = starts_anew(world, change, last.as_ref()).await?;
    let last = last.filter(|_| !is_anew);
    let (origin, first) = match &last {
        Some((closed, told)) => (Week(told.origin), Week(closed.week.0 + 1)),
        None => {
            let origin = Week::of(begins).max(Week(used.0 - N_WEEKS_BEFORE)).min(target);
            let tx = world.store().begin().await?;
            rolled::forget_late(&tx, change).await?;
            rolled::roll_up(&tx, change, used, origin).await?;
            world.commit(tx).await?;
            (origin, origin)
        }
    };
    roll_up(world, change, last.as_ref().map(|(closed, _)| closed.closed_at), first, target).await?;
    // Weeks that were closed stay as they were counted, whatever is written down of slots since.
    let mut counted = if last.is_some() { store::counted(sql, change).await? } else { BTreeMap::new() };
    for holder in &holders {
        let weeks = (first.0..=target.0).map(Week).filter(|week| holder.held.holds_in(*week));
        let counted: &mut Stretches = counted.entry(holder.unit).or_default();
        weeks.for_each(|week| counted.add(week));
    }
    let from = first.last_day() - i64::from(N_DAYS_MONTH) + 1;
    let detail = Detail { origin: origin.first_day(), from };
    let uses = uses::uses(&world.store().snapshot().await?, change, &counted, detail).await?;
    let recent = match &last {
        Some(_) => recent(sql, change, &holders, first).await?,
        None => Vec::new(),
    };
    let lately = match &last {
        Some((closed, _)) if uses.has_aliases => {
            let since = Week(first.0 - month::N_WEEKS + 1);
            Some((closed.week, store::units_since(sql, change, since).await?))
        }
        _ => None,
    };
    let mut book = Book::new((holders, belonging), counted, uses, origin);
    if let Some((_, told)) = last {
        for unit in store::activations(sql, change).await? {
            book.activated.insert(unit.unit);
            book.n_activated += unit.activated.unwrap_or(0);
        }
        book.recent = recent;
        book.before = told;
    }
    // At ten thousands of units this is work for seconds.
    let weeks = tokio::task::spawn_blocking(move || {
        if let Some((last, rows)) = lately {
            book.look_back(last, &rows);
        }
        (first.0..=target.0).map(|number| book.close(Week(number), now)).collect()
    });
    let weeks = weeks.await.map_err(|error| Broken::accident("counting the weeks of uptake", error))?;
    Ok(Some(Counted { change, before, is_anew, weeks }))
}

/// What is shown by unit of the weeks before `first` that make up 28 days with it.
async fn recent(sql: &Sql, change: ChangeId, holders: &[Holder], first: Week) -> Result<Vec<ByUnit>, Broken> {
    let holders = holders.iter().map(|holder| (holder.unit, holder)).collect();
    let mut by_week = BTreeMap::<Week, Vec<UnitWeek>>::new();
    for row in store::units_since(sql, change, Week(first.0 - month::N_WEEKS + 1)).await? {
        by_week.entry(row.week).or_default().push(row);
    }
    Ok(by_week.values().map(|rows| month::by_unit(rows, &holders)).collect())
}

/// Whether all is counted from the beginning: at first, and as long as nothing but "few" was told, when something came
/// late. From that nothing can be subtracted, and it counts where it belongs.
async fn starts_anew(
    world: &World,
    change: ChangeId,
    last: Option<&(ClosedWeek, Told)>,
) -> Result<bool, Broken> {
    let Some((closed, told)) = last else { return Ok(true) };
    // What was dropped cannot be counted a second time.
    if !told.n_ever.is_some_and(is_untold)
        || retention::store::may_lack_events(world.store().read(), change).await?
    {
        return Ok(false);
    }
    let next = Week(closed.week.0 + 1);
    rolled::is_late(world.store().read(), change, next, closed.closed_at.after(-OVERLAP)).await
}

/// Keeps weeks that were counted, unless others were closed since, on another server: what was told stays. Each is kept
/// by itself, so that others can write in between.
pub async fn keep(world: &World, counted: Counted) -> Result<(), Broken> {
    let Counted { change, mut before, mut is_anew, weeks } = counted;
    for (closed, told, units) in weeks {
        let tx = world.store().begin().await?;
        let last = store::last_closed(&tx, change).await?.map(|(closed, told)| version(&closed, &told));
        if last != before {
            return Ok(());
        }
        if std::mem::take(&mut is_anew) {
            store::forget(&tx, change).await?;
        }
        store::close(&tx, change, &closed, &told, &units).await?;
        world.commit(tx).await?;
        before = Some(version(&closed, &told));
    }
    Ok(())
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
        let received = closed_at.after(-OVERLAP);
        rolled::roll_up_late(&tx, change, first.first_day(), (since, first.begins()), received).await?;
        let ever = Moment::from_timestamp(jiff::Timestamp::UNIX_EPOCH);
        rolled::roll_up_late(&tx, change, rolled::NEVER, (ever, since), received).await?;
        world.commit(tx).await?;
    }
    for number in first.0..=target.0 {
        let tx = world.store().begin().await?;
        rolled::roll_up(&tx, change, Week(number), Week(number + 1)).await?;
        world.commit(tx).await?;
    }
    Ok(())
}
