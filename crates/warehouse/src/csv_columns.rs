//! What the columns of a CSV file are, decided by all of its values: whole numbers, numbers, days, or text.
//!
//! A column is a number only where nothing is lost by it: `007` is the name of a ward, and stays what it is. What the
//! engine would stumble over later is refused here, by line and column, without the value.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use jiff::civil::Date;

#[cfg(test)]
mod tests;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Days.
    Day,
    /// Anything.
    Text,
}

/// A CSV file as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What stands between two cells.
    pub delimiter: u8,
    /// The columns, in their order.
    pub columns: Vec<(String, Values)>,
    /// Whether a cell holds a line break.
    pub breaks_lines: LineBreaks,
}

/// Whether cells hold line breaks, so that a line need not be a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineBreaks {
    /// None does.
    BetweenRows,
    /// Some do.
    InCells,
}

impl Written {
    /// Both, where they are parts of one table; otherwise why they are not.
    pub fn and(mut self, other: &Written) -> Result<Written, String> {
        let names = |written: &Written| -> Vec<String> {
            written.columns.iter().map(|(name, _)| name.clone()).collect()
        };
        if names(&self) != names(other) {
            return Err("its files have different columns".into());
        }
        if self.delimiter != other.delimiter {
            return Err("its files have different signs between the columns".into());
        }
        for ((_, values), (_, others)) in self.columns.iter_mut().zip(&other.columns) {
            *values = both(*values, *others);
        }
        if other.breaks_lines == LineBreaks::InCells {
            self.breaks_lines = LineBreaks::InCells;
        }
        Ok(self)
    }
}

fn both(one: Values, other: Values) -> Values {
    match (one, other) {
        _ if one == other => one,
        (Values::Whole, Values::Number) | (Values::Number, Values::Whole) => Values::Number,
        _ => Values::Text,
    }
}

/// Reads a whole file; what its columns are, or what is wrong with it.
pub fn written(file: &Path) -> Result<Written, String> {
    let open = || File::open(file).map(BufReader::new).map_err(|error| error.kind().to_string());
    let mut header = Vec::new();
    open()?.read_until(b'\n', &mut header).map_err(|error| error.kind().to_string())?;
    let delimiter = delimiter(&header);
    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(open()?);
    let header = rows.headers().map_err(|error| flaw(&error))?.clone();
    let mut columns: Vec<Seen> = Vec::new();
    for name in &header {
        if name.trim().is_empty() {
            return Err("a column has no name in the first line".into());
        }
        if columns.iter().any(|seen| seen.name == name) {
            return Err(format!("two columns are called `{name}`"));
        }
        columns.push(Seen::of(name));
    }
    if columns.is_empty() {
        return Err("it is empty; the first line names the columns".into());
    }
    let mut row = csv::StringRecord::new();
    let mut breaks_lines = LineBreaks::BetweenRows;
    while rows.read_record(&mut row).map_err(|error| flaw(&error))? {
        for (cell, seen) in row.iter().zip(&mut columns) {
            seen.sees(cell);
            if cell.contains(['\n', '\r']) {
                breaks_lines = LineBreaks::InCells;
            }
        }
    }
    let columns = columns.into_iter().map(|seen| (seen.name.clone(), seen.values())).collect();
    Ok(Written { delimiter, columns, breaks_lines })
}

/// The sign that stands most often in the header, of those that are in use.
fn delimiter(header: &[u8]) -> u8 {
    let count = |sign: u8| header.iter().filter(|byte| **byte == sign).count();
    // The last of equals wins, and a header of one column has none.
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// What is wrong with a file, without its words.
fn flaw(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => error.kind().to_string(),
        csv::ErrorKind::Utf8 { .. } => format!("line {line} is not UTF-8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line} has {len} cells, and the first line names {expected_len} columns")
        }
        _ => format!("line {line} cannot be read"),
    }
}

/// What a column can still be, by the values that were seen.
struct Seen {
    name: String,
    is_empty: bool,
    is_whole: bool,
    is_number: bool,
    is_day: bool,
}

impl Seen {
    fn of(name: &str) -> Seen {
        Seen { name: name.to_owned(), is_empty: true, is_whole: true, is_number: true, is_day: true }
    }

    fn sees(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.is_empty = false;
        self.is_whole = self.is_whole && is_whole(cell);
        self.is_number = self.is_number && is_number(cell);
        self.is_day = self.is_day && is_day(cell);
    }

    fn values(&self) -> Values {
        match self {
            _ if self.is_empty => Values::Text,
            _ if self.is_whole => Values::Whole,
            _ if self.is_number => Values::Number,
            _ if self.is_day => Values::Day,
            _ => Values::Text,
        }
    }
}

fn is_whole(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    // Eighteen digits fit into 64 bits, whatever they are.
    is_plain(digits) && digits.len() <= 18
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (digits, power) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (before, after) = digits.split_once('.').unwrap_or((digits, "0"));
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain(before)
        && all_digits(after)
        && all_digits(power)
        && cell.parse::<f64>().is_ok_and(f64::is_finite)
        // A number of more than fifteen digits without a point is the name of something.
        && (digits.contains('.') || digits.len() <= 15)
}

/// Digits that begin with a zero only where they are zero.
fn is_plain(digits: &str) -> bool {
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && (digits.len() == 1 || !digits.starts_with('0'))
}

fn is_day(cell: &str) -> bool {
    cell.len() == 10 && cell.parse::<Date>().is_ok()
}
