//! Points on a panel's time axis, and how far one lies behind another.
//!
//! A period is a whole number, a year-month or a date, and nothing more: no time of day but midnight, no zone. Whole
//! numbers stay as they are written, also where they are year and month in one (202001), which count months, or a date in
//! one (20200131), which count as dates do.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A point on the time axis, as the table writes it. All periods of a panel are of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A whole number, say a year or a week's number.
    Number(i64),
    /// A month of a year.
    Month {
        /// The year.
        year: i16,
        /// 1 to 12.
        month: i8,
    },
    /// A day.
    Day(Date),
}

/// The three kinds of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Number,
    /// Year-months.
    Month,
    /// Dates.
    Day,
}

/// What was read is none of the three kinds of period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", NotAPeriod::WANTED)]
pub struct NotAPeriod;

impl NotAPeriod {
    /// What would be right.
    pub const WANTED: &str = "give a whole number (2004), a year-month (2004-03) or a date (2004-03-31)";
}

impl Period {
    /// Which of the three kinds this is.
    pub fn kind(self) -> Kind {
        match self {
            Period::Number(_) => Kind::Number,
            Period::Month { .. } => Kind::Month,
            Period::Day(_) => Kind::Day,
        }
    }

    /// Days since the first day of year 0; a month counts as its first day, a number that is no date as itself.
    fn days(self) -> i64 {
        let civil = match (self.date(), self) {
            (Some(date), _) => date,
            (None, Period::Number(number)) => return number,
            (None, Period::Month { year, month }) => Date::new(year, month, 1).unwrap_or(Date::ZERO),
            (None, Period::Day(date)) => date,
        };
        i64::from(Date::ZERO.until(civil).map_or(0, |span| span.get_days()))
    }

    /// Whole months since year 0, and the day within the month; a number that is no date is year and month in one (202001),
    /// on day 1.
    fn months(self, end: MonthEnd) -> (i64, i8) {
        let month_of = |year: i16, month: i8| i64::from(year) * 12 + i64::from(month);
        match (self.date(), self) {
            (Some(date), _) | (None, Period::Day(date)) => {
                let last = end == MonthEnd::IsDay31 && date == date.last_of_month();
                (month_of(date.year(), date.month()), if last { 31 } else { date.day() })
            }
            (None, Period::Number(number)) => (number.div_euclid(100) * 12 + number.rem_euclid(100), 1),
            (None, Period::Month { year, month }) => (month_of(year, month), 1),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    /// `2004`, `2004.0`, `2004-03`, `2004-03-31` or, at midnight only, `2004-03-31T00:00:00` (or with a space).
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        if let Ok(number) = text.parse::<i64>() {
            return Ok(Period::Number(number));
        }
        let whole = |number: &f64| number.fract() == 0.0 && number.abs() < 9e15;
        if let Some(number) = text.parse::<f64>().ok().filter(whole) {
            return Ok(Period::Number(number as i64));
        }
        match text.len() {
            7 => {
                let first = format!("{text}-01").parse::<Date>().map_err(|_| NotAPeriod)?;
                Ok(Period::Month { year: first.year(), month: first.month() })
            }
            10 => text.parse::<Date>().map(Period::Day).map_err(|_| NotAPeriod),
            _ => match text.split_at_checked(10) {
                Some((day, time)) if is_midnight(time) => {
                    day.parse::<Date>().map(Period::Day).map_err(|_| NotAPeriod)
                }
                _ => Err(NotAPeriod),
            },
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Number(number) => write!(f, "{number}"),
            Period::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Period::Day(date) => write!(f, "{date}"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Number => "whole numbers",
            Kind::Month => "year-months",
            Kind::Day => "dates",
        })
    }
}

/// How exposure, the time since the start, is counted on a panel's time axis.
///
/// Whole numbers count by their difference and year-months by months, so that a gap stays a gap. Whole numbers that all
/// end in 01 to 12, and go from a 12 on to the next hundred's 01 (202012, 202101), are year and month in one: months. Whole
/// numbers of eight digits that are all dates in one (20200131), of more than one month, are dates. Dates that all
/// fall on one day of the month, or all on its last, count by months, others by days; in both cases in steps of the
/// smallest observed step when every step is a multiple of it (weekly dates count weeks).
///
/// A start between two steps counts downwards: the first period on or after it has exposure 0 or more, the last
/// before it -1 or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Difference of the numbers.
    Numbers,
    /// Steps of so many months; also of whole numbers that are year and month in one.
    Months {
        /// Months in one step.
        step: i64,
        /// Whether month ends count as the same day.
        end: MonthEnd,
    },
    /// Steps of so many days.
    Days {
        /// Days in one step.
        step: i64,
    },
}

