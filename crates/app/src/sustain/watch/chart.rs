//! The picture of a watched series: readings, both levels, the line half way between them, and the hand-over.

use traction_domain::sustain::watch::Kind;

use super::judged::{Reading, Seen};
use super::store::Watch;
use crate::web::charts::{self, Axis, Chart, Control, Phase, Signal};

/// The picture; `axis` says what is measured, in which unit.
pub fn chart(name: &str, axis: Axis, seen: &Seen, watch: &Watch) -> Chart {
    let gain = seen.judged.watched.as_ref().ok().map(|found| &found.gain);
    let shown = gain.filter(|_| seen.levels_shown());
    let past = |value: f64| {
        gain.is_some_and(|gain| gain.improve.oriented(value) < gain.improve.oriented(gain.half_line))
    };
    let is_watched = |reading: &Reading| reading.rule.from >= watch.handed_over;
    let readings = seen
        .readings
        .iter()
        .map(|reading| charts::Reading {
            value: reading.shown,
            signal: if is_watched(reading) && past(reading.rule.value) {
                Signal::Concern
            } else {
                Signal::Common
            },
        })
        .collect();
    let stretch = |name: &str, centre: f64, holds: &dyn Fn(&Reading) -> bool| {
        let first = seen.readings.iter().position(holds)?;
        let last = seen.readings.iter().rposition(holds)?;
        Some(Phase { name: name.to_owned(), places: (first, last), centre, limits: None })
    };
    let before = shown
        .and_then(|gain| stretch("before", gain.level_before, &|reading| reading.rule.until <= watch.began));
    let with_support = shown.and_then(|gain| {
        stretch("with support", gain.level_gained, &|reading| {
            reading.rule.from >= watch.began && reading.rule.until <= watch.handed_over
        })
    });
    let control = Control {
        x: Axis::periods(
            seen.period.to_string(),
            seen.readings.iter().map(|reading| reading.when.clone()).collect(),
        ),
        y: axis,
        readings,
        phases: before.into_iter().chain(with_support).collect(),
        half_way: shown.map(|gain| gain.half_line),
        hand_over: seen.readings.iter().position(is_watched),
        target: None,
    };
    control.chart(format!("{name}: {}", words(seen.judged.kind)))
}

/// A verdict in a word or three.
pub fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Holding => "holding",
        Kind::Slipping => "slipping",
        Kind::TooEarly => "too early to say",
        Kind::NoGain => "no proven gain",
        Kind::Nothing => "not enough readings",
    }
}
