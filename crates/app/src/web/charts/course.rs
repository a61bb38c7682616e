//! A course: what was seen over time, beside what was expected of it without the solution.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// What was seen beside what was expected, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The periods, named.
    pub x: Axis,
    /// The outcome with its unit: "Absence, days a month".
    pub y: Axis,
    /// What was seen and what was expected, in order.
    pub points: Vec<(f64, f64)>,
    /// Whose course is expected: "its twin".
    pub expected: String,
    /// The place of the first period with the solution.
    pub start: Option<usize>,
}

impl Course {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let rows = self.points.iter().enumerate().map(|(place, (observed, expected))| {
            let on = |value: f64| Cell::on(&self.y, Some(value));
            vec![Cell::words(self.x.written(place)), on(*observed), on(*expected), on(observed - expected)]
        });
        let headings = [self.x.label.as_str(), "Seen", &self.expected, "Difference"];
        let table = Table::new(headings, rows.collect());
        let description = self.description();
        let mut marks = Vec::new();
        if let Some(start) = self.start {
            marks.push(Mark::Moment { x: start as f64 - 0.5, tone: Tone::Quiet, label: "start".into() });
        }
        let line = |of: fn(&(f64, f64)) -> f64, tone, stroke, label: &str| Mark::Line {
            points: self.points.iter().enumerate().map(|(at, point)| (at as f64, Some(of(point)))).collect(),
            tone,
            stroke,
            label: Some(label.to_owned()),
        };
        marks.push(line(|point| point.1, Tone::Quiet, Stroke::Dashed, &self.expected));
        marks.push(line(|point| point.0, Tone::Pull, Stroke::Whole, "seen"));
        marks.extend(self.points.iter().enumerate().map(|(place, (observed, _))| Mark::Point {
            x: place as f64,
            y: *observed,
            shape: if self.start.is_some_and(|start| place >= start) { Shape::Dot } else { Shape::Ring },
            tone: Tone::Pull,
            says: format!("{}: {}", self.x.name(place), self.y.says(*observed)),
            label: None,
        }));
        let plot = Plot { x: self.x, y: self.y, y_holds: Vec::new(), x_holds: Vec::new(), marks };
        let picture = if plot.is_empty() {
            Picture::Nothing("Nothing was seen yet. It takes outcomes from before and after a start.")
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }

    fn description(&self) -> String {
        let mut words = format!("{}, by {}.", self.y.label, self.x.label.to_lowercase());
        if let Some((place, (observed, expected))) = self.points.iter().enumerate().next_back() {
            words.push_str(&format!(
                " In the last, {}, {} was seen; {} would be {}.",
                self.x.name(place),
                self.y.says(*observed),
                self.expected,
                self.y.says(*expected)
            ));
        }
        words
    }
}
