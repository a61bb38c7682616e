//! What can be wrong with a row of outcomes, for readers who may not see what stands in it.

use std::fmt;

/// What is wrong with a row, in words that repeat nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It names no unit that is known.
    Unit,
    /// It has no period, or one of another calendar or kind.
    Period,
    /// It has a moment within a day where a period should be.
    Moment,
    /// It has a day or a month as one number where a period should be.
    InOne,
    /// Its unit and period stand in another row.
    Twice,
    /// It has no number where one should be.
    Number,
    /// It has a numerator alone.
    NoDenominator,
    /// It has a value and a denominator alone.
    NoNumerator,
    /// Its denominator is below 0.
    Negative,
    /// It has a value, and a denominator of 0.
    OfNobody,
    /// It has a numerator, and a denominator of 0.
    SomeOfNobody,
    /// Its parts give more than a number holds.
    Beyond,
    /// Its value is not what its parts give.
    Both,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Unit => "it names no unit here",
            Flaw::Period => "it is no period of this metric's calendar",
            Flaw::Moment => "it is a moment, not a day; write it as a date, in SQL `day::date`",
            Flaw::InOne => "it is a day or a month as one number; write it like 2026-01-31 or 2026-01",
            Flaw::Twice => "its unit and period stand in another row already",
            Flaw::Number => "it is no number",
            Flaw::NoDenominator => "it is empty beside a numerator",
            Flaw::NoNumerator => "it is empty beside a value and a denominator",
            Flaw::Negative => "it is below 0",
            Flaw::OfNobody => "there is a value, and the denominator is 0",
            Flaw::SomeOfNobody => "it is 0 beside a numerator that is not",
            Flaw::Beyond => "so many of so few is more than a number holds",
            Flaw::Both => "it is not what numerator and denominator give",
        })
    }
}
