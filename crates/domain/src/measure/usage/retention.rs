//! How long the events of a source are kept one by one.
//!
//! It drops nothing. What is older than that stays by person and day, so that nothing that was told changes.

use std::fmt;

use super::N_DAYS_LATE;
use crate::refusal::Refusal;
use crate::time::Moment;

/// The shortest time in days. An event that is sent again after it is dropped must be too old to count: N_DAYS_LATE;
/// and what comes late to a week is counted up to four weeks after, with the event at hand.
pub const N_DAYS_LEAST: u32 = N_DAYS_LATE as u32 + 40;

/// How long events are kept one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageRetention {
    /// For ever.
    Forever,
    /// So many days, at least [`N_DAYS_LEAST`].
    Days(u32),
}

/// Why a retention was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{n_days} days are too few: what a client sends again within half a year must be known still; say {N_DAYS_LEAST} at least"
)]
pub struct TooShort {
    /// What was asked for.
    pub n_days: u32,
}

impl Refusal for TooShort {
    fn field(&self) -> Option<&'static str> {
        Some("days")
    }
}

impl UsageRetention {
    /// So many days, when they are enough.
    pub fn days(n_days: u32) -> Result<UsageRetention, TooShort> {
        if n_days < N_DAYS_LEAST { Err(TooShort { n_days }) } else { Ok(UsageRetention::Days(n_days)) }
    }

    /// The beginning of the first day (UTC) of which everything is kept; `None` where all is.
    pub fn kept_from(self, now: Moment) -> Option<Moment> {
        match self {
            UsageRetention::Forever => None,
            UsageRetention::Days(n_days) => {
                let at = now.after_days(-i64::from(n_days)).milliseconds();
                Moment::from_milliseconds(at.div_euclid(86_400_000) * 86_400_000)
            }
        }
    }
}

impl fmt::Display for UsageRetention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UsageRetention::Forever => f.write_str("for ever"),
            UsageRetention::Days(n_days) => write!(f, "{n_days} days"),
        }
    }
}
