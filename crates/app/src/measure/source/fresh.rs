//! How fresh a source is: what it brought last, when, and when it should have gone on.

use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::source::freshness::stale_at;
use traction_domain::measure::source::tries::{Ended, is_lost};
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::measure::outcome;
use crate::measure::source::store::Source;
use crate::measure::source::store::runs;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// How fresh a source is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fresh {
    /// The last period of which its last run brought a value.
    pub last: Option<Period>,
    /// How its last run ended; `None` where none did yet.
    pub last_end: Option<Ended>,
    /// When its last run was begun, where nothing was heard of that since.
    pub open_since: Option<Moment>,
    /// When it brought a period last that it had not brought before; of a source that brought nothing yet, when it was made.
    pub since: Moment,
    /// From when on it is stale, where it has a schedule.
    pub stale_at: Option<Moment>,
    /// The metric's calendar.
    pub calendar: Option<Calendar>,
    /// When it is asked next.
    pub next_at: Option<Moment>,
}

impl Fresh {
    /// How it stands, in a word: whether what it should bring comes, or that nobody expects anything.
    pub fn state(&self, now: Moment) -> &'static str {
        match (self.stale_at, self.last_end) {
            (Some(_), _) if self.is_stale(now) => "stale",
            _ if self.open_since.is_some_and(|since| is_lost(since, now)) => "lost",
            (_, Some(Ended::Refused)) => "refused",
            (_, Some(Ended::NothingCame)) => "nothing came",
            (None, _) => "by hand",
            (Some(_), None) => "not asked yet",
            (Some(_), Some(Ended::Taken)) => "fresh",
        }
    }

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
    let brought = runs::last_brought(sql, source.id).await?;
    let since = brought.map_or(source.added_at, |brought| brought.new_at);
    let schedule = source.asks.schedule.as_ref();
    Ok(Fresh {
        last: brought.map(|brought| brought.last),
        last_end: runs::last_end(sql, source.id).await?,
        open_since: runs::open_since(sql, source.id).await?,
        since,
        stale_at: stale_at(schedule, zone, calendar, since),
        calendar,
        next_at: schedule.and_then(|schedule| schedule.next(world.now(), zone)),
    })
}
