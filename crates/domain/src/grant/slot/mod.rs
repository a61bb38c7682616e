//! Slots: a unit's right to the solution from a date, as a series of facts, and which fact may follow which.
//!
//! It chooses nobody: the draw did. It switches nothing: `access` answers from the spans a slot gives.

mod lapse;
mod line;
mod taker;
#[cfg(test)]
mod tests;
mod turn;
mod words;

pub use lapse::{LapseRefused, LapseRule, Used};
pub use line::{Held, Line, Takes, Waiting, next_in_line, room};
pub use taker::Taker;
pub use turn::{Full, Turn};
pub use words::WordRefused;

use crate::refusal::Refusal;
use crate::time::Moment;

/// A stretch of time, from `from` on until just before `until`; without end where that is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first moment in it.
    pub from: Moment,
    /// The first moment no longer in it.
    pub until: Option<Moment>,
}

impl Span {
    /// Whether `at` is in it.
    pub fn holds(&self, at: Moment) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    fn is_empty(&self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }
}

/// What can happen to a granted slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Use is interrupted.
    Paused,
    /// Use goes on.
    Resumed,
    /// The unit does not want it.
    GivenBack,
    /// It was not used, and goes back to the pool.
    Lapsed,
    /// It is over.
    Ended,
    /// The unit keeps the solution, with an owner of its own: no longer a slot of the wave, and without an end.
    HandedOver,
}

/// Who wanted a slot: what the share of switch-ons that were asked for is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The unit applied.
    Pull,
    /// It was told to: a place given past the draw, a mandate.
    Push,
    /// Not on record, as in an imported roll-out.
    Unknown,
}

/// Where a slot stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Granted; its start is still ahead.
    Granted,
    /// In use.
    Started,
    /// Interrupted.
    Paused,
    /// The unit gave it back.
    GivenBack,
    /// Not used, and back in the pool.
    Lapsed,
    /// Over, by a decision or because its time is up.
    Ended,
    /// The unit's own.
    HandedOver,
}

impl State {
    /// Whether the slot takes one of the places of its wave.
    pub fn is_live(self) -> bool {
        matches!(self, State::Granted | State::Started | State::Paused)
    }

    /// Whether the unit has the solution, or will: the slot is live, or the unit's own since it was handed over.
    pub fn is_held(self) -> bool {
        self.is_live() || self == State::HandedOver
    }
}

/// Why a step was not taken, or a slot not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotRefused {
    /// This cannot follow on that.
    #[error("the slot is {state}, so it cannot be {step}; {way_out}")]
    NotNow {
        /// What was wanted.
        step: Step,
        /// Where the slot stands.
        state: State,
        /// What can be done instead.
        way_out: &'static str,
    },
    /// Facts come in the order of time.
    #[error("the slot has a later fact, from {}; nothing can be put before it", last.told())]
    BeforeTheLast {
        /// When the last fact was.
        last: Moment,
    },
    /// It would end before it starts.
    #[error("a slot that starts on {} cannot end on {}; give it an end after its start, or none", starts.told(), until.told())]
    NoTime {
        /// When it would start.
        starts: Moment,
        /// When it would end.
        until: Moment,
    },
    /// A slot is not taken from a unit without a word.
    #[error(
        "say why its unit is to have this slot no longer: its people and all who contended read it, with your name"
    )]
    NoReason,
    /// All are taken.
    #[error(
        "{} taken; wait until one is given back, or offer more in a later wave", all(*capacity)
    )]
    Full {
        /// How many there are.
        capacity: u32,
    },
}

/// "the one slot of the wave is", "all 4 slots of the wave are".
fn all(slots: u32) -> String {
    if slots == 1 {
        "the one slot of the wave is".into()
    } else {
        format!("all {slots} slots of the wave are")
    }
}

impl Refusal for SlotRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            SlotRefused::NoReason => Some("why"),
            _ => None,
        }
    }
}

/// A slot and all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    granted: Moment,
    time: Span,
    steps: Vec<(Step, Moment)>,
}

