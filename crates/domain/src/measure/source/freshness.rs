//! Is a source fresh? It is stale when nothing new came for twice as long as it ought to take.
//!
//! What counts is when it brought a period that it had not brought before, not which: an office that publishes six weeks
//! late is as fresh as one that publishes at once, as long as it goes on. What comes into the metric by other ways makes no
//! source fresh.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::measure::outcome::calendar::Calendar;
use crate::measure::source::schedule::Schedule;
use crate::time::Moment;

/// How often a period may be late in a row, in the time it takes one to come.
const N_LATE: f64 = 2.0;
/// A day more, so that nobody is called for an hour.
const GRACE_IN_DAYS: f64 = 1.0;

/// From when on a source is stale that brought a new period last at `since`; `None` without a schedule.
///
/// A new period should come as often as the schedule asks, and no more often than there are periods.
pub fn stale_at(
    schedule: Option<&Schedule>,
    zone: &TimeZone,
    calendar: Option<Calendar>,
    since: Moment,
) -> Option<Moment> {
    let apart = schedule?.days_apart(since, zone);
    let takes = calendar.map_or(apart, |calendar| apart.max(calendar.days() as f64));
    let days = N_LATE * takes + GRACE_IN_DAYS;
    SignedDuration::try_from_secs_f64(days * 86_400.0).ok().map(|span| since.after(span))
}
