//! The board: what a reader of results can do next, which is to contend for the next slot.
//!
//! It does not know who applied: only how many did.

use crate::offer::wave::{WavePhase, phase};
use crate::time::Moment;

/// The next contest of a change, as its readers meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contest {
    /// How many slots there are.
    pub n_slots: u32,
    /// How many units contend for them so far.
    pub n_contenders: u32,
    /// When applications open.
    pub opens: Moment,
    /// When they close.
    pub closes: Moment,
}

/// What can be done about a contest now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doable {
    /// Applications open then.
    Wait {
        /// When.
        opens: Moment,
    },
    /// Apply until then.
    Apply {
        /// When applications close.
        closes: Moment,
    },
    /// It is over.
    Nothing,
}

impl Contest {
    /// What can be done about it at `now`.
    pub fn doable(&self, now: Moment) -> Doable {
        match phase(self.opens, self.closes, now) {
            WavePhase::Announced => Doable::Wait { opens: self.opens },
            WavePhase::Open => Doable::Apply { closes: self.closes },
            WavePhase::Closed | WavePhase::Cancelled => Doable::Nothing,
        }
    }

    /// "11 units contend for 4 slots, 2.8 a slot".
    pub fn in_words(&self) -> String {
        let slots = if self.n_slots == 1 { "1 slot".to_owned() } else { format!("{} slots", self.n_slots) };
        match self.n_contenders {
            0 => format!("{slots}, and nobody contends yet"),
            1 => format!("1 unit contends for {slots}"),
            n => {
                let each = f64::from(n) / f64::from(self.n_slots.max(1));
                format!("{n} units contend for {slots}, {each:.1} a slot")
            }
        }
    }
}

/// The contest to point readers to: of those that are not over, the one that closes first.
pub fn next<T>(contests: Vec<(Contest, T)>, now: Moment) -> Option<(Contest, T)> {
    contests
        .into_iter()
        .filter(|(contest, _)| contest.doable(now) != Doable::Nothing)
        .min_by_key(|(contest, _)| contest.closes)
}
