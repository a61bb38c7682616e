//! From when until when a reading's period lasts.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use traction_stats::panel::{Calendar, Period};

use crate::time::Moment;

/// The half-open time that each period covers, in UTC, in the order given; `None` where that cannot be told.
///
/// A year-month is its month; a date is as many days or months as the periods' common step; a whole number is a year
/// when all of them could be one (1000 to 9999), and otherwise has no time of its own.
///
/// - `periods`: ascending, without repeats, of one kind.
pub fn spans(periods: &[Period]) -> Vec<Option<(Moment, Moment)>> {
    let calendar = Calendar::of(periods);
    periods.iter().map(|period| span(*period, calendar)).collect()
}

fn span(period: Period, calendar: Calendar) -> Option<(Moment, Moment)> {
    let (first, next) = match (period, calendar) {
        (Period::Number(year), _) if (1000..=9999).contains(&year) => {
            let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
            (first, first.checked_add(1.year()).ok()?)
        }
        (Period::Number(_), _) => return None,
        (Period::Month { year, month }, _) => {
            let first = Date::new(year, month, 1).ok()?;
            (first, first.checked_add(1.month()).ok()?)
        }
        // A month's end stands for the months that end with it.
        (Period::Day(last), Calendar::Months { step, .. }) if last == last.last_of_month() => {
            let next = last.checked_add(1.day()).ok()?;
            (next.checked_sub(step.months()).ok()?, next)
        }
        (Period::Day(first), Calendar::Months { step, .. }) => {
            (first, first.checked_add(step.months()).ok()?)
        }
        (Period::Day(first), Calendar::Days { step }) => (first, first.checked_add(step.days()).ok()?),
        (Period::Day(first), Calendar::Numbers) => (first, first.checked_add(1.day()).ok()?),
    };
    Some((midnight(first)?, midnight(next)?))
}

fn midnight(date: Date) -> Option<Moment> {
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| Moment::from_timestamp(zoned.timestamp()))
}
