//! The uptake curve: the share of people who use the solution, by week.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// One or two shares over the same periods, each named at its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Uptake {
    /// The periods, named.
    pub x: Axis,
    /// What share of whom: "Members active in the week".
    pub y: Axis,
    /// The curves; the first one is the one the page is about.
    pub series: Vec<Series>,
    /// The period the slot started.
    pub start: Option<usize>,
    /// So many periods are counted, of the others the table says that they are not yet; `None` where all are.
    pub n_counted: Option<usize>,
    /// Further columns of the table: what each holds, a cell a period.
    pub beside: Vec<(String, Vec<Cell>)>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Whose curve it is.
    pub name: String,
    /// A share a period; `None` where it is withheld or nothing was measured.
    pub shares: Vec<Option<f64>>,
}

impl Uptake {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let periods = self.series.iter().map(|series| series.shares.len()).max().unwrap_or(0);
        let rows = (0..periods)
            .map(|place| {
                let shares = self.series.iter().map(|series| series.shares.get(place).copied().flatten());
                let mut row = vec![Cell::words(self.x.written(place))];
                row.extend(shares.map(|share| {
                    share.map_or(Cell::words(self.missing(place)), |share| Cell::on(&self.y, Some(share)))
                }));
                row.extend(
                    self.beside.iter().map(|(_, cells)| cells.get(place).cloned().unwrap_or(Cell::Nothing)),
                );
                row
            })
            .collect();
        let named = self.series.iter().map(|series| series.name.clone());
        let beside = self.beside.iter().map(|(name, _)| name.clone());
        let headings = [self.x.label.clone()].into_iter().chain(named).chain(beside);
        let table = Table::new(headings, rows);
        let description = self.description();
        let mut marks = Vec::new();
        if let Some(start) = self.start {
            marks.push(Mark::Moment {
                x: start as f64 - 0.5,
                tone: Tone::Quiet,
                label: "slot starts".into(),
            });
        }
        for (place, series) in self.series.iter().enumerate() {
            let (tone, stroke, shape) = match place {
                0 => (Tone::Pull, Stroke::Whole, Shape::Dot),
                1 => (Tone::Quiet, Stroke::Dashed, Shape::Ring),
                _ => (Tone::Ink, Stroke::Dotted, Shape::Diamond),
            };
            let places: Vec<(f64, Option<f64>)> =
                series.shares.iter().enumerate().map(|(at, share)| (at as f64, *share)).collect();
            if let Some((x, Some(y))) = places.iter().rev().find(|point| point.1.is_some()).copied() {
                let period = self.x.name(x as usize);
                let says = format!("{}, {period}: {}", series.name, self.y.says(y));
                marks.push(Mark::Point { x, y, shape, tone, says, label: None });
                marks.push(Mark::Line {
                    points: places,
                    tone,
                    stroke,
                    label: Some(format!("{}, {}", series.name, self.y.says(y))),
                });
            }
        }
        let plot = Plot { x: self.x, y: self.y, y_holds: vec![0.0], x_holds: Vec::new(), marks };
        let picture = if plot.is_empty() {
            Picture::Nothing(
                "No use has been seen yet. It shows here a moment after the real system sends its first event, from five people on.",
            )
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }

    /// Why there is no number of a period.
    fn missing(&self, place: usize) -> &'static str {
        if self.n_counted.is_some_and(|n| place >= n) { "not counted yet" } else { "not shown" }
    }

    fn description(&self) -> String {
        let mut words = format!("{}, by {}.", self.y.label, self.x.label.to_lowercase());
        for series in &self.series {
            let seen: Vec<f64> = series.shares.iter().copied().flatten().collect();
            if let (Some(first), Some(last)) = (seen.first(), seen.last()) {
                words.push_str(&format!(
                    " {}: from {} to {} in {} periods.",
                    series.name,
                    self.y.says(*first),
                    self.y.says(*last),
                    series.shares.len()
                ));
            }
        }
        words
    }
}
