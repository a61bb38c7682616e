//! The control and watch chart: readings over time, the level of each phase, and what strayed.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::scale::Shows;
use super::{Axis, Cell, Chart, Picture, Table};

/// Readings in order of time; place `i` of every list is the same period, named by the x axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The periods, named.
    pub x: Axis,
    /// The outcome with its unit.
    pub y: Axis,
    /// One reading a period, in order.
    pub readings: Vec<Reading>,
    /// Levels and limits by stretch of time.
    pub phases: Vec<Phase>,
    /// Half-way between the old level and the new one: the watch's line.
    pub half_way: Option<f64>,
    /// The first period after support ended.
    pub hand_over: Option<usize>,
    /// The goal's level.
    pub target: Option<f64>,
}

/// One period's reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The value; `None` when nothing was measured or it is withheld.
    pub value: Option<f64>,
    /// What its rule says, if it says anything.
    pub signal: Signal,
}

/// What a rule says of one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Nothing out of the common.
    Common,
    /// On the wrong side of the line that matters.
    Concern,
    /// Better than the limits would let one expect.
    Improvement,
}

impl Signal {
    fn says(self) -> &'static str {
        match self {
            Self::Common => "",
            Self::Concern => "concern",
            Self::Improvement => "improvement",
        }
    }

    fn look(self) -> (Shape, Tone) {
        match self {
            Self::Common => (Shape::Dot, Tone::Ink),
            Self::Concern => (Shape::Diamond, Tone::Harm),
            Self::Improvement => (Shape::Up, Tone::Pull),
        }
    }
}

/// A stretch of time with one level.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Its name beside the level: "before", "with support".
    pub name: String,
    /// First and last period, both included, counted from 0.
    pub places: (usize, usize),
    /// The level.
    pub centre: f64,
    /// Lower and upper limit, where the chart has them.
    pub limits: Option<(f64, f64)>,
}

impl Control {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let table = self.table();
        let description = self.description();
        let mut marks = Vec::new();
        for phase in &self.phases {
            let (left, right) = (phase.places.0 as f64 - 0.5, phase.places.1 as f64 + 0.5);
            if let Some((low, high)) = phase.limits {
                marks.push(Mark::Band { left, right, low, high, tone: Tone::Quiet });
            }
            marks.push(Mark::Line {
                points: vec![(left, Some(phase.centre)), (right, Some(phase.centre))],
                tone: Tone::Pull,
                stroke: Stroke::Thin,
                label: Some(format!("{}: {}", phase.name, self.y.says(phase.centre))),
            });
        }
        let across = [
            (self.half_way, Tone::Push, Stroke::Dashed, "half-way"),
            (self.target, Tone::Pull, Stroke::Dotted, "goal"),
        ];
        for (value, tone, stroke, name) in across {
            if let Some(y) = value {
                marks.push(Mark::Across {
                    y,
                    tone,
                    stroke,
                    label: Some(format!("{name}, {}", self.y.says(y))),
                });
            }
        }
        if let Some(place) = self.hand_over {
            marks.push(Mark::Moment { x: place as f64 - 0.5, tone: Tone::Ink, label: "hand-over".into() });
        }
        marks.push(Mark::Line {
            points: self
                .readings
                .iter()
                .enumerate()
                .map(|(at, reading)| (at as f64, reading.value))
                .collect(),
            tone: Tone::Quiet,
            stroke: Stroke::Thin,
            label: None,
        });
        let mut named = false;
        for (place, reading) in self.readings.iter().enumerate() {
            let Some(y) = reading.value else { continue };
            let (shape, tone) = reading.signal.look();
            // The first point of concern is named; the others share its shape.
            let label = (reading.signal == Signal::Concern && !named).then(|| "past the line".to_owned());
            named |= label.is_some();
            let says = format!("{}: {} {}", self.x.name(place), self.y.says(y), reading.signal.says());
            marks.push(Mark::Point {
                x: place as f64,
                y,
                shape,
                tone,
                says: says.trim_end().to_owned(),
                label,
            });
        }
        let y_holds = self.room_for_names();
        let plot = Plot { x: self.x, y: self.y, y_holds, x_holds: Vec::new(), marks };
        let picture = if plot.is_empty() {
            Picture::Nothing(
                "No reading has come in yet. The first one starts the chart; twelve make a level.",
            )
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }

    /// What the picture must hold so that the levels' names find room above the readings, or below them where a share
    /// ends above.
    fn room_for_names(&self) -> Vec<f64> {
        let values =
            || self.readings.iter().filter_map(|reading| reading.value).filter(|value| value.is_finite());
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let span = high - low;
        if self.phases.is_empty() || !span.is_finite() || span <= 0.0 {
            return Vec::new();
        }
        let above = high + 0.15 * span;
        match self.y.shows {
            Shows::Share if above > 1.0 => vec![(low - 0.15 * span).max(0.0)],
            _ => vec![above],
        }
    }

    fn table(&self) -> Table {
        let rows = self
            .readings
            .iter()
            .enumerate()
            .map(|(place, reading)| {
                let phase =
                    self.phases.iter().find(|phase| (phase.places.0..=phase.places.1).contains(&place));
                vec![
                    Cell::words(self.x.written(place)),
                    Cell::on(&self.y, reading.value),
                    Cell::on(&self.y, phase.map(|phase| phase.centre)),
                    Cell::words(phase.map_or("", |phase| phase.name.as_str())),
                    Cell::words(reading.signal.says()),
                ]
            })
            .collect();
        Table::new([self.x.label.as_str(), &self.y.label, "Level", "Phase", "Signal"], rows)
    }

    fn description(&self) -> String {
        let seen = self.readings.iter().filter(|reading| reading.value.is_some()).count();
        let concerns = self.readings.iter().filter(|reading| reading.signal == Signal::Concern).count();
        let mut words = format!("{} over time, {seen} readings.", self.y.label);
        for phase in &self.phases {
            words.push_str(&format!(" Level {}: {}.", phase.name, self.y.says(phase.centre)));
        }
        if let Some(half_way) = self.half_way {
            words.push_str(&format!(" The half-way line is at {}.", self.y.says(half_way)));
        }
        words.push_str(&match concerns {
            0 => " No reading is of concern.".to_owned(),
            1 => " One reading is of concern.".to_owned(),
            many => format!(" {many} readings are of concern."),
        });
        words
    }
}