/// Whether the last day of any month counts as its thirty-first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthEnd {
    /// All the panel's dates are month ends.
    IsDay31,
    /// A day is a day.
    IsItself,
}

impl Calendar {
    /// The calendar of ascending `periods` without repeats, all of one kind.
    pub fn of(periods: &[Period]) -> Self {
        let dates: Vec<Date> = periods.iter().filter_map(|period| period.date()).collect();
        match periods.first().map(|period| period.kind()) {
            Some(Kind::Number) if are_year_months(periods) => {
                Calendar::Months { step: 1, end: MonthEnd::IsItself }
            }
            Some(Kind::Number) if !are_dates(periods) => Calendar::Numbers,
            None => Calendar::Numbers,
            Some(Kind::Month) => Calendar::Months { step: 1, end: MonthEnd::IsItself },
            Some(_) if dates.iter().all(|date| *date == date.last_of_month()) => {
                let end = MonthEnd::IsDay31;
                Calendar::Months { step: common_step(periods, |period| period.months(end).0), end }
            }
            Some(_) if dates.iter().all(|date| date.day() == dates[0].day()) => {
                let end = MonthEnd::IsItself;
                Calendar::Months { step: common_step(periods, |period| period.months(end).0), end }
            }
            Some(_) => Calendar::Days { step: common_step(periods, Period::days) },
        }
    }

    /// Steps from `start` to `at`, counted downwards: negative before the start.
    pub fn exposure(self, at: Period, start: Period) -> i64 {
        match self {
            Calendar::Numbers => at.number() - start.number(),
            Calendar::Days { step } => (at.days() - start.days()).div_euclid(step),
            Calendar::Months { step, end } => {
                let ((month, day), (start_month, start_day)) = (at.months(end), start.months(end));
                (month - start_month - i64::from(start_day > day)).div_euclid(step)
            }
        }
    }
}

impl fmt::Display for Calendar {
    /// What one step of exposure is: "1 month", "7 days".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, word) = match self {
            Calendar::Numbers => (1, "period"),
            Calendar::Months { step, .. } => (*step, "month"),
            Calendar::Days { step } => (*step, "day"),
        };
        write!(f, "{n} {word}{}", if n == 1 { "" } else { "s" })
    }
}

impl Period {
    /// The date that this is, or that a number of eight digits is in one.
    fn date(self) -> Option<Date> {
        match self {
            Period::Day(date) => Some(date),
            Period::Number(number) => {
                let (year, month, day) = (number.div_euclid(10_000), number / 100 % 100, number % 100);
                let year = i16::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
                Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
            }
            Period::Month { .. } => None,
        }
    }

    /// As it was written, if it is a number.
    fn number(self) -> i64 {
        match self {
            Period::Number(number) => number,
            Period::Month { .. } | Period::Day(_) => 0,
        }
    }
}

/// Whether whole numbers are dates in one, of more than one month: within a month they count alike either way.
fn are_dates(periods: &[Period]) -> bool {
    let mut months = periods.iter().map(|period| period.date().map(|date| (date.year(), date.month())));
    let Some(Some(first)) = months.next() else { return false };
    let mut others = false;
    months.all(|month| {
        others |= month != Some(first);
        month.is_some()
    }) && others
}

/// Whether ascending whole numbers are year and month in one: all of six digits that end in 01 to 12, with some year's
/// December followed by the next January. Numbers that merely count would go from 12 on to 13.
fn are_year_months(periods: &[Period]) -> bool {
    let number = |period: &Period| period.number();
    let is_month = |n: i64| (100_001..=999_912).contains(&n) && (1..=12).contains(&n.rem_euclid(100));
    let turns = |pair: &[Period]| number(&pair[0]) % 100 == 12 && number(&pair[1]) - number(&pair[0]) == 89;
    periods.iter().all(|period| is_month(number(period))) && periods.windows(2).any(turns)
}

/// Whether what follows a date says no more than that its day begins.
fn is_midnight(time: &str) -> bool {
    let clock = time.strip_prefix(['T', ' ']).map(|clock| clock.strip_suffix('Z').unwrap_or(clock));
    clock.is_some_and(|clock| match clock.split_once('.') {
        Some(("00:00:00", parts)) => !parts.is_empty() && parts.bytes().all(|digit| digit == b'0'),
        Some(_) => false,
        None => clock == "00:00" || clock == "00:00:00",
    })
}

/// The smallest step between neighbours when all are multiples of it, else 1.
fn common_step(periods: &[Period], position: impl Fn(Period) -> i64) -> i64 {
    let steps = || periods.windows(2).map(|pair| position(pair[1]) - position(pair[0]));
    let smallest = steps().min().unwrap_or(1).max(1);
    if steps().all(|step| step % smallest == 0) { smallest } else { 1 }
}
