//! The tension map: two poles that need each other, each on its own scale from early warning to healthy.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// Both poles over the same periods.
///
/// The poles' metrics have different units, so each is drawn from its own floor (0) to its own healthy level (1).
#[derive(Debug, Clone, PartialEq)]
pub struct TensionMap {
    /// The periods, named.
    pub x: Axis,
    /// The two poles.
    pub poles: [Pole; 2],
    /// Periods in which the weight was rocked to a pole, and the words for it: "rock to care".
    pub rocks: Vec<(usize, String)>,
}

/// One pole.
#[derive(Debug, Clone, PartialEq)]
pub struct Pole {
    /// Its name.
    pub name: String,
    /// Its metric with the unit.
    pub metric: Axis,
    /// The level at which its early warnings begin.
    pub floor: f64,
    /// The level at which it is well; differs from `floor`.
    pub healthy: f64,
    /// A level a period; `None` where nothing was measured.
    pub levels: Vec<Option<f64>>,
    /// Its momentum in words: "gaining", "flat", "losing"; `None` when it is too early to say.
    pub momentum: Option<String>,
}

impl Pole {
    fn relative(&self, level: f64) -> Option<f64> {
        let part = (level - self.floor) / (self.healthy - self.floor);
        part.is_finite().then_some(part)
    }

    fn last(&self) -> Option<f64> {
        self.levels.iter().rev().copied().flatten().find(|level| level.is_finite())
    }

    fn says(&self) -> String {
        let mut words = self.name.clone();
        if let Some(momentum) = &self.momentum {
            words.push_str(", ");
            words.push_str(momentum);
        }
        words
    }
}

impl TensionMap {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let [left, right] = &self.poles;
        let periods = left.levels.len().max(right.levels.len());
        let rows = (0..periods)
            .map(|place| {
                vec![
                    Cell::words(self.x.written(place)),
                    Cell::on(&left.metric, left.levels.get(place).copied().flatten()),
                    Cell::on(&right.metric, right.levels.get(place).copied().flatten()),
                ]
            })
            .collect();
        let heading = |pole: &Pole| format!("{} ({})", pole.name, pole.metric.label);
        let table = Table::new([self.x.label.clone(), heading(left), heading(right)], rows);
        let description = self.description();
        let mut marks = vec![
            Mark::Across { y: 1.0, tone: Tone::Quiet, stroke: Stroke::Dashed, label: Some("healthy".into()) },
            Mark::Across {
                y: 0.0,
                tone: Tone::Harm,
                stroke: Stroke::Dashed,
                label: Some("early warnings below".into()),
            },
        ];
        for (place, words) in &self.rocks {
            marks.push(Mark::Moment { x: *place as f64, tone: Tone::Ink, label: words.clone() });
        }
        for (pole, (tone, stroke, shape)) in self
            .poles
            .iter()
            .zip([(Tone::Pull, Stroke::Whole, Shape::Dot), (Tone::Push, Stroke::Dashed, Shape::Diamond)])
        {
            let points: Vec<(f64, Option<f64>)> = pole
                .levels
                .iter()
                .enumerate()
                .map(|(at, level)| (at as f64, level.and_then(|level| pole.relative(level))))
                .collect();
            if let Some((x, Some(y))) = points.iter().rev().find(|point| point.1.is_some()).copied() {
                let raw = pole.last().map(|level| pole.metric.says(level)).unwrap_or_default();
                marks.push(Mark::Point {
                    x,
                    y,
                    shape,
                    tone,
                    says: format!("{}: {raw}", pole.name),
                    label: None,
                });
            }
            marks.push(Mark::Line { points, tone, stroke, label: Some(pole.says()) });
        }
        let plot = Plot {
            x: self.x,
            y: Axis::number("Level: 0 is the early warning, 1 is healthy"),
            y_holds: Vec::new(),
            x_holds: Vec::new(),
            marks,
        };
        let picture = if plot.is_empty() {
            Picture::Nothing("Neither pole has a reading yet. The first one of each starts the map.")
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }

    fn description(&self) -> String {
        let mut words =
            String::from("Two poles over time, each from its early warning to its healthy level.");
        for pole in &self.poles {
            words.push_str(&match pole.last() {
                Some(level) => format!(
                    " {}: now {} ({}); early warning at {}, healthy at {}.",
                    pole.says(),
                    pole.metric.says(level),
                    pole.metric.label,
                    pole.metric.says(pole.floor),
                    pole.metric.says(pole.healthy)
                ),
                None => format!(" {}: no reading yet.", pole.name),
            });
        }
        words
    }
}
