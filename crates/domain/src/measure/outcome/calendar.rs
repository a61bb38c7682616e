//! Calendars: by day, week, month or year. What a period of each is called, which comes next, and when it is over.
//!
//! It sets none: a metric without a calendar takes any one kind of period.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use traction_stats::panel::Period;

use crate::measure::outcome::written::{DATE, week, without_zone};
use crate::measure::panel;
use crate::refusal::Refusal;
use crate::time::Moment;

/// How often a metric is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Each day, named by its date.
    Day,
    /// Each week, named by the date of its Monday.
    Week,
    /// Each month, named like 2026-03.
    Month,
    /// Each year, named like 2026.
    Year,
}

/// A word that names no calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a calendar; write day, week, month or year")]
pub struct CalendarRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for CalendarRefused {
    fn field(&self) -> Option<&'static str> {
        Some("calendar")
    }
}

/// Why a text is no period of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodRefused {
    /// It is no period at all.
    #[error("`{written}` cannot be read; {wanted}")]
    NoPeriod {
        /// What was written.
        written: String,
        /// What would be right.
        wanted: &'static str,
    },
    /// It is a moment within a day.
    #[error("`{written}` is a moment, not a day; write it as a date, in SQL `day::date`")]
    Moment {
        /// What was written.
        written: String,
    },
    /// It is a day or a month as one number.
    #[error("`{written}` may be {meant} as one number; write {meant}, or count periods from 1")]
    InOne {
        /// What was written.
        written: String,
        /// What it seems to be.
        meant: Period,
    },
    /// It is a period of another calendar.
    #[error("`{written}` is {found}, and this metric is kept by {calendar}; write {right}")]
    OfAnother {
        /// What was written.
        written: String,
        /// What it is, as in "a Wednesday".
        found: String,
        /// The metric's calendar.
        calendar: Calendar,
        /// What would be right, with an example.
        right: String,
    },
}

impl Calendar {
    /// All of them, the finest first.
    pub const ALL: [Calendar; 4] = [Calendar::Day, Calendar::Week, Calendar::Month, Calendar::Year];

    /// The period that a text names. A week may be written as its number (2026-W10), a month as its first day, a year
    /// as its first day.
    pub fn read(self, written: &str) -> Result<Period, PeriodRefused> {
        let period = read(written).map_err(|refused| match refused {
            PeriodRefused::NoPeriod { written, .. } => {
                PeriodRefused::NoPeriod { written, wanted: self.wanted() }
            }
            refused => refused,
        })?;
        let of_another = |found: String, right: String| PeriodRefused::OfAnother {
            written: written.to_owned(),
            found,
            calendar: self,
            right,
        };
        if self != Calendar::Week && week(without_zone(written.trim())).is_some() {
            return Err(of_another("a week".into(), self.each().into()));
        }
        let period = match (self, period) {
            (Calendar::Month, Period::Day(day)) if day.day() == 1 => {
                Period::Month { year: day.year(), month: day.month() }
            }
            (Calendar::Year, Period::Day(day)) if day.day_of_year() == 1 => {
                Period::Number(i64::from(day.year()))
            }
            (_, period) => period,
        };
        if self.has(period) {
            return Ok(period);
        }
        Err(of_another(found(self, period), self.right(period)))
    }

    /// Whether a period is one of this calendar's.
    pub fn has(self, period: Period) -> bool {
        match (self, period) {
            (Calendar::Day, Period::Day(_)) | (Calendar::Month, Period::Month { .. }) => true,
            (Calendar::Week, Period::Day(day)) => day.weekday() == Weekday::Monday,
            (Calendar::Year, Period::Number(year)) => (1..=9999).contains(&year),
            _ => false,
        }
    }

    /// The calendar that all of the periods seem to follow; `None` where they tell of none, or there are none.
    pub fn guessed(periods: impl Iterator<Item = Period> + Clone) -> Option<Calendar> {
        periods.clone().next()?;
        let all = |calendar: Calendar| periods.clone().all(|period| calendar.has(period));
        // Numbers may be anything; years are those that people live in.
        let lived = |period: Period| matches!(period, Period::Number(1900..=2199));
        match () {
            () if all(Calendar::Month) => Some(Calendar::Month),
            () if all(Calendar::Week) => Some(Calendar::Week),
            () if all(Calendar::Day) => Some(Calendar::Day),
            () if periods.clone().all(lived) => Some(Calendar::Year),
            () => None,
        }
    }

