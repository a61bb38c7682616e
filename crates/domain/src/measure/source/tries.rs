//! When a source is asked by itself: at each of its moments once, and again where only the surroundings failed.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::measure::source::schedule::Schedule;
use crate::time::Moment;

/// How long is waited after each try that the surroundings let fail; after the last of them the next moment is waited for.
const WAITS: [SignedDuration; 3] =
    [SignedDuration::from_mins(5), SignedDuration::from_mins(15), SignedDuration::from_mins(60)];

/// A try of which nothing was heard for so long has ended with the server that made it.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Whether a try that was begun then, and of which nothing was heard, has ended with its server.
pub fn is_lost(started_at: Moment, now: Moment) -> bool {
    now >= started_at.after(LOST_AFTER)
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What came was taken, or changed nothing.
    Taken,
    /// It cannot be taken until somebody does something about it.
    Refused,
    /// Nothing came: another time it may.
    NothingCame,
}

/// A try that was made for a moment of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// The moment it was made for.
    pub due_at: Moment,
    /// Its number: 1 for the first.
    pub n: i64,
    /// When it was begun.
    pub started_at: Moment,
    /// How and when it ended; `None`: it is under way, or was lost.
    pub ended: Option<(Ended, Moment)>,
}

/// A try that is to be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The moment it is made for.
    pub due_at: Moment,
    /// Its number.
    pub n: i64,
}

/// The try that is to be made at `now`, if any. Of several moments that went by, only the last is made up for.
///
/// - `since`: from when on the schedule holds.
/// - `last`: the last try that was made by the schedule.
pub fn due(
    schedule: &Schedule,
    zone: &TimeZone,
    since: Moment,
    last: Option<&Try>,
    now: Moment,
) -> Option<Due> {
    let due_at = schedule.last(now, zone).filter(|due_at| *due_at > since)?;
    let Some(last) = last.filter(|last| last.due_at >= due_at) else { return Some(Due { due_at, n: 1 }) };
    let again_at = match last.ended {
        Some((Ended::Taken | Ended::Refused, _)) => return None,
        Some((Ended::NothingCame, at)) => {
            let wait = usize::try_from(last.n - 1).ok().and_then(|n| WAITS.get(n))?;
            at.after(*wait)
        }
        None if last.n > WAITS.len() as i64 => return None,
        None => last.started_at.after(LOST_AFTER),
    };
    (now >= again_at).then_some(Due { due_at: last.due_at, n: last.n + 1 })
}
