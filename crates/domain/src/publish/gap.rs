//! The gap to the goal: how far a unit is from it, and what units like it gained with the solution.
//!
//! A unit is compared with the goal and with itself, never ranked among others. What others gained is a mean over
//! several units with its interval, so that no single unit can be read off it. It says "before and after", which is
//! not an effect: the evidence record is where effects are found.

use jiff::civil::Date;
use traction_stats::panel::Period;
use traction_stats::uncertainty::{Law, Level};

use crate::id::UnitId;
use crate::offer::goal;
use crate::offer::metric::Better;

/// Fewest units whose mean gain is shown: of fewer, each could tell the others' figures.
pub const FEWEST_UNITS: usize = 3;

/// One outcome of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Its period.
    pub period: Period,
    /// The outcome, in the metric's unit.
    pub value: f64,
}

/// Where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Its last reading.
    pub last: Reading,
    /// What is missing to the goal, in the metric's unit; 0 or less when it is reached.
    pub missing: f64,
    /// How much less is missing than at its first reading; negative when more is.
    pub closed: f64,
}

/// Where a unit stands by its readings, oldest first; `None` without any.
pub fn gap(readings: &[Reading], target: f64, better: Better) -> Option<Gap> {
    let (first, last) = (readings.first()?, readings.last()?);
    let missing = goal::gap(last.value, target, better);
    Some(Gap { last: *last, missing, closed: goal::gap(first.value, target, better) - missing })
}

/// A unit that has started.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// Which.
    pub unit: UnitId,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
    /// The day it got the solution.
    pub on: Date,
    /// Its outcomes, oldest first.
    pub readings: Vec<Reading>,
}

/// Which units are taken as like a unit's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Those that belong to the same unit above.
    SameParent,
    /// All others, since too few of the same unit above have started.
    Others,
}

/// What several units gained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gained {
    /// How many units.
    pub n_units: usize,
    /// Their mean gain, in the metric's unit; positive is better, whichever way that is.
    pub mean: f64,
    /// The standard error of that mean.
    pub se: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What units like `own` gained, and which those are; `None` while fewer than [`FEWEST_UNITS`] can tell.
pub fn gained_by_like(
    own: UnitId,
    parent: Option<UnitId>,
    started: &[Started],
    better: Better,
) -> Option<(Likeness, Gained)> {
    let others = || started.iter().filter(move |other| other.unit != own);
    let siblings = others().filter(|other| parent.is_some() && other.parent == parent);
    gained(siblings, better)
        .map(|gained| (Likeness::SameParent, gained))
        .or_else(|| gained(others(), better).map(|gained| (Likeness::Others, gained)))
}

/// The mean gain of units, with an interval by Student's law; `None` while fewer than [`FEWEST_UNITS`] have outcomes
/// from before and after their start.
pub fn gained<'a>(units: impl Iterator<Item = &'a Started>, better: Better) -> Option<Gained> {
    let gains: Vec<f64> = units.filter_map(|unit| gain(unit, better)).collect();
    let n_units = gains.len();
    if n_units < FEWEST_UNITS {
        return None;
    }
    let n = n_units as f64;
    let mean = gains.iter().sum::<f64>() / n;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let se = (variance / n).sqrt();
    let reach = Law::Student { df: n - 1.0 }.reach(Level::NINETY_FIVE) * se;
    Some(Gained { n_units, mean, se, low: mean - reach, high: mean + reach })
}

/// A unit's mean with the solution less its mean before, turned so that positive is better. The period in which it
/// started, when it did so in its midst, belongs to neither.
fn gain(unit: &Started, better: Better) -> Option<f64> {
    let begins: Vec<Date> =
        unit.readings.iter().map(|reading| first_day(reading.period)).collect::<Option<_>>()?;
    let ends = begins.iter().skip(1).copied().map(Some).chain([None]);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for ((reading, begins), ends) in unit.readings.iter().zip(&begins).zip(ends) {
        if *begins >= unit.on {
            after.push(reading.value);
        } else if ends.is_some_and(|ends| ends <= unit.on) {
            before.push(reading.value);
        }
    }
    let risen = mean(&after)? - mean(&before)?;
    Some(match better {
        Better::Up => risen,
        Better::Down => -risen,
    })
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The first day of a period; a whole number is a year, where it can be one.
fn first_day(period: Period) -> Option<Date> {
    match period {
        Period::Number(year) => Date::new(i16::try_from(year).ok()?, 1, 1).ok(),
        Period::Month { year, month } => Date::new(year, month, 1).ok(),
        Period::Day(date) => Some(date),
    }
}
