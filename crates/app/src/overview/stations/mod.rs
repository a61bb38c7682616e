//! The nine stations of a change: its live figures, where it flows and where it is stuck, and what to do next.
//!
//! Pure: what stands in the database arrives as [`Counts`].

mod proof;
mod step;
#[cfg(test)]
mod tests;

use traction_domain::id::CycleId;
use traction_domain::time::Moment;

use crate::overview::figures::Stage;
use crate::web::counted;
use crate::web::ring::Flow;

pub use proof::Proof;
pub use step::{next_step, placed, unstuck};

/// What a change's nine stages count to, at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Frictions that are open.
    pub frictions: Frictions,
    /// When the prediction was locked.
    pub predicted_at: Option<Moment>,
    /// Waves announced.
    pub n_waves: i64,
    /// The wave units can apply in now, or whose applications closed last.
    pub wave: Option<WaveCounts>,
    /// Slots that are live: granted, and neither given back, lapsed nor ended.
    pub n_slots: i64,
    /// When the first of them started or will start.
    pub first_start: Option<Moment>,
    /// Cycles of this change begun and not closed.
    pub n_cycles: i64,
    /// Units in which it was used.
    pub n_using: i64,
    /// Units with outcomes of its metric.
    pub n_measured: i64,
    /// The last usage event of the change.
    pub last_event_at: Option<Moment>,
    /// When outcomes of its metric were last recorded.
    pub last_outcome_at: Option<Moment>,
    /// The newest evidence.
    pub evidence: Option<Proof>,
    /// Showcases that are up.
    pub n_showcases: i64,
    /// Hand-overs that were accepted.
    pub n_handed_over: i64,
    /// Alarms that were raised.
    pub n_alarms: i64,
    /// The cycle that the last alarm opened, while it runs.
    pub winning_back: Option<CycleId>,
}

/// How many frictions are open, and where they were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frictions {
    /// In the units that contended for the change or hold a slot.
    Concerned(i64),
    /// In the whole organisation, while no unit contends yet.
    Anywhere(i64),
}

impl Default for Frictions {
    fn default() -> Frictions {
        Frictions::Anywhere(0)
    }
}

/// A wave that is open, or was the last to close.
#[derive(Clone, Debug, PartialEq)]
pub struct WaveCounts {
    /// Its number.
    pub n: i64,
    /// How many slots it has.
    pub n_slots: i64,
    /// How many units contend.
    pub n_contenders: i64,
    /// When applications close.
    pub closes_at: Moment,
    /// When it was drawn.
    pub drawn_at: Option<Moment>,
}

/// One station, before it is placed on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its stage.
    pub stage: Stage,
    /// Its live figure.
    pub figure: String,
    /// What that means, in a sentence.
    pub says: String,
    /// Whether anything moves.
    pub flow: Flow,
}

/// Days after which what should have gone on counts as stuck.
const N_DAYS_PATIENCE: f64 = 14.0;

/// The nine stations at `now`, in the loop's order.
pub fn stations(counts: &Counts, now: Moment) -> Vec<Standing> {
    vec![
        sense(counts),
        offer(counts),
        contend(counts, now),
        grant(counts, now),
        cycle(counts, now),
        measure(counts, now),
        prove(counts, now),
        publish(counts, now),
        sustain(counts),
    ]
}

fn station(stage: Stage, figure: String, says: &str, flow: Flow) -> Standing {
    Standing { stage, figure, says: says.to_owned(), flow }
}

fn has_started(counts: &Counts, now: Moment) -> bool {
    counts.first_start.is_some_and(|at| at <= now)
}

fn days_since(at: Option<Moment>, now: Moment) -> Option<f64> {
    at.map(|at| now.days_since(at))
}

fn sense(counts: &Counts) -> Standing {
    let figure = |n| counted(n, "open friction", "open frictions");
    match counts.frictions {
        Frictions::Concerned(0) => {
            station(Stage::Sense, figure(0), "Nobody in its units names a pain now.", Flow::Quiet)
        }
        Frictions::Concerned(n) => {
            station(Stage::Sense, figure(n), "People in its units say what gets in the way.", Flow::Flows)
        }
        Frictions::Anywhere(0) => station(Stage::Sense, figure(0), "Nobody has named a pain.", Flow::Quiet),
        Frictions::Anywhere(n) => station(
            Stage::Sense,
            format!("{} anywhere", figure(n)),
            "No unit contends yet; so many are open in the organisation.",
            Flow::Flows,
        ),
    }
}

fn offer(counts: &Counts) -> Standing {
    let figure = counted(counts.n_waves, "wave", "waves");
    match (counts.predicted_at, counts.n_waves) {
        (None, _) => station(Stage::Offer, figure, "The prediction is not locked yet.", Flow::Waits),
        (Some(_), 0) => {
            station(Stage::Offer, figure, "The prediction is locked; no wave is announced.", Flow::Waits)
        }
        (Some(_), _) => station(Stage::Offer, figure, "Slots are offered wave by wave.", Flow::Flows),
    }
}

