//! How periods are written: a week by its number, a moment with its zone, a day or a month as one number.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use traction_stats::panel::Period;

/// How long a date is, as in 2026-03-31.
pub(super) const DATE: usize = 10;
/// The day 0 of spreadsheets, as they count since 1900-03-01.
const SPREADSHEET: Date = Date::constant(1899, 12, 30);
/// The days that a spreadsheet's number may mean, from 1982 to 2105.
const DAYS: std::ops::RangeInclusive<i64> = 30_000..=75_000;
/// The years that a number may begin with where it is a month or a day in one.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;

/// A moment as its own zone has it: databases write the zone behind it, as in `2026-09-07 00:00:00+02`.
pub(super) fn without_zone(written: &str) -> &str {
    let is_offset = |offset: &str| {
        let are_pairs = offset.split(':').all(|pair| pair.len() == 2);
        let are_digits = offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        are_digits && (are_pairs || (offset.len() == 4 && !offset.contains(':')))
    };
    match written.rfind(['+', '-']).filter(|at| *at > DATE) {
        Some(at) if is_offset(&written[at + 1..]) => written[..at].trim_end(),
        _ => written.strip_suffix('Z').unwrap_or(written),
    }
}

/// The Monday of a week written by its number.
pub(super) fn week(written: &str) -> Option<Period> {
    let (year, week) = written.split_once("-W").or_else(|| written.split_once('W'))?;
    // A sign is no digit: a week of a year before the first cannot be written as a date.
    let are_digits = [year, week].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let year = year.parse().ok().filter(|first| are_digits && year.len() == 4 && *first > 0)?;
    let week = week.parse().ok()?;
    let first = jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok()?;
    Some(Period::Day(first.date()))
}

/// The day or the month that a whole number seems to be in one: a spreadsheet's number of a day (46023), year and month
/// (202601), or a date (20260131).
pub(super) fn in_one(period: Period) -> Option<Period> {
    let Period::Number(number) = period else { return None };
    if DAYS.contains(&number) {
        return SPREADSHEET.checked_add(number.days()).ok().map(Period::Day);
    }
    let year = |number: i64| i16::try_from(number).ok().filter(|year| YEARS.contains(&i64::from(*year)));
    let part = |number: i64| i8::try_from(number % 100).ok();
    if number < 1_000_000 {
        let (year, month) = (year(number / 100)?, part(number)?);
        return (1..=12).contains(&month).then_some(Period::Month { year, month });
    }
    let (year, month, day) = (year(number / 10_000)?, part(number / 100)?, part(number)?);
    Date::new(year, month, day).ok().map(Period::Day)
}
