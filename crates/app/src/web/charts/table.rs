//! The table behind a picture: the same numbers for eyes, screen readers and spreadsheets.
//!
//! On the page numbers are rounded to what a reader can use; in the CSV they stand with all the digits that they carry.

use maud::{Markup, html};

use super::Estimate;
use super::scale::{Axis, sensible};
use crate::web::when;

/// One cell of a picture's table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words: a unit, a period, a state.
    Words(String),
    /// A quantity, written with about three telling digits on the page.
    Number(f64),
    /// A quantity, written as it is said beside the picture.
    Said(f64, String),
    /// A share from 0 to 1, written in per cent on the page and as 0 to 1 in the CSV.
    Share(f64),
    /// Nothing known, or withheld.
    Nothing,
}

impl Cell {
    /// A cell of words.
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// A value as the axis writes it; `None` and numbers that are not finite become an empty cell.
    pub(super) fn on(axis: &Axis, value: Option<f64>) -> Self {
        match (value.filter(|value| value.is_finite()), axis.shows) {
            (None, _) => Self::Nothing,
            (Some(value), super::Shows::Share) => Self::Share(value),
            (Some(value), super::Shows::Number) => Self::Number(value),
        }
    }

    /// An estimate with the ends of its interval, as the axis says them together.
    pub(super) fn estimated(axis: &Axis, estimate: &Estimate) -> [Self; 3] {
        let (value, ends) = axis.says_alike(estimate);
        let (low, high) = ends.unzip();
        let cell = |exact: Option<f64>, words: Option<String>| match (exact, words, axis.shows) {
            (Some(exact), Some(words), super::Shows::Number) if exact.is_finite() => Self::Said(exact, words),
            (exact, ..) => Self::on(axis, exact),
        };
        [
            cell(Some(estimate.value), Some(value)),
            cell(estimate.interval.map(|ends| ends.low), low),
            cell(estimate.interval.map(|ends| ends.high), high),
        ]
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Said(..) | Self::Share(_))
    }

    fn read(&self) -> String {
        match self {
            Self::Words(words) => when::period(words),
            Self::Number(value) => sensible(*value),
            Self::Said(_, words) => words.clone(),
            Self::Share(share) => format!("{} %", sensible((share * 1000.0).round() / 10.0)),
            Self::Nothing => "\u{2013}".to_owned(),
        }
    }

    fn exact(&self) -> String {
        match self {
            Self::Words(words) => inert(words),
            Self::Number(value) | Self::Said(value, _) | Self::Share(value) => carried(*value),
            Self::Nothing => String::new(),
        }
    }
}

/// A number to the fifteenth digit, which a double always carries. What stands behind it comes of reckoning in twos: three
/// tenths are 0.3, not 0.30000000000000004.
fn carried(value: f64) -> String {
    format!("{value:.14e}").parse::<f64>().unwrap_or(value).to_string()
}

/// Spreadsheets run words that begin like a formula; a leading apostrophe keeps them words.
fn inert(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words.to_owned() }
}

/// The numbers of a picture: one heading for each column, rows of the same length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What each column holds, with its unit.
    pub headings: Vec<String>,
    /// Rows in reading order; each as long as `headings`.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn new(headings: impl IntoIterator<Item = impl Into<String>>, rows: Vec<Vec<Cell>>) -> Self {
        Self { headings: headings.into_iter().map(Into::into).collect(), rows }
    }

    /// The table as it stands on a page; the first column names the row.
    pub(super) fn markup(&self, caption: &str) -> Markup {
        html! {
            div class="scrolls" role="region" tabindex="0" aria-label=(format!("Table: {caption}")) {
                table class="list" {
                    thead { tr {
                        @for (place, heading) in self.headings.iter().enumerate() {
                            th scope="col" class=[self.numeric(place).then_some("number")] { (heading) }
                        }
                    } }
                    tbody {
                        @for row in &self.rows { tr {
                            @for (place, cell) in row.iter().enumerate() {
                                @if place == 0 {
                                    th scope="row" { (cell.read()) }
                                } @else {
                                    td class=[self.numeric(place).then_some("number")] { (cell.read()) }
                                }
                            }
                        } }
                    }
                }
            }
        }
    }

    /// The table as CSV with all digits that its numbers carry, lines ended as RFC 4180 asks.
    pub(super) fn csv(&self) -> String {
        let mut text = String::new();
        line(&mut text, self.headings.iter().map(|heading| inert(heading)));
        for row in &self.rows {
            line(&mut text, row.iter().map(Cell::exact));
        }
        text
    }

    fn numeric(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_number))
    }
}

// Written here, not by the csv crate: into a string nothing can fail, and a failure would need a third outcome.
fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}