fn contend(counts: &Counts, now: Moment) -> Standing {
    let Some(wave) = &counts.wave else {
        return station(
            Stage::Contend,
            "no wave".into(),
            "There is nothing to contend for yet.",
            Flow::Quiet,
        );
    };
    let figure = format!("{} for {}", wave.n_contenders, counted(wave.n_slots, "slot", "slots"));
    let is_open = now < wave.closes_at;
    match (is_open, wave.drawn_at) {
        (_, Some(_)) => station(Stage::Contend, figure, "The last wave is drawn.", Flow::Flows),
        (true, None) if wave.n_contenders > wave.n_slots => station(
            Stage::Contend,
            figure,
            "More units contend than there are slots: that is the pull.",
            Flow::Flows,
        ),
        (true, None) => station(Stage::Contend, figure, "Applications are open.", Flow::Waits),
        (false, None) if wave.n_contenders == 0 => {
            station(Stage::Contend, figure, "Nobody contended in the last wave; it is over.", Flow::Waits)
        }
        (false, None) if now.days_since(wave.closes_at) > 3.0 => {
            station(Stage::Contend, figure, "Applications closed days ago and nobody has drawn.", Flow::Stuck)
        }
        (false, None) => {
            station(Stage::Contend, figure, "Applications are closed; the draw comes next.", Flow::Waits)
        }
    }
}

fn grant(counts: &Counts, now: Moment) -> Standing {
    let figure = counted(counts.n_slots, "live slot", "live slots");
    match counts.n_slots {
        0 => station(Stage::Grant, figure, "Nobody has it yet.", Flow::Quiet),
        _ if has_started(counts, now) => {
            station(Stage::Grant, figure, "It is switched on for them alone.", Flow::Flows)
        }
        _ => station(Stage::Grant, figure, "They are granted and have not started.", Flow::Waits),
    }
}

fn cycle(counts: &Counts, now: Moment) -> Standing {
    let figure = counted(counts.n_cycles, "cycle running", "cycles running");
    match counts.n_cycles {
        0 if has_started(counts, now) => {
            station(Stage::Cycle, figure, "Units have it, and none tests how to use it best.", Flow::Stuck)
        }
        0 => station(Stage::Cycle, figure, "Cycles begin with the first slot.", Flow::Quiet),
        _ => station(Stage::Cycle, figure, "Units test in small steps.", Flow::Flows),
    }
}

fn measure(counts: &Counts, now: Moment) -> Standing {
    let figure = match (counts.n_measured, counts.n_using) {
        (0, 0) => "no data".to_owned(),
        (0, n) => counted(n, "unit uses it", "units use it"),
        (n, _) => counted(n, "unit measured", "units measured"),
    };
    let newest = counts.last_event_at.max(counts.last_outcome_at);
    match days_since(newest, now) {
        None if has_started(counts, now) => {
            station(Stage::Measure, figure, "Units have it, and no number comes in.", Flow::Stuck)
        }
        None => station(Stage::Measure, figure, "Nothing to measure yet.", Flow::Quiet),
        Some(days) if days > 3.0 * N_DAYS_PATIENCE => {
            station(Stage::Measure, figure, "No number has come in for six weeks.", Flow::Stuck)
        }
        Some(_) => station(Stage::Measure, figure, "Numbers come in.", Flow::Flows),
    }
}

fn prove(counts: &Counts, now: Moment) -> Standing {
    match &counts.evidence {
        Some(proof) => {
            let (figure, says) = proof.says();
            station(Stage::Prove, figure.into(), says, Flow::Flows)
        }
        None if has_started(counts, now) && counts.last_outcome_at.is_some() => station(
            Stage::Prove,
            "not asked".into(),
            "The data are there and nobody has asked them.",
            Flow::Stuck,
        ),
        None => {
            station(Stage::Prove, "nothing yet".into(), "Evidence needs a start and outcomes.", Flow::Quiet)
        }
    }
}

fn publish(counts: &Counts, now: Moment) -> Standing {
    let figure = counted(counts.n_showcases, "showcase", "showcases");
    let proven = counts.evidence.as_ref().filter(|proof| proof.decides());
    match (counts.n_showcases, proven) {
        (0, Some(proof)) if now.days_since(proof.made_at) > N_DAYS_PATIENCE => {
            station(Stage::Publish, figure, "A result lies there for weeks and nobody sees it.", Flow::Stuck)
        }
        (0, Some(_)) => station(Stage::Publish, figure, "A result waits to be shown.", Flow::Waits),
        (0, None) => station(Stage::Publish, figure, "There is no result to show yet.", Flow::Quiet),
        _ => station(Stage::Publish, figure, "Results are out and pull.", Flow::Flows),
    }
}

fn sustain(counts: &Counts) -> Standing {
    let figure = counted(counts.n_handed_over, "handed over", "handed over");
    match (counts.n_handed_over, counts.n_alarms) {
        (0, _) => station(Stage::Sustain, figure, "Nothing is handed over yet.", Flow::Quiet),
        (_, 0) => {
            station(Stage::Sustain, figure, "Somebody watches that it does not slip back.", Flow::Flows)
        }
        (_, n) => {
            let says = format!("{} slipping: a cycle was opened.", counted(n, "gain is", "gains are"));
            station(Stage::Sustain, figure, &says, Flow::Stuck)
        }
    }
}
