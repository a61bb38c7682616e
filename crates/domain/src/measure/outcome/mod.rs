//! Outcomes: what a metric was for a unit in a period, given as a value or as parts of a whole; and how a table of them
//! is read.
//!
//! It keeps nothing; a correction is a further outcome, and the last one counts.

pub mod calendar;
pub mod columns;
pub mod compare;
pub mod flaw;
pub mod numbers;
pub mod reading;
#[cfg(test)]
mod tests;
pub mod units;
mod written;

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
    /// So many of nobody knows how many.
    #[error("there is a numerator and no denominator; give both, or leave both empty if nothing was counted")]
    NoDenominator,
    /// A value, and only of how many.
    #[error(
        "there is a value and a denominator, and no numerator; give all three, or leave the denominator empty"
    )]
    NoNumerator,
    /// Parts of less than nothing.
    #[error("the denominator is {denominator}; it must be above 0, or 0 where nobody was counted")]
    Negative {
        /// What was given.
        denominator: f64,
    },
    /// A value of nobody.
    #[error(
        "the denominator is 0, and yet the value is {value}; leave the value empty if nobody was counted"
    )]
    OfNobody {
        /// What was given.
        value: f64,
    },
    /// Some of nobody.
    #[error("{numerator} of 0 cannot be; correct the denominator, or leave both empty if nobody was counted")]
    SomeOfNobody {
        /// What was given.
        numerator: f64,
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

/// What was measured, from the cells that were filled in; nothing where the numerator is missing, as a sum over no rows is,
/// and for 0 of 0: a share of nobody is none. A value beside its parts must be what they give, to a
/// millionth of it.
pub fn measured(
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
) -> Result<Measured, OutcomeRefused> {
    if let Some(denominator) = denominator.filter(|denominator| *denominator < 0.0) {
        return Err(OutcomeRefused::Negative { denominator });
    }
    let is_nothing = |number: Option<f64>| number.is_none_or(|number| number.abs() <= 0.0);
    let is_of_nobody = denominator.is_some() && is_nothing(denominator);
    match (value, numerator, denominator) {
        (_, Some(numerator), _) if is_of_nobody && !is_nothing(Some(numerator)) => {
            Err(OutcomeRefused::SomeOfNobody { numerator })
        }
        (Some(value), _, _) if is_of_nobody => Err(OutcomeRefused::OfNobody { value }),
        (None, None, _) => Ok(Measured::Nothing),
        (None, _, _) if is_of_nobody => Ok(Measured::Nothing),
        (Some(value), None, None) => Ok(Measured::Value(value)),
        (Some(_), None, Some(_)) => Err(OutcomeRefused::NoNumerator),
        (_, Some(_), None) => Err(OutcomeRefused::NoDenominator),
        (value, Some(numerator), Some(denominator)) => ratio(value, numerator, denominator),
    }
}

fn ratio(value: Option<f64>, numerator: f64, denominator: f64) -> Result<Measured, OutcomeRefused> {
    let given = numerator / denominator;
    if !given.is_finite() {
        return Err(OutcomeRefused::Beyond { numerator, denominator });
    }
    match value {
        Some(value) if (value - given).abs() > 1e-6 * given.abs().max(1e-6) => {
            Err(OutcomeRefused::Both { value, numerator, denominator })
        }
        _ => Ok(Measured::Ratio { numerator, denominator }),
    }
}
