//! When a slot lapses: nobody of its unit used the solution for as many days as was said before the wave opened.
//!
//! It counts no use itself: moments of use arrive as arguments. About a unit of fewer than five people nothing follows
//! from use, since everybody could tell from it what one person did.

use super::{Slot, State};
use crate::refusal::Refusal;
use crate::time::Moment;

/// The fewest people of a unit from whose use something may follow.
const FEWEST: usize = 5;

/// After how many days without use a slot lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LapseRule {
    days: u32,
}

/// Why a rule cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LapseRefused {
    /// Shorter than people need to begin, or longer than anybody waits.
    #[error("{days} days cannot be the rule; say between 7 and 365, so that a unit has time to begin")]
    Days {
        /// What was wished.
        days: u32,
    },
    /// It is so already.
    #[error("this is the rule already")]
    AlreadySo,
}

impl Refusal for LapseRefused {
    fn field(&self) -> Option<&'static str> {
        Some("days")
    }
}

/// What is known of the use of a change when a slot is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// When somebody of the unit used it last.
    pub by_unit: Option<Moment>,
    /// When anybody of any unit did: without news of use at all, nobody can tell what is not used.
    pub by_anybody: Option<Moment>,
    /// Since when the change was not paused as a whole.
    pub runs_since: Option<Moment>,
    /// How many people belong to the unit.
    pub n_members: usize,
}

impl LapseRule {
    /// A rule of so many days.
    ///
    /// # Errors
    /// [`LapseRefused::Days`] outside 7 to 365.
    pub fn after_days(days: u32) -> Result<LapseRule, LapseRefused> {
        if (7..=365).contains(&days) { Ok(LapseRule { days }) } else { Err(LapseRefused::Days { days }) }
    }

    /// How many days.
    pub fn days(self) -> u32 {
        self.days
    }

    /// Whether the slot lapses at `at`.
    ///
    /// It does when it is in use, has been on for the rule's days in one stretch, and nobody of its unit used the
    /// solution in them, although others did.
    pub fn lapses(self, slot: &Slot, used: &Used, at: Moment) -> bool {
        if slot.state(at) != State::Started || used.n_members < FEWEST {
            return false;
        }
        let Some(on_since) = slot.access().last().map(|span| span.from) else { return false };
        let is_long_ago = |moment: Moment| moment.after_days(i64::from(self.days)) <= at;
        let idle_since = [used.by_unit, used.runs_since].into_iter().flatten().fold(on_since, Moment::max);
        is_long_ago(idle_since) && used.by_anybody.is_some_and(|newest| !is_long_ago(newest))
    }
}
