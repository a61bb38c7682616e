//! How fresh a source is: what came last, when, and when it should have gone on.

use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::source::freshness::stale_at;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::measure::outcome;
use crate::measure::source::store::{self, Source};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// How fresh a source is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fresh {
    /// The last period of which something is known.
    pub last: Option<Period>,
    /// When something new came last; of a source that brought nothing yet, when it was made.
    pub since: Moment,
    /// From when on it is stale, where it has a schedule.
    pub stale_at: Option<Moment>,
    /// The metric's calendar.
    pub calendar: Option<Calendar>,
    /// When it is asked next.
    pub next_at: Option<Moment>,
}

impl Fresh {
    /// Whether it is stale.
    pub fn is_stale(&self, now: Moment) -> bool {
        self.stale_at.is_some_and(|stale_at| now >= stale_at)
    }

    /// The last period as people say it.
    pub fn last_told(&self) -> Option<String> {
        self.last.map(|last| self.calendar.map_or_else(|| last.to_string(), |calendar| calendar.told(last)))
    }
}

/// How fresh a source is.
pub async fn of(world: &World, sql: &Sql, source: &Source) -> Result<Fresh, Broken> {
    let zone = &world.settings().zone;
    let calendar = outcome::store::calendar(sql, source.metric).await?;
    let last = outcome::store::periods(sql, source.metric).await?.pop_last();
    let new_at = store::new_at(sql, source.metric).await?;
    let since = new_at.map_or(source.added_at, |new_at| new_at.max(source.added_at));
    let schedule = source.asks.schedule.as_ref();
    Ok(Fresh {
        last,
        since,
        stale_at: stale_at(schedule, zone, calendar, since),
        calendar,
        next_at: schedule.and_then(|schedule| schedule.next(world.now(), zone)),
    })
}
