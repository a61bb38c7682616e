//! Readiness: a unit's appetite and aptitude, asked of its members and shown of the unit alone.
//!
//! It never sees who said what: it reads tallies (how many chose 1, 2, … 5 at an item), and gives means only where
//! enough answered and those who did agree. It does not keep answers.

mod agreement;
mod instrument;
mod lint;
mod raw;
#[cfg(test)]
mod tests;

use crate::refusal::Refusal;
use crate::time::Moment;

pub use agreement::within_group_agreement;
pub use instrument::{
    BUILT_IN, BUILT_IN_TEXT, FORMAT, Instrument, Item, Scale, ScaleNamed, Tally, Turn, built_in, read,
};
pub use lint::{InstrumentFinding, InstrumentFlaw, InstrumentRefused};

/// The fewest people of whom anything is said.
pub const FEWEST: usize = 5;
/// The least agreement at which a mean speaks for a unit.
pub const AGREEMENT: f64 = 0.7;
/// Days that a pulse stays open when nobody says otherwise.
pub const N_DAYS_OPEN: i64 = 7;
/// Days after a pulse closed before the unit may be asked again.
pub const N_DAYS_REST: i64 = 28;
/// A mean at the very end of the scale would tell what each one said; it is given as this far from the end.
const FROM_THE_END: f64 = 0.25;

/// Why a pulse was not opened, or an answer not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PulseRefused {
    /// Too small a unit.
    #[error(
        "{} to this unit; with fewer than five nothing could be shown, so ask a larger unit it belongs to",
        if *n_members == 1 { "1 person belongs".to_owned() } else { format!("{n_members} people belong") }
    )]
    TooFewPeople {
        /// How many belong to it.
        n_members: usize,
    },
    /// One is open.
    #[error("this unit is being asked already, until {until}; ask again after that")]
    OpenAlready {
        /// When it closes.
        until: Moment,
    },
    /// The last one is too recent.
    #[error(
        "this unit was asked not long ago; ask again from {from}, so that asking does not become a burden"
    )]
    TooSoon {
        /// From when on.
        from: Moment,
    },
    /// Open for too short or too long.
    #[error("a pulse stays open for 1 to 28 days, not {n_days}")]
    Length {
        /// What was wished.
        n_days: i64,
    },
    /// It is over.
    #[error("this pulse closed on {at}; the next one will ask again")]
    Closed {
        /// When.
        at: Moment,
    },
    /// No mail leaves here.
    #[error(
        "this server sends no mail; make the links and hand them out, or have whoever runs the server set TRACTION_MAIL"
    )]
    NoMail,
    /// They were sent a moment ago.
    #[error("the links were sent on {}; send them again a day later, so that asking does not become a burden", .at.told())]
    SentLately {
        /// When.
        at: Moment,
    },
    /// Said twice.
    #[error("you have answered; nobody can find your answers again, so they cannot be changed")]
    AnsweredAlready,
    /// Not every question.
    #[error(
        "{n_open} of {n_items} questions {} without an answer; choose one number from 1 to 5 for each",
        if *n_open == 1 { "is" } else { "are" }
    )]
    Unanswered {
        /// How many are open.
        n_open: usize,
        /// How many there are.
        n_items: usize,
    },
}

impl Refusal for PulseRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            PulseRefused::TooFewPeople { .. } => Some("unit"),
            PulseRefused::Length { .. } => Some("days"),
            _ => None,
        }
    }
}

/// One member's answers, one from 1 to 5 for each item of the instrument, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers(Vec<u8>);

impl Answers {
    /// Each item's key with its answer.
    pub fn each<'a>(&'a self, instrument: &'a Instrument) -> impl Iterator<Item = (&'a str, u8)> {
        instrument.items.iter().map(|item| item.key.as_str()).zip(self.0.iter().copied())
    }
}

/// The answers, when every item has one.
pub fn answers(instrument: &Instrument, given: &[Option<u8>]) -> Result<Answers, PulseRefused> {
    let n_items = instrument.items.len();
    let answered: Vec<u8> =
        given.iter().flatten().copied().filter(|answer| (1..=5).contains(answer)).take(n_items).collect();
    if answered.len() < n_items {
        return Err(PulseRefused::Unanswered { n_open: n_items - answered.len(), n_items });
    }
    Ok(Answers(answered))
}