impl Slot {
    /// A slot granted at `granted`, for the time `time`; its end is `None` where only a decision ends it.
    pub fn granted(granted: Moment, time: Span) -> Result<Slot, SlotRefused> {
        match time.until {
            Some(until) if time.is_empty() => Err(SlotRefused::NoTime { starts: time.from, until }),
            _ => Ok(Slot { granted, time, steps: Vec::new() }),
        }
    }

    /// The slot after the steps on record, each with its moment, in their order; refused where one could not have
    /// been taken.
    pub fn with(self, steps: impl IntoIterator<Item = (Step, Moment)>) -> Result<Slot, SlotRefused> {
        steps.into_iter().try_fold(self, |slot, (step, at)| slot.stepped(step, at))
    }

    /// The slot after this step, if it may be taken at `at`.
    pub fn stepped(mut self, step: Step, at: Moment) -> Result<Slot, SlotRefused> {
        self.may(step, at)?;
        self.steps.push((step, at));
        Ok(self)
    }

    /// Whether the step may be taken at `at`.
    pub fn may(&self, step: Step, at: Moment) -> Result<(), SlotRefused> {
        let last = self.steps.last().map_or(self.granted, |(_, at)| *at);
        if at < last {
            return Err(SlotRefused::BeforeTheLast { last });
        }
        let state = self.state(at);
        match way_out(state, step) {
            Some(way_out) => Err(SlotRefused::NotNow { step, state, way_out }),
            None => Ok(()),
        }
    }

    /// Where the slot stands at `at`, by the facts up to then and the time.
    pub fn state(&self, at: Moment) -> State {
        let last = self.steps.iter().rev().find(|(_, when)| *when <= at).map(|(step, _)| *step);
        let is_over = self.time.until.is_some_and(|until| until <= at);
        match last {
            Some(Step::GivenBack) => State::GivenBack,
            Some(Step::Lapsed) => State::Lapsed,
            Some(Step::Ended) => State::Ended,
            Some(Step::HandedOver) => State::HandedOver,
            _ if is_over => State::Ended,
            Some(Step::Paused) => State::Paused,
            _ if at < self.time.from => State::Granted,
            _ => State::Started,
        }
    }

    /// From when until when the unit holds it, a pause included; `None` where it was over before it began.
    pub fn held(&self) -> Option<Span> {
        let mut held = self.time;
        for (step, at) in &self.steps {
            match step {
                Step::HandedOver => held.until = None,
                Step::GivenBack | Step::Lapsed | Step::Ended => held.until = Some(*at),
                Step::Paused | Step::Resumed => {}
            }
        }
        Some(held).filter(|held| !held.is_empty())
    }

    /// When the unit has the solution: apart where it was paused, in the order of time, none of them empty.
    pub fn access(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut open = Some(self.time.from);
        let mut end = self.time.until;
        for (step, at) in &self.steps {
            match step {
                Step::Resumed => open = Some(*at),
                Step::HandedOver => end = None,
                Step::Paused | Step::GivenBack | Step::Lapsed | Step::Ended => {
                    spans.extend(open.take().map(|from| Span { from, until: Some(*at) }));
                }
            }
        }
        spans.extend(open.map(|from| Span { from, until: end }));
        spans.retain(|span| !span.is_empty());
        spans
    }
}

/// Why a step cannot follow on a state, as what to do instead; `None` where it can.
fn way_out(state: State, step: Step) -> Option<&'static str> {
    use State as S;
    use Step as D;
    match (state, step) {
        (S::Granted, D::GivenBack | D::Ended) => None,
        (S::Started, D::Paused | D::GivenBack | D::Lapsed | D::Ended | D::HandedOver) => None,
        (S::Paused, D::Resumed | D::GivenBack | D::Lapsed | D::Ended) => None,
        (S::HandedOver, D::Ended) => None,
        (S::Granted, _) => Some("wait for its start, or give it back"),
        (S::Started, D::Resumed) => Some("nothing needs to be done"),
        (S::Paused, D::Paused) => Some("resume it, or give it back"),
        (S::Paused, D::HandedOver) => Some("resume it first"),
        (S::HandedOver, _) => Some("it is the unit's own: only its end can follow"),
        (S::GivenBack | S::Lapsed | S::Ended, _) => Some("the unit can contend for a slot in the next wave"),
    }
}