    /// The period after this one; `None` at the end of the calendar, and for periods of another.
    pub fn next(self, period: Period) -> Option<Period> {
        match (self, period) {
            (Calendar::Day, Period::Day(day)) => day.tomorrow().ok().map(Period::Day),
            (Calendar::Week, Period::Day(day)) => day.checked_add(7.days()).ok().map(Period::Day),
            (Calendar::Month, Period::Month { year, month: 12 }) => {
                Some(Period::Month { year: year.checked_add(1)?, month: 1 })
            }
            (Calendar::Month, Period::Month { year, month }) => {
                Some(Period::Month { year, month: month + 1 })
            }
            (Calendar::Year, Period::Number(year)) => Some(Period::Number(year.checked_add(1)?)),
            _ => None,
        }
    }

    /// Every period from `first` to `last`, both included; at most `limit` of them, the latest.
    pub fn span(self, first: Period, last: Period, limit: usize) -> Vec<Period> {
        let mut span = std::collections::VecDeque::new();
        let mut period = Some(first);
        while let Some(at) = period.filter(|at| *at <= last) {
            span.push_back(at);
            if span.len() > limit {
                span.pop_front();
            }
            period = self.next(at);
        }
        span.into()
    }

    /// When a period is over, in UTC.
    pub fn ends(self, period: Period) -> Option<Moment> {
        panel::begins(self.next(period)?)
    }

    /// How many days the longest of its periods has.
    pub fn days(self) -> i64 {
        match self {
            Calendar::Day => 1,
            Calendar::Week => 7,
            Calendar::Month => 31,
            Calendar::Year => 366,
        }
    }

    /// A period as people say it: "week 10 of 2026".
    pub fn told(self, period: Period) -> String {
        match (self, period) {
            (Calendar::Week, Period::Day(monday)) => {
                let week = monday.iso_week_date();
                format!("week {} of {}", week.week(), week.year())
            }
            (_, period) => period.to_string(),
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Calendar::Day => "give a date, like 2026-03-31",
            Calendar::Week => "give a week by its Monday, like 2026-03-02, or by its number, like 2026-W10",
            Calendar::Month => "give a month, like 2026-03",
            Calendar::Year => "give a year, like 2026",
        }
    }

    /// What to write instead of `period`.
    fn right(self, period: Period) -> String {
        match (self, period) {
            (Calendar::Week, Period::Day(day)) => {
                let monday = day.nth_weekday(-1, Weekday::Monday).unwrap_or(day);
                let week = monday.iso_week_date();
                format!("{monday}, the Monday of its week, or {}-W{:02}", week.year(), week.week())
            }
            (Calendar::Month, Period::Day(day)) => format!("{:04}-{:02}", day.year(), day.month()),
            (Calendar::Year, Period::Day(day)) => day.year().to_string(),
            (Calendar::Year, Period::Month { year, .. }) => year.to_string(),
            _ => self.each().into(),
        }
    }

    fn each(self) -> &'static str {
        match self {
            Calendar::Day => "each date, like 2026-03-31",
            Calendar::Week => "each week's Monday, like 2026-03-02, or its number, like 2026-W10",
            Calendar::Month => "each month, like 2026-03",
            Calendar::Year => "each year, like 2026",
        }
    }
}

/// What a period is that a calendar does not have.
fn found(calendar: Calendar, period: Period) -> String {
    match (calendar, period) {
        (Calendar::Week, Period::Day(day)) => format!("a {}", weekday(day)),
        (_, Period::Day(_)) => "a day".into(),
        (_, Period::Month { .. }) => "a month".into(),
        (_, Period::Number(1..=9999)) => "a year".into(),
        (_, Period::Number(_)) => "a number".into(),
    }
}

fn weekday(day: Date) -> String {
    day.strftime("%A").to_string()
}

/// The period that a text names, of any calendar: a year, a month, a date, or a week by its number (2026-W10). Midnight of
/// a day, in whatever zone, is that day.
pub fn read(written: &str) -> Result<Period, PeriodRefused> {
    let written = written.trim();
    let local = without_zone(written);
    week(local).or_else(|| local.parse().ok()).ok_or_else(|| {
        let written = written.to_owned();
        if local.len() > DATE && local.parse::<DateTime>().is_ok() {
            return PeriodRefused::Moment { written };
        }
        PeriodRefused::NoPeriod { written, wanted: traction_stats::panel::NotAPeriod::WANTED }
    })
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Calendar::Day => "day",
            Calendar::Week => "week",
            Calendar::Month => "month",
            Calendar::Year => "year",
        })
    }
}

impl FromStr for Calendar {
    type Err = CalendarRefused;

    fn from_str(word: &str) -> Result<Calendar, CalendarRefused> {
        let of_word = |calendar: &Calendar| calendar.to_string() == word;
        Calendar::ALL.into_iter().find(of_word).ok_or_else(|| CalendarRefused { word: word.to_owned() })
    }
}