/// When a pulse opened `now` for `n_days` closes, if it can be opened: the unit is large enough, and was not asked
/// lately (`last_closes` is when its latest pulse closes or closed).
pub fn open(
    now: Moment,
    n_days: i64,
    n_members: usize,
    last_closes: Option<Moment>,
) -> Result<Moment, PulseRefused> {
    if n_members < FEWEST {
        return Err(PulseRefused::TooFewPeople { n_members });
    }
    if !(1..=28).contains(&n_days) {
        return Err(PulseRefused::Length { n_days });
    }
    if let Some(until) = last_closes {
        if until > now {
            return Err(PulseRefused::OpenAlready { until });
        }
        let from = until.after_days(N_DAYS_REST);
        if from > now {
            return Err(PulseRefused::TooSoon { from });
        }
    }
    Ok(now.after_days(n_days))
}

/// What may be said of one scale of a closed pulse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Fewer answered than the instrument asks for, or than five.
    TooFew {
        /// How many it takes.
        n_needed: usize,
    },
    /// Enough answered, but they see it differently: a mean would speak for nobody.
    Differ {
        /// How much they agree, as far as it is told.
        agreement: f64,
        /// How much it takes.
        needed: f64,
    },
    /// They agree.
    Agreed {
        /// The mean, 1 to 5; not nearer than 0.25 to either end.
        mean: f64,
        /// How much they agree, as far as it is told.
        agreement: f64,
    },
}

/// A unit's readiness, shown: enough answered, and they agree on both scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readiness {
    /// Mean appetite, 1 to 5.
    pub appetite: f64,
    /// Mean aptitude, 1 to 5.
    pub aptitude: f64,
    /// How many answered, five or more.
    pub n: usize,
}

/// How a unit's readiness moved from one pulse to the next, in points of the scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Appetite now, less what it was.
    pub appetite: f64,
    /// Aptitude now, less what it was.
    pub aptitude: f64,
}

/// How it moved between two pulses that may both be shown.
pub fn moved(before: Readiness, now: Readiness) -> Moved {
    Moved { appetite: now.appetite - before.appetite, aptitude: now.aptitude - before.aptitude }
}

/// What may be said of `scale`, from the tallies of all items.
///
/// The mean is that of the items' means, each as often as its item counts. Agreement is r_wg(J) over the items as they
/// are, whatever they count.
pub fn reading(instrument: &Instrument, tallies: &[Tally], scale: Scale) -> Reading {
    let of_scale: Vec<&Tally> = tallies.iter().filter(|tally| tally.scale == scale).collect();
    let n_needed = instrument.minimum_answers.max(FEWEST);
    if of_scale.is_empty() || of_scale.iter().any(|tally| tally.n() < n_needed) {
        return Reading::TooFew { n_needed };
    }
    let moments: Vec<(f64, f64)> = of_scale.iter().map(|tally| agreement::moments(tally.counts)).collect();
    let variances: Vec<f64> = moments.iter().map(|(_, variance)| *variance).collect();
    let agreed = within_group_agreement(&variances);
    let needed = instrument.agreement.max(AGREEMENT);
    if agreed < needed {
        return Reading::Differ { agreement: told(agreed), needed };
    }
    let weights: f64 = of_scale.iter().map(|tally| tally.weight).sum();
    let sum: f64 = of_scale.iter().zip(&moments).map(|(tally, (mean, _))| tally.weight * mean).sum();
    let mean = (sum / weights).clamp(1.0 + FROM_THE_END, 5.0 - FROM_THE_END);
    Reading::Agreed { mean, agreement: told(agreed) }
}

/// Agreement as far as it is told: in steps of a tenth, downwards, and never more than 0.9, since 1 would tell that each
/// one said the same.
fn told(agreement: f64) -> f64 {
    ((agreement * 10.0 + 1e-9).floor() / 10.0).min(0.9)
}

/// The unit's readiness, where both scales may be shown.
pub fn shown(instrument: &Instrument, tallies: &[Tally]) -> Option<Readiness> {
    let of = |scale| reading(instrument, tallies, scale);
    match (of(Scale::Appetite), of(Scale::Aptitude)) {
        (Reading::Agreed { mean: appetite, .. }, Reading::Agreed { mean: aptitude, .. }) => {
            let n = tallies.iter().map(Tally::n).min()?;
            Some(Readiness { appetite, aptitude, n })
        }
        _ => None,
    }
}
