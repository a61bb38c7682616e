//! Where a number falls in a picture, and how it is written: ranges that hold everything drawn, round ticks,
//! and numbers written with the digits the picture can bear.
//!
//! It knows nothing of SVG. Numbers that are not finite never enter a range.

use traction_domain::prove::Figures;

use super::{Estimate, Interval};
use crate::web::when;

/// What a number on an axis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// A quantity in the unit the axis' label names.
    Number,
    /// A share from 0 to 1, written in per cent.
    Share,
}

/// One axis: what it measures, in which unit, and what its places are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What is measured and in which unit: "Absence, days a month".
    pub label: String,
    /// How its numbers are written.
    pub shows: Shows,
    /// Names of the places 0, 1, 2, … where the axis counts named periods; empty for a plain number axis.
    pub names: Vec<String>,
}

impl Axis {
    /// An axis of quantities; `label` ends with the unit.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), shows: Shows::Number, names: Vec::new() }
    }

    /// An axis of shares from 0 to 1, written in per cent.
    pub fn share(label: impl Into<String>) -> Self {
        Self { label: label.into(), shows: Shows::Share, names: Vec::new() }
    }

    /// An axis of named periods: place `i` is called `names[i]`.
    pub fn periods(label: impl Into<String>, names: Vec<String>) -> Self {
        Self { label: label.into(), shows: Shows::Number, names }
    }

    /// The name of a place as people read it: dates as everywhere else.
    pub(super) fn name(&self, place: usize) -> String {
        when::period(&self.written(place))
    }

    /// The name of a place as it was given, or its number where places have no names.
    pub(super) fn written(&self, place: usize) -> String {
        self.names.get(place).cloned().unwrap_or_else(|| whole(place as f64))
    }

    /// A value as a person reads it, with about three telling digits.
    pub(super) fn says(&self, value: f64) -> String {
        match self.shows {
            Shows::Share => format!("{} %", rounded(value * 100.0, 0)),
            Shows::Number => sensible(value),
        }
    }

    /// An estimate and the ends of its interval, all to the digits that the interval bears: as sentences say them.
    pub(super) fn says_alike(&self, estimate: &Estimate) -> (String, Option<(String, String)>) {
        let Estimate { value, interval } = *estimate;
        let bears = |interval: &Interval| {
            // The ends of an interval of 95 % are 1.96 standard errors from its middle.
            let se = (interval.high - interval.low) / 3.92;
            (self.shows == Shows::Number && se.is_finite() && se > 0.0).then(|| Figures::of(se))
        };
        match (interval, interval.as_ref().and_then(bears)) {
            (Some(ends), Some(figures)) => {
                (figures.say(value), Some((figures.say(ends.low), figures.say(ends.high))))
            }
            (ends, _) => (self.says(value), ends.map(|ends| (self.says(ends.low), self.says(ends.high)))),
        }
    }
}

/// The numbers one direction of a picture spans; `low < high`, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub low: f64,
    pub high: f64,
}

impl Span {
    /// The span of all finite `values`; `None` when there are none.
    ///
    /// A single value is given room on both sides, so that the span never has length 0.
    pub fn over(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            return None;
        }
        // Differences below one part in a billion cannot be drawn and would overflow the ticks.
        if high - low <= high.abs().max(low.abs()) * 1e-9 {
            let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
            return Some(Self { low: low - room, high: high + room });
        }
        Some(Self { low, high })
    }

    /// The same span with `share` of its length added at each end.
    pub fn padded(self, share: f64) -> Self {
        let room = (self.high - self.low) * share;
        Self { low: self.low - room, high: self.high + room }
    }

    /// The place of `value` between `from` (low end) and `to` (high end); beyond the span it stays at the end.
    pub fn place(self, value: f64, from: f64, to: f64) -> f64 {
        let part = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        from + part * (to - from)
    }

    /// Round numbers within the span, about `wanted` of them, and the step between them.
    pub fn ticks(self, wanted: f64) -> (Vec<f64>, f64) {
        let rough = (self.high - self.low) / wanted.max(1.0);
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(10.0 * power);
        let first = (self.low / step).ceil();
        let last = (self.high / step).floor();
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= last && ticks.len() < 60 {
            // Adding 0.0 turns a negative zero into zero.
            ticks.push(at * step + 0.0);
            at += 1.0;
        }
        (ticks, step)
    }
}

/// A tick's number with as many decimals as its step needs.
pub(super) fn tick(value: f64, step: f64, shows: Shows) -> String {
    match shows {
        Shows::Share => format!("{} %", rounded(value * 100.0, decimals(step * 100.0))),
        Shows::Number => rounded(value, decimals(step)),
    }
}

fn decimals(step: f64) -> usize {
    if step >= 1.0 { 0 } else { (-step.log10().floor()).clamp(0.0, 9.0) as usize }
}

/// A count with commas between its thousands: "44,800".
pub fn in_thousands(n: usize) -> String {
    whole(n as f64)
}

fn whole(value: f64) -> String {
    rounded(value, 0)
}

/// A number with about three telling digits: 0.0312, 1.4, 37.2, 1,250.
pub(super) fn sensible(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let text = rounded(value, digits.clamp(0, 9) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A number with so many decimals, a true minus sign, and commas between thousands.
fn rounded(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, part) = plain.split_once('.').map_or((plain.as_str(), None), |(w, p)| (w, Some(p)));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}
