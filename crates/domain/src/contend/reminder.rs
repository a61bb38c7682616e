//! Reminders: somebody asks to be told when a wave opens, and before it closes.
//!
//! It sends nothing: it says when there is something to tell, and pages tell it.

use crate::refusal::Refusal;
use crate::time::Moment;

#[cfg(test)]
mod tests;

/// How many days before closing a reminder speaks.
pub const N_DAYS_BEFORE: i64 = 2;

/// What a reminder tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Applications have opened since it was asked for.
    Opened,
    /// They close soon.
    ClosesSoon,
}

/// Why there is nothing to be reminded of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReminderRefused {
    /// Too late.
    #[error("applications closed on {}; ask to be reminded of the next wave", closed.told())]
    Closed {
        /// When they closed.
        closed: Moment,
    },
}

impl Refusal for ReminderRefused {}

/// Whether one may ask at `at` to be reminded of a wave whose applications close at `closes`.
pub fn ask(closes: Moment, at: Moment) -> Result<(), ReminderRefused> {
    if at < closes { Ok(()) } else { Err(ReminderRefused::Closed { closed: closes }) }
}

/// What a reminder asked for at `asked` tells at `now`; `None` while there is nothing to tell.
pub fn due(asked: Moment, opens: Moment, closes: Moment, now: Moment) -> Option<Due> {
    if now < opens || now >= closes {
        return None;
    }
    if closes.after_days(-N_DAYS_BEFORE) <= now {
        return Some(Due::ClosesSoon);
    }
    (asked < opens).then_some(Due::Opened)
}
