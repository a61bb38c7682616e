//! The shape of `traction watch --json`. Absent means not applicable.

use std::ops::Range;

use serde::Serialize;
use traction_domain::sustain::watch::Judged;
use traction_stats::control::{Rules, Watched};

use super::series::{Phases, Points};

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    schema: &'static str,
    rules: &'static str,
    phases: Vec<Phase>,
    points: Vec<Point>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gain: Option<Gain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<Expect>,
    cautions: Vec<String>,
    verdict: Verdict,
}

#[derive(Debug, Serialize)]
struct Phase {
    first: usize,
    last: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    centre: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sigma: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Point {
    when: String,
    value: f64,
    signals: Vec<&'static str>,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Gain {
    #[serde(skip_serializing_if = "Option::is_none")]
    sigmas: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retained: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Expect {
    false_alarms_a_year: f64,
    readings_to_notice: usize,
}

#[derive(Debug, Serialize)]
struct Verdict {
    kind: &'static str,
    says: String,
}

/// The words of `--rules`.
pub fn rules_word(rules: Rules) -> &'static str {
    match rules {
        Rules::HalfWay => "half-way",
        Rules::Cusum => "cusum",
    }
}

/// The answer for a judged series.
pub fn answer(points: &Points, phases: &Phases, judged: &Judged, rules: Rules) -> Answer {
    let watched = judged.watched.as_ref().ok();
    Answer {
        schema: "traction.watch/1",
        rules: rules_word(rules),
        phases: shown_phases(points, phases, watched),
        points: (0..points.points.len()).map(|place| point(points, phases, place, watched)).collect(),
        gain: watched.map(gain),
        expect: judged.promise.map(|promise| Expect {
            false_alarms_a_year: promise.false_alarms_a_year,
            readings_to_notice: promise.n_readings_to_notice,
        }),
        cautions: judged.cautions.clone(),
        verdict: Verdict { kind: judged.kind.word(), says: judged.says.clone() },
    }
}

fn shown_phases(points: &Points, phases: &Phases, watched: Option<&Watched>) -> Vec<Phase> {
    [&phases.before, &phases.gained, &phases.watched]
        .into_iter()
        .filter(|range| !range.is_empty())
        .map(|range| Phase {
            first: range.start,
            last: range.end - 1,
            centre: mean(points, range),
            sigma: watched.map(|found| found.gain.noise.sigma),
        })
        .collect()
}

fn mean(points: &Points, range: &Range<usize>) -> Option<f64> {
    let values = &points.points[range.clone()];
    if values.is_empty() {
        return None;
    }
    Some(values.iter().map(|point| point.value).sum::<f64>() / values.len() as f64)
}

fn point(points: &Points, phases: &Phases, place: usize, watched: Option<&Watched>) -> Point {
    let since = place.checked_sub(phases.watched.start).filter(|_| phases.watched.contains(&place));
    let signals: Vec<&'static str> = match (since, watched) {
        (Some(since), Some(found)) => signals(found, since),
        _ => Vec::new(),
    };
    let read = &points.points[place];
    let kind = if signals.is_empty() { "common" } else { "concern" };
    Point { when: read.written.clone(), value: read.value, signals, kind }
}

/// Which rule holds at the reading `since` after the level was frozen.
fn signals(found: &Watched, since: usize) -> Vec<&'static str> {
    match (&found.cusum, found.half_way) {
        (Some(summed), _) if summed.sums[since] > summed.tuning.limit => vec!["cusum"],
        (None, Some(rule)) if rule.holds_at(&found.past, since) => vec!["half_way"],
        _ => Vec::new(),
    }
}

fn gain(found: &Watched) -> Gain {
    let interval = found.retained.and_then(|retained| retained.interval);
    Gain {
        sigmas: found.gain.sigmas,
        retained: found.retained.map(|retained| retained.share),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
    }
}
