//! The watch: is a unit's gain held since the hand-over, in words.
//!
//! The numbers come from `traction_stats::control`. It does not sound the alarm, and it never calls silence holding.

mod spans;
#[cfg(test)]
mod tests;
mod words;

use traction_stats::control::gain::{Gain, Proof, Smoothness, Standing};
use traction_stats::control::operating::Promise;
use traction_stats::control::{self, Improve, PhasesRefused, Rules, Verdict, WatchRefused, Watched};

use super::Period;
use crate::time::Moment;

pub use spans::spans;

/// One reading of a metric, over the half-open time from `from` to `until`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// When its period began.
    pub from: Moment,
    /// When its period was over.
    pub until: Moment,
    /// The reading in the metric's unit of measure.
    pub value: f64,
}

/// The readings of the three phases, in the order of their periods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Before the change.
    pub before: Vec<f64>,
    /// With the change, until the hand-over.
    pub gained: Vec<f64>,
    /// Since the hand-over.
    pub watched: Vec<f64>,
}

/// Cuts readings into the three phases.
///
/// A period in which the change began, or in which it was handed over, is half one thing and half another: it belongs to
/// no phase. A reading that is not a number is left out.
pub fn cut(readings: &[Reading], change_began: Moment, handed_over: Moment) -> Series {
    let mut in_order: Vec<&Reading> = readings.iter().filter(|reading| reading.value.is_finite()).collect();
    in_order.sort_by_key(|reading| reading.from);
    let mut series = Series::default();
    for reading in in_order {
        if reading.until <= change_began {
            series.before.push(reading.value);
        } else if reading.from >= handed_over {
            series.watched.push(reading.value);
        } else if reading.from >= change_began && reading.until <= handed_over {
            series.gained.push(reading.value);
        }
    }
    series
}

/// How the watched metric is spoken of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// What one reading covers.
    pub period: Period,
    /// Which way is better.
    pub improve: Improve,
    /// Which rule raises the alarm.
    pub rules: Rules,
    /// How its readings are written.
    pub figures: Figures,
}

/// How readings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// As numbers.
    Plain,
    /// As per cents of 1.
    Share,
    /// Not at all: they would tell of too few people.
    Withheld,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// More than half of the gain is certainly there.
    Holding,
    /// The rule fired.
    Slipping,
    /// Neither can be said yet.
    TooEarly,
    /// There is no proven gain to hold.
    NoGain,
    /// There are not the readings for any of these.
    Nothing,
}

impl Kind {
    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Holding => "holding",
            Kind::Slipping => "slipping",
            Kind::TooEarly => "too_early",
            Kind::NoGain => "no_gain",
            Kind::Nothing => "none",
        }
    }

    /// The kind kept under `word`.
    pub fn of(word: &str) -> Option<Kind> {
        [Kind::Holding, Kind::Slipping, Kind::TooEarly, Kind::NoGain, Kind::Nothing]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// What a watch found, with the words for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The numbers; absent where there are not the readings for any.
    pub watched: Result<Watched, WatchRefused>,
    /// The answer in one word.
    pub kind: Kind,
    /// The answer in one plain sentence or two.
    pub says: String,
    /// What weakens it, a sentence each.
    pub cautions: Vec<String>,
    /// What the rule promises; `None` where that is not known, as for readings that move together.
    pub promise: Option<Promise>,
    /// What the rule promises, in words.
    pub promises: Option<String>,
}

/// Judges whether the gain in `series` is held.
pub fn judge(series: &Series, manner: Manner) -> Judged {
    let phases = control::Phases { before: &series.before, gained: &series.gained, watched: &series.watched };
    judged(control::watch(&phases, manner.improve, manner.rules), manner)
}

/// As [`judge`], where the level before the change is known: nobody uses what is not switched on.
pub fn judge_above(level_before: f64, series: &Series, manner: Manner) -> Judged {
    let watched = Gain::above(level_before, &series.gained, &series.watched, manner.improve)
        .map_err(WatchRefused::from)
        .and_then(|gain| control::watch_gain(gain, &series.watched, manner.rules));
    judged(watched, manner)
}

fn judged(watched: Result<Watched, WatchRefused>, manner: Manner) -> Judged {
    match &watched {
        Ok(found) => {
            let kind = match found.verdict {
                Verdict::NoGain => Kind::NoGain,
                Verdict::Slipping { .. } => Kind::Slipping,
                Verdict::Holding => Kind::Holding,
                Verdict::TooEarly => Kind::TooEarly,
            };
            // The rates are those of readings that do not follow each other.
            let promise = match (found.gain.smoothness(), manner.period.a_year()) {
                (Smoothness::AggregateFirst, _) | (_, None) => None,
                (_, Some(a_year)) => Promise::of(manner.rules, &found.gain, a_year),
            };
            Judged {
                kind,
                says: words::verdict(found, manner),
                cautions: cautions(found, manner),
                promise,
                promises: promise.map(|promise| words::promise(promise, manner)),
                watched,
            }
        }
        Err(refused) => Judged {
            kind: Kind::Nothing,
            says: nothing(refused, manner),
            cautions: Vec::new(),
            promise: None,
            promises: None,
            watched,
        },
    }
}

fn nothing(refused: &WatchRefused, manner: Manner) -> String {
    let period = manner.period;
    match refused {
        WatchRefused::Phases(PhasesRefused::TooFew { phase, n, needed }) => format!(
            "Nothing can be said yet: there {} {} {phase}; {needed} are the least, and 12 make it reliable.",
            if *n == 1 { "is" } else { "are" },
            if *n == 0 { format!("no {period}s") } else { period.count(*n) },
        ),
        other => format!("Nothing can be said: {other}."),
    }
}

fn cautions(found: &Watched, manner: Manner) -> Vec<String> {
    let gain = &found.gain;
    let period = manner.period;
    let mut cautions = Vec::new();
    if gain.proof() == Proof::NotProven {
        return cautions;
    }
    if gain.standing() == Standing::Provisional {
        let new = period.count(gain.n_gained);
        cautions.push(match gain.n_before {
            Some(n_before) => format!(
                "Provisional: the old level rests on {} and the new one on {new}; 12 of each make them reliable.",
                period.count(n_before)
            ),
            None => format!("Provisional: the new level rests on {new}; 12 make it reliable."),
        });
    }
    if let (Smoothness::AggregateFirst, Some(correlation)) = (gain.smoothness(), gain.autocorrelation) {
        cautions.push(format!(
            "Neighbouring {period}s move together (autocorrelation {correlation:.2}), which makes false alarms \
             frequent: put them into longer periods before you believe an alarm."
        ));
    }
    if found.half_way.is_none() && manner.rules == Rules::HalfWay {
        cautions.push(format!(
            "The gain is smaller than the noise of a single {period}, so single {period}s cannot raise an alarm: put \
             them into longer periods, or go by the share that is left."
        ));
    }
    cautions
}
