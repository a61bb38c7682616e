//! What is there: a row a unit, a square a period; what is missing is a hollow place, what was corrected is marked by
//! shape and colour.

use maud::{Markup, html};

use super::ink::{self, Drawn, Size, at};
use super::labels;
use super::{Cell, Chart, Picture, Table};

/// What is known of units over periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The periods, in their order, as people write them.
    pub periods: Vec<String>,
    /// The units.
    pub rows: Vec<CoverageRow>,
}

/// What is known of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRow {
    /// Its name.
    pub name: String,
    /// A cell for each period.
    pub cells: Vec<Known>,
}

/// What is known of a unit in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Missing,
    /// A value.
    There,
    /// A value that took the place of another.
    Corrected,
}

impl Coverage {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let count = |row: &CoverageRow, what: Known| row.cells.iter().filter(|cell| **cell == what).count();
        let named = |row: &CoverageRow, what: Known| {
            let those = row.cells.iter().zip(&self.periods).filter(|(cell, _)| **cell == what);
            let names: Vec<&str> = those.map(|(_, period)| period.as_str()).collect();
            match names.len() {
                0 => Cell::Nothing,
                1..=12 => Cell::words(names.join(", ")),
                n => Cell::words(format!("{n}, the last {}", names[n - 1])),
            }
        };
        let rows = self.rows.iter().map(|row| {
            let n_there = row.cells.len() - count(row, Known::Missing);
            vec![
                Cell::words(&row.name),
                Cell::Number(n_there as f64),
                named(row, Known::Missing),
                named(row, Known::Corrected),
            ]
        });
        let table = Table::new(["Unit", "Periods with a value", "Missing", "Corrected"], rows.collect());
        let span = match (self.periods.first(), self.periods.last()) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        };
        let description = format!(
            "{} over {}, {span}: filled where there is a value, hollow where it is missing, a diamond where it was corrected.",
            crate::web::counted(self.rows.len(), "unit", "units"),
            crate::web::counted(self.periods.len(), "period", "periods"),
        );
        let picture = if self.rows.is_empty() || self.periods.is_empty() {
            Picture::Nothing(
                "Nothing is known yet. When outcomes come in, each unit and period gets its place here.",
            )
        } else {
            Picture::Coverage(self)
        };
        Chart { title: title.into(), description, picture, table }
    }

    pub(super) fn drawn(&self, size: Size) -> Drawn {
        let font = size.font;
        let room = size.width * if size == ink::NARROW { 0.34 } else { 0.24 };
        let longest = self.rows.iter().map(|row| labels::width(&row.name, font)).fold(0.0, f64::max);
        let left = longest.min(room) + font * 0.8;
        let step = ((size.width - left) / self.periods.len() as f64).min(font * 1.6);
        let tall = font * 1.35;
        let top = font * 2.6;
        let bottom = top + tall * self.rows.len() as f64;
        let x = |place: usize| left + step * place as f64;
        let inside = html! {
            (self.legend(left, font))
            @for (nth, row) in self.rows.iter().enumerate() {
                @let y = top + tall * nth as f64;
                text class="ink" x="0" y=(at(y + tall * 0.72)) { (labels::clip(&row.name, font, left - font * 0.8)) }
                (row.drawn(&x, (y, tall), step))
            }
            (self.axis(&x, bottom, font, size.width))
        };
        Drawn { height: bottom + font * 1.8, inside }
    }

    /// The three marks, each beside its word.
    fn legend(&self, left: f64, font: f64) -> Markup {
        let y = font * 0.9;
        let words = [("there", Known::There), ("missing", Known::Missing), ("corrected", Known::Corrected)];
        let wide = |(word, _): &(&str, Known)| font * 2.4 + labels::width(word, font);
        html! {
            @for (nth, (word, known)) in words.into_iter().enumerate() {
                @let x = left + words[..nth].iter().map(wide).sum::<f64>();
                (mark(known, x + font * 0.45, y - font * 0.3, font * 0.4, font * 0.4))
                text class="quiet" x=(at(x + font * 1.2)) y=(at(y)) { (word) }
            }
        }
    }

    /// The first and the last period, and some between where there is room.
    fn axis(&self, x: &impl Fn(usize) -> f64, bottom: f64, font: f64, width: f64) -> Markup {
        let wide = self.periods.iter().map(|period| labels::width(period, font)).fold(0.0, f64::max) + font;
        let every = (wide / (x(1) - x(0))).ceil().max(1.0) as usize;
        let fits = |place: &usize| x(*place) + wide <= width + font;
        let places: Vec<usize> = (0..self.periods.len()).step_by(every).filter(fits).collect();
        html! {
            @for place in &places {
                (ink::line((x(*place), bottom), (x(*place), bottom + font * 0.3), "line thin grid"))
                text class="quiet" x=(at(x(*place))) y=(at(bottom + font * 1.35)) { (self.periods[*place]) }
            }
        }
    }
}

impl CoverageRow {
    /// Neighbours of one kind are one shape, so that a page of a thousand values stays light.
    fn drawn(&self, x: &impl Fn(usize) -> f64, (y, tall): (f64, f64), step: f64) -> Markup {
        let gap = (step * 0.12).min(1.5);
        let high = tall * 0.72;
        html! {
            @for (first, n, known) in self.runs() {
                @match known {
                    Known::There => rect class="fill pull" x=(at(x(first) + gap)) y=(at(y + (tall - high) / 2.0))
                        width=(at((step * n as f64 - 2.0 * gap).max(0.5))) height=(at(high)) rx="1.5" {},
                    Known::Missing => rect class="open quiet dots" x=(at(x(first) + gap + 0.9)) y=(at(y + (tall - high) / 2.0 + 0.9))
                        width=(at((step * n as f64 - 2.0 * gap - 1.8).max(0.5))) height=(at(high - 1.8)) rx="1.5" {},
                    Known::Corrected => @for place in first..first + n {
                        (mark(Known::Corrected, x(place) + step / 2.0, y + tall / 2.0, (step / 2.0).clamp(2.5, high / 2.0), high / 2.0))
                    },
                }
            }
        }
    }

    /// Stretches of one kind: the first place, how many, what.
    fn runs(&self) -> Vec<(usize, usize, Known)> {
        let mut runs: Vec<(usize, usize, Known)> = Vec::new();
        for (place, known) in self.cells.iter().enumerate() {
            match runs.last_mut() {
                Some((_, n, last)) if last == known => *n += 1,
                _ => runs.push((place, 1, *known)),
            }
        }
        runs
    }
}

fn mark(known: Known, x: f64, y: f64, across: f64, up: f64) -> Markup {
    match known {
        Known::There => html! {
            rect class="fill pull" x=(at(x - across)) y=(at(y - up)) width=(at(2.0 * across)) height=(at(2.0 * up)) rx="1.5" {}
        },
        Known::Missing => html! {
            rect class="open quiet dots" x=(at(x - across)) y=(at(y - up)) width=(at(2.0 * across)) height=(at(2.0 * up)) rx="1.5" {}
        },
        Known::Corrected => html! {
            path class="fill push" d=(format!("{}Z", ink::path(&[(x, y - up), (x + across, y), (x, y + up), (x - across, y)]))) {}
        },
    }
}
