//! Waves: one round of slots, with the times between which units contend for them.
//!
//! How the choice is made belongs to `contend`.

use jiff::SignedDuration;

use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// A wave as it is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaveAnnounced {
    /// How many slots there are.
    pub n_slots: u32,
    /// From when units can apply.
    pub opens_at: Moment,
    /// Until when.
    pub closes_at: Moment,
    /// When the slots start.
    pub starts_at: Moment,
    /// When they end; `None`: until handed over or ended by hand.
    pub ends_at: Option<Moment>,
    /// What a unit is asked to pledge.
    pub pledge: String,
}

/// The most slots a wave can offer.
const MOST_SLOTS: u32 = 10_000;

/// How long somebody may take to fill in the form of a wave that opens at once.
const WRITING: SignedDuration = SignedDuration::from_hours(1);

/// The times of a wave, as they are wished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaveTimes {
    /// From when units can apply.
    pub opens_at: Moment,
    /// Until when.
    pub closes_at: Moment,
    /// When the slots start.
    pub starts_at: Moment,
    /// When they end.
    pub ends_at: Option<Moment>,
}

/// Why a wave was not announced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaveRefused {
    /// The pledge is too long or missing.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Nothing to contend for.
    #[error("a wave needs at least one slot; say how many there are")]
    NoSlots,
    /// More than any organisation has units.
    #[error("{n_slots} slots are more than any wave can fill; offer {MOST_SLOTS} at most")]
    TooManySlots {
        /// How many were wished.
        n_slots: u32,
    },
    /// Opening before anybody could know of it.
    #[error(
        "applications would have opened on {}, before the wave is announced; choose an opening from now on",
        opens.told()
    )]
    OpensTooEarly {
        /// When it would have opened.
        opens: Moment,
    },
    /// Closing before opening, or in the past.
    #[error(
        "applications would close on {} before anybody could apply; choose a closing time after the opening and after now",
        closes.told()
    )]
    ClosesTooEarly {
        /// When it would close.
        closes: Moment,
    },
    /// Starting before it is known who gets one.
    #[error(
        "the slots would start on {}, before applications close on {}; choose a start at or after the closing",
        starts.told(),
        closes.told()
    )]
    StartsTooEarly {
        /// When slots would start.
        starts: Moment,
        /// When applications close.
        closes: Moment,
    },
    /// Ending before starting.
    #[error("the slots would end on {}, before they start; choose a later end, or leave it empty", ends.told())]
    EndsTooEarly {
        /// When slots would end.
        ends: Moment,
    },
    /// No prediction yet.
    #[error(
        "lock the prediction of this change first; a prediction made once units have the solution would not be one"
    )]
    PredictionOpen,
}

impl Refusal for WaveRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            WaveRefused::Text(text) => text.field(),
            WaveRefused::NoSlots | WaveRefused::TooManySlots { .. } => Some("n_slots"),
            WaveRefused::OpensTooEarly { .. } => Some("opens_at"),
            WaveRefused::ClosesTooEarly { .. } => Some("closes_at"),
            WaveRefused::StartsTooEarly { .. } => Some("starts_at"),
            WaveRefused::EndsTooEarly { .. } => Some("ends_at"),
            WaveRefused::PredictionOpen => None,
        }
    }
}

/// Whether the change has a locked prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prediction {
    /// It has.
    Locked,
    /// It has not.
    Open,
}

/// The wave, when its times follow each other and the prediction is locked. One that should have opened while its form
/// was filled in opens now.
pub fn announce(
    n_slots: u32,
    times: WaveTimes,
    pledge: &str,
    prediction: Prediction,
    now: Moment,
) -> Result<WaveAnnounced, WaveRefused> {
    let WaveTimes { opens_at, closes_at, starts_at, ends_at } = times;
    if prediction == Prediction::Open {
        return Err(WaveRefused::PredictionOpen);
    }
    if n_slots == 0 {
        return Err(WaveRefused::NoSlots);
    }
    if n_slots > MOST_SLOTS {
        return Err(WaveRefused::TooManySlots { n_slots });
    }
    if opens_at < now.after(-WRITING) {
        return Err(WaveRefused::OpensTooEarly { opens: opens_at });
    }
    // The secret of the draw is committed to at the announcement, so nothing opens before it.
    let opens_at = opens_at.max(now);
    if closes_at <= opens_at {
        return Err(WaveRefused::ClosesTooEarly { closes: closes_at });
    }
    if starts_at < closes_at {
        return Err(WaveRefused::StartsTooEarly { starts: starts_at, closes: closes_at });
    }
    if let Some(ends) = ends_at.filter(|ends| *ends <= starts_at) {
        return Err(WaveRefused::EndsTooEarly { ends });
    }
    let pledge = refusal::text(pledge, "pledge", "what a unit pledges", 400)?;
    Ok(WaveAnnounced { n_slots, opens_at, closes_at, starts_at, ends_at, pledge })
}

/// Why a wave was not cancelled, or what was wished of one that is cancelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelRefused {
    /// Whoever applied wants to know.
    #[error("say why the wave is cancelled: all who applied read it")]
    NoReason,
    /// Units have their slots, or wait for one.
    #[error("this wave was drawn, and what was drawn stays; a slot can be ended by itself, with a reason")]
    Drawn,
    /// It is over.
    #[error("this wave is cancelled (“{why}”); contend in another one")]
    Cancelled {
        /// The reason given.
        why: String,
    },
}

impl Refusal for CancelRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            CancelRefused::NoReason => Some("why"),
            CancelRefused::Drawn | CancelRefused::Cancelled { .. } => None,
        }
    }
}

/// Where a wave stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WavePhase {
    /// Announced; applications are not open yet.
    Announced,
    /// Units can apply.
    Open,
    /// Applications are closed.
    Closed,
    /// It was cancelled, and takes no part in anything any more.
    Cancelled,
}

/// The phase at `now` of a wave that was not cancelled: open from the opening, closed from the closing.
pub fn phase(opens_at: Moment, closes_at: Moment, now: Moment) -> WavePhase {
    if now < opens_at {
        WavePhase::Announced
    } else if now < closes_at {
        WavePhase::Open
    } else {
        WavePhase::Closed
    }
}
