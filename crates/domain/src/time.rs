//! Moments: the instants at which facts happen, to the millisecond, in UTC.
//!
//! It does not read a clock, and it does not know the reader's time zone: pages do.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refusal;

/// An instant in UTC, whole milliseconds since 1970-01-01T00:00:00Z; always within the calendar's years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// A text that is not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a moment; write it like 2026-11-22T09:30:00Z")]
pub struct MomentRefused {
    /// What was written.
    pub text: String,
}

impl Refusal for MomentRefused {}

impl Moment {
    /// The moment `milliseconds` after 1970-01-01T00:00:00Z; `None` when outside the years -9999 to 9999.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Moment> {
        Timestamp::from_millisecond(milliseconds).ok().map(|_| Moment(milliseconds))
    }

    /// A timestamp, cut to whole milliseconds.
    pub fn from_timestamp(timestamp: Timestamp) -> Moment {
        Moment(timestamp.as_millisecond())
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn milliseconds(self) -> i64 {
        self.0
    }

    /// The same instant for calendar arithmetic.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }

    /// The moment `span` later; the last representable moment where that would be beyond the calendar.
    pub fn after(self, span: SignedDuration) -> Moment {
        Moment::from_timestamp(self.timestamp().checked_add(span).unwrap_or(Timestamp::MAX))
    }

    /// The moment `days` times 24 hours later (earlier when negative).
    pub fn after_days(self, days: i64) -> Moment {
        self.after(SignedDuration::from_hours(days * 24))
    }

    /// How long after `earlier` this is; negative when it is before.
    pub fn since(self, earlier: Moment) -> SignedDuration {
        SignedDuration::from_millis(self.0 - earlier.0)
    }

    /// Days (of 24 hours, with fractions) after `earlier`.
    pub fn days_since(self, earlier: Moment) -> f64 {
        self.since(earlier).as_secs_f64() / 86_400.0
    }

    /// As a sentence tells it: 30 November 2026, 17:00 UTC.
    pub fn told(self) -> String {
        self.timestamp().strftime("%-d %B %Y, %H:%M UTC").to_string()
    }

    /// The UTC date, as in 2026-11-22.
    pub fn date(self) -> jiff::civil::Date {
        self.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC, with milliseconds only where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl FromStr for Moment {
    type Err = MomentRefused;

    fn from_str(text: &str) -> Result<Moment, MomentRefused> {
        text.trim()
            .parse::<Timestamp>()
            .map(Moment::from_timestamp)
            .map_err(|_| MomentRefused { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_what_it_writes() {
        for text in ["2026-11-22T09:30:00Z", "2026-11-22T09:30:00.125Z"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert_eq!(
            "2026-11-22T10:30:00+01:00".parse::<Moment>().unwrap().to_string(),
            "2026-11-22T09:30:00Z"
        );
    }

    #[test]
    fn a_sentence_tells_a_moment_as_people_write_it() {
        let late: Moment = "2026-12-06T23:05:59.125Z".parse().unwrap();
        assert_eq!(late.told(), "6 December 2026, 23:05 UTC");
    }

    #[test]
    fn a_moment_is_cut_to_whole_milliseconds() {
        let fine: Moment = "2026-11-22T09:30:00.1259Z".parse().unwrap();
        assert_eq!(fine.to_string(), "2026-11-22T09:30:00.125Z");
    }

    #[test]
    fn what_is_no_moment_is_refused_with_an_example() {
        assert_eq!(
            "tomorrow".parse::<Moment>().unwrap_err().to_string(),
            "`tomorrow` is not a moment; write it like 2026-11-22T09:30:00Z"
        );
    }
}
