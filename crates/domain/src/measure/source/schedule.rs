//! When a source is asked: a cron pattern of five fields, in the installation's time zone.

use std::fmt;
use std::str::FromStr;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;

use crate::refusal::Refusal;
use crate::time::Moment;

/// So many of its moments are looked at to tell how far they are apart.
const N_LOOKED_AT: usize = 8;

/// When something is done: minute, hour, day of the month, month, day of the week.
#[derive(Clone, Debug)]
pub struct Schedule(Cron);

/// A text that is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleRefused {
    /// It cannot be read.
    #[error(
        "`{text}` is not a schedule ({why}); write minute, hour, day, month and weekday, like `0 6 * * 1` for each Monday at six, or leave it empty"
    )]
    Unreadable {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// Such a day does not come.
    #[error("`{text}` never comes; write a day that there is, like `0 6 1 * *` for the first of each month")]
    Never {
        /// What was written.
        text: String,
    },
}

impl Refusal for ScheduleRefused {
    fn field(&self) -> Option<&'static str> {
        Some("schedule")
    }
}

impl Schedule {
    /// The first of its moments after `at`.
    pub fn next(&self, at: Moment, zone: &TimeZone) -> Option<Moment> {
        let at = at.timestamp().to_zoned(zone.clone());
        self.0.find_next_occurrence(&at, false).ok().map(|next| Moment::from_timestamp(next.timestamp()))
    }

    /// The last of its moments until `at`, `at` included.
    pub fn last(&self, at: Moment, zone: &TimeZone) -> Option<Moment> {
        let at = at.timestamp().to_zoned(zone.clone());
        self.0.find_previous_occurrence(&at, true).ok().map(|last| Moment::from_timestamp(last.timestamp()))
    }

    /// The longest that its moments are apart, of those that follow `at`, in days.
    pub fn days_apart(&self, at: Moment, zone: &TimeZone) -> f64 {
        let mut longest: f64 = 0.0;
        let Some(mut before) = self.next(at, zone) else { return longest };
        for _ in 0..N_LOOKED_AT {
            let Some(next) = self.next(before, zone) else { break };
            longest = longest.max(next.days_since(before));
            before = next;
        }
        longest
    }

    /// In words: "At 06:00, on Monday".
    pub fn told(&self) -> String {
        self.0.describe().trim_end_matches('.').to_owned()
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Schedule) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl FromStr for Schedule {
    type Err = ScheduleRefused;

    fn from_str(text: &str) -> Result<Schedule, ScheduleRefused> {
        let text = text.trim();
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let unreadable = |why: String| ScheduleRefused::Unreadable { text: text.to_owned(), why };
        let cron = parser.parse(text).map_err(|error| unreadable(said(&error)))?;
        let schedule = Schedule(cron);
        // A leap day comes within eight years of any moment.
        match schedule.next(Moment::from_timestamp(jiff::Timestamp::UNIX_EPOCH), &TimeZone::UTC) {
            Some(_) => Ok(schedule),
            None => Err(ScheduleRefused::Never { text: text.to_owned() }),
        }
    }
}

/// What the reader of patterns says, without its own name for it.
fn said(error: &croner::errors::CronError) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(": ").map_or(words.as_str(), |(_, why)| why);
    words.trim_end_matches('.').replace("CronPattern", "a pattern")
}
