//! Numbers in sentences, rounded to what they can bear.
//!
//! It does not choose what to say.

use std::fmt;
use std::str::FromStr;

/// What one reading covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year.
    Year,
    /// Something else, or not known.
    Period,
}

/// A word that names no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no period known here; it is one of day, week, month, quarter, year, period")]
pub struct PeriodRefused {
    /// What was written.
    pub word: String,
}

impl Period {
    /// How many there are in a year; `None` when that is not known.
    pub fn a_year(self) -> Option<f64> {
        match self {
            Period::Day => Some(365.25),
            Period::Week => Some(52.18),
            Period::Month => Some(12.0),
            Period::Quarter => Some(4.0),
            Period::Year => Some(1.0),
            Period::Period => None,
        }
    }

    /// What one reading covers, as far as the readings' periods tell; they are ascending and of one kind. Whole numbers
    /// that could all be years are years.
    pub fn of(periods: &[traction_stats::panel::Period]) -> Period {
        use traction_stats::panel::{Calendar, Period as At};
        let is_year = |period: &At| matches!(period, At::Number(year) if (1000..=9999).contains(year));
        match Calendar::of(periods) {
            Calendar::Numbers if !periods.is_empty() && periods.iter().all(is_year) => Period::Year,
            Calendar::Months { step: 1, .. } => Period::Month,
            Calendar::Months { step: 3, .. } => Period::Quarter,
            Calendar::Months { step: 12, .. } => Period::Year,
            Calendar::Days { step } => Period::of_days(step as f64),
            Calendar::Numbers | Calendar::Months { .. } => Period::Period,
        }
    }

    /// The period whose readings lie about so many days apart.
    pub fn of_days(days: f64) -> Period {
        match days {
            0.9..1.1 => Period::Day,
            6.9..7.1 => Period::Week,
            27.9..31.1 => Period::Month,
            89.0..92.1 => Period::Quarter,
            364.0..367.0 => Period::Year,
            _ => Period::Period,
        }
    }

    /// "1 week", "3 weeks".
    pub(crate) fn count(self, n: usize) -> String {
        if n == 1 { format!("1 {self}") } else { format!("{n} {self}s") }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
            Period::Period => "period",
        })
    }
}

impl FromStr for Period {
    type Err = PeriodRefused;

    fn from_str(word: &str) -> Result<Period, PeriodRefused> {
        let all = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year, Period::Period];
        let known = all.into_iter().find(|period| period.to_string() == word);
        known.ok_or_else(|| PeriodRefused { word: word.to_owned() })
    }
}

/// A small count as a word, as sentences begin.
pub(crate) fn word(n: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// `value` with the decimals that two digits of its error bear; three digits of the value without an error.
pub(crate) fn rounded(value: f64, error: f64) -> String {
    let bears =
        |size: f64, digits: i32| (digits - 1 - size.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let decimals = if error > 0.0 {
        bears(error, 2)
    } else if value != 0.0 {
        bears(value, 3)
    } else {
        0
    };
    let text = format!("{value:.decimals$}");
    // Without an error there is nothing that trailing zeros would tell.
    let text = if text.contains('.') && error <= 0.0 {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    if text.trim_start_matches('-').chars().all(|digit| matches!(digit, '0' | '.')) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// A share as whole per cents, "-5 %" and "130 %" included.
pub(crate) fn per_cent(share: f64) -> String {
    let whole = (share * 100.0).round();
    format!("{:.0} %", if whole == 0.0 { 0.0 } else { whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_their_error_bears() {
        for (value, error, expect) in [
            (12.3456, 0.42, "12.35"),
            (12.3456, 4.2, "12.3"),
            (12.3456, 42.0, "12"),
            (1234.5, 0.0, "1234"),
            (0.012345, 0.0, "0.0123"),
            (5.0, 0.0, "5"),
            (-0.001, 0.5, "0.00"),
            (0.0, 0.0, "0"),
        ] {
            assert_eq!(rounded(value, error), expect);
        }
        assert_eq!([0.345, -0.052, 1.3, -0.001].map(per_cent), ["35 %", "-5 %", "130 %", "0 %"]);
    }

    #[test]
    fn periods_read_what_they_write_and_are_known_by_their_length() {
        for days in [1.0, 7.0, 28.0, 31.0, 91.0, 365.0, 10.0] {
            let period = Period::of_days(days);
            assert_eq!(period.to_string().parse(), Ok(period));
        }
        assert_eq!(Period::of_days(10.0), Period::Period);
        assert!("fortnight".parse::<Period>().is_err());
    }

    #[test]
    fn small_counts_are_words() {
        assert_eq!((word(4), word(12)), ("four".into(), "12".into()));
    }
}
