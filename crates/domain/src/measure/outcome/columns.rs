//! Which column of a table is what: guessed from names and cells, then settled by whoever knows.
//!
//! A guess is shown before anything is taken; it never decides by itself.

use std::fmt;

use crate::measure::outcome::calendar;
use crate::measure::outcome::numbers::{Written, number, truth};
use crate::refusal::Refusal;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The units.
    Unit,
    /// The periods.
    Period,
    /// The values themselves.
    Value,
    /// How many.
    Numerator,
    /// Of how many.
    Denominator,
}

impl Part {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Part; 5] = [Part::Unit, Part::Period, Part::Value, Part::Numerator, Part::Denominator];

    /// Its word, which is also the name of its column in a table that needs no matching.
    pub fn word(self) -> &'static str {
        match self {
            Part::Unit => "unit",
            Part::Period => "period",
            Part::Value => "value",
            Part::Numerator => "numerator",
            Part::Denominator => "denominator",
        }
    }

    /// Names by which such columns go, in small letters.
    fn names(self) -> &'static [&'static str] {
        match self {
            Part::Unit => &["ward", "team", "site", "branch", "department", "location", "clinic", "slug"],
            Part::Period => &["date", "day", "week", "month", "year", "time", "when"],
            Part::Value => &["outcome", "rate", "mean", "average", "result", "measure", "y"],
            Part::Numerator => &["num", "events", "cases", "count", "yes", "hits"],
            Part::Denominator => &["den", "denom", "n", "total", "of", "population", "trials", "all"],
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Which column is what, as far as it is known: places in the header, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// The units.
    pub unit: Option<usize>,
    /// The periods.
    pub period: Option<usize>,
    /// The values.
    pub value: Option<usize>,
    /// How many.
    pub numerator: Option<usize>,
    /// Of how many.
    pub denominator: Option<usize>,
}

/// Which column is what, settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The units.
    pub unit: usize,
    /// The periods.
    pub period: usize,
    /// The values, where there is such a column.
    pub value: Option<usize>,
    /// How many, and of how many, where there are such columns.
    pub parts: Option<(usize, usize)>,
}

/// Why columns were not settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsRefused {
    /// Nothing says which column holds the units or the periods.
    #[error("no column is said to hold the {part}s; the columns are {}", listed(present))]
    Missing {
        /// What it should hold.
        part: Part,
        /// The columns that are there.
        present: Vec<String>,
    },
    /// Nothing was measured.
    #[error(
        "there is no column `value`, nor `numerator` and `denominator`; say which columns hold what was measured"
    )]
    NothingMeasured,
    /// Half of a ratio.
    #[error("a numerator and a denominator belong together; say which columns hold both, or the value")]
    Half,
    /// One column for two things.
    #[error(
        "the column `{column}` is said to hold both {first} and {second}; choose another for one of them"
    )]
    Twice {
        /// The column.
        column: String,
        /// What it should hold.
        first: Part,
        /// And what else.
        second: Part,
    },
}

impl Refusal for ColumnsRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            ColumnsRefused::Missing { part, .. } => Some(part.word()),
            ColumnsRefused::NothingMeasured => Some("value"),
            ColumnsRefused::Half => Some("denominator"),
            ColumnsRefused::Twice { second, .. } => Some(second.word()),
        }
    }
}

fn listed(present: &[String]) -> String {
    let names: Vec<String> = present.iter().take(30).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl Matching {
    /// The column of a part.
    pub fn of(&self, part: Part) -> Option<usize> {
        match part {
            Part::Unit => self.unit,
            Part::Period => self.period,
            Part::Value => self.value,
            Part::Numerator => self.numerator,
            Part::Denominator => self.denominator,
        }
    }

    /// With another column for a part.
    pub fn set(&mut self, part: Part, column: Option<usize>) {
        match part {
            Part::Unit => self.unit = column,
            Part::Period => self.period = column,
            Part::Value => self.value = column,
            Part::Numerator => self.numerator = column,
            Part::Denominator => self.denominator = column,
        }
    }

    /// The columns named by the parts' own words, and no other.
    pub fn by_word(header: &[String]) -> Matching {
        let mut matching = Matching::default();
        for part in Part::ALL {
            matching.set(part, header.iter().position(|name| name == part.word()));
        }
        matching
    }

    /// What the columns seem to hold: by the parts' own words, then by other usual names, then by what is in them.
    ///
    /// - `rows`: some rows, as long as the header each.
    /// - `is_unit`: whether a text names a unit that is known.
    pub fn guessed(header: &[String], rows: &[&[String]], is_unit: impl Fn(&str) -> bool) -> Matching {
        let mut matching = Matching::by_word(header);
        let plain: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        for part in Part::ALL {
            let is_meant = |name: &String| name == part.word() || part.names().contains(&name.as_str());
            let found = (0..header.len()).find(|at| is_meant(&plain[*at]) && matching.is_free(*at));
            if matching.of(part).is_none() {
                matching.set(part, found);
            }
        }
        let cells =
            |at: usize| rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.is_empty());
        let mostly = |at: usize, holds: &dyn Fn(&str) -> bool| {
            let n = cells(at).count();
            n > 0 && 2 * cells(at).filter(|cell| holds(cell)).count() >= n
        };
        let first = |matching: &Matching, holds: &dyn Fn(&str) -> bool| {
            (0..header.len()).find(|at| matching.is_free(*at) && mostly(*at, holds))
        };
        if matching.unit.is_none() {
            matching.unit = first(&matching, &is_unit);
        }
        if matching.period.is_none() {
            // A whole number may be a value as well as a year.
            let is_period = |cell: &str| calendar::read(cell).is_ok() && cell.parse::<f64>().is_err();
            matching.period = first(&matching, &is_period);
        }
        // Half of a ratio beside a value is a column of something else.
        if matching.numerator.is_none() != matching.denominator.is_none() {
            (matching.numerator, matching.denominator) = (None, None);
        }
        if matching.value.is_none() && matching.numerator.is_none() {
            let is_number =
                |cell: &str| truth(cell).is_none() && matches!(number(cell, Written::default()), Ok(Some(_)));
            matching.value = first(&matching, &is_number);
        }
        matching
    }

    fn is_free(&self, column: usize) -> bool {
        Part::ALL.iter().all(|part| self.of(*part) != Some(column))
    }

    /// The columns, when they are enough to read a table by.
    pub fn settled(&self, header: &[String]) -> Result<Columns, ColumnsRefused> {
        for (place, first) in Part::ALL.into_iter().enumerate() {
            for second in &Part::ALL[place + 1..] {
                if let Some(at) = self.of(first).filter(|at| self.of(*second) == Some(*at)) {
                    let column = header.get(at).cloned().unwrap_or_default();
                    return Err(ColumnsRefused::Twice { column, first, second: *second });
                }
            }
        }
        let must = |part: Part| {
            self.of(part).ok_or_else(|| ColumnsRefused::Missing { part, present: header.to_vec() })
        };
        let parts = match (self.numerator, self.denominator) {
            (Some(numerator), Some(denominator)) => Some((numerator, denominator)),
            (None, None) => None,
            _ => return Err(ColumnsRefused::Half),
        };
        let (unit, period) = (must(Part::Unit)?, must(Part::Period)?);
        if self.value.is_none() && parts.is_none() {
            return Err(ColumnsRefused::NothingMeasured);
        }
        Ok(Columns { unit, period, value: self.value, parts })
    }
}
