//! Outcomes: what a metric was for a unit in a period, given as a value or as parts of a whole; and how a table of them
//! is read.
//!
//! It keeps nothing; a correction is a further outcome, and the last one counts.

pub mod calendar;
pub mod columns;
pub mod compare;
pub mod flaw;
pub mod reading;
#[cfg(test)]
mod tests;
pub mod units;

use traction_stats::panel::Period;

use crate::refusal::Refusal;

/// A metric's value for a unit and a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// When.
    pub period: Period,
    /// What it was.
    pub measured: Measured,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// The value itself.
    Value(f64),
    /// So many of so many.
    Ratio {
        /// How many.
        numerator: f64,
        /// Of how many; above 0.
        denominator: f64,
    },
    /// Nothing after all: what had been known is taken back.
    Nothing,
}

/// Why an outcome was not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OutcomeRefused {
    /// Neither a value nor its parts.
    #[error("give a value, or a numerator and a denominator")]
    Nothing,
    /// Both, and they disagree.
    #[error("the value {value} is not {numerator} of {denominator}; give one or the other")]
    Both {
        /// The value.
        value: f64,
        /// Of the parts, how many.
        numerator: f64,
        /// Of how many.
        denominator: f64,
    },
    /// Only one part.
    #[error("a numerator and a denominator belong together; give both, or a value")]
    Half,
    /// Parts of nothing.
    #[error(
        "the denominator is {denominator}; it must be above 0, so leave the row out if nobody was counted"
    )]
    OfNothing {
        /// What was given.
        denominator: f64,
    },
    /// Parts that give more than a number holds.
    #[error("{numerator:e} of {denominator:e} is more than a number holds; give both as they were counted")]
    Beyond {
        /// How many.
        numerator: f64,
        /// Of how many.
        denominator: f64,
    },
}

impl Refusal for OutcomeRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

impl Measured {
    /// The number that counts; `None` where what had been known is taken back.
    pub fn value(self) -> Option<f64> {
        match self {
            Measured::Value(value) => Some(value),
            Measured::Ratio { numerator, denominator } => Some(numerator / denominator),
            Measured::Nothing => None,
        }
    }
}

/// What was measured, from the cells that were filled in. A value beside its parts must be what they give, to a
/// millionth of it.
pub fn measured(
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
) -> Result<Measured, OutcomeRefused> {
    let ratio = match (numerator, denominator) {
        (Some(_), Some(denominator)) if denominator <= 0.0 => {
            return Err(OutcomeRefused::OfNothing { denominator });
        }
        (Some(numerator), Some(denominator)) if !(numerator / denominator).is_finite() => {
            return Err(OutcomeRefused::Beyond { numerator, denominator });
        }
        (Some(numerator), Some(denominator)) => Some((numerator, denominator)),
        (None, None) => None,
        _ => return Err(OutcomeRefused::Half),
    };
    match (value, ratio) {
        (Some(value), None) => Ok(Measured::Value(value)),
        (None, Some((numerator, denominator))) => Ok(Measured::Ratio { numerator, denominator }),
        (Some(value), Some((numerator, denominator))) => {
            let given = numerator / denominator;
            if (value - given).abs() <= 1e-6 * given.abs().max(1e-6) {
                Ok(Measured::Ratio { numerator, denominator })
            } else {
                Err(OutcomeRefused::Both { value, numerator, denominator })
            }
        }
        (None, None) => Err(OutcomeRefused::Nothing),
    }
}
