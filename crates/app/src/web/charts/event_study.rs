//! The event study: the effect by time since the start, each with its interval.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Estimate, Picture, Table};

/// Effects by exposure: periods since the start, negative before it.
///
/// Points before the start are hollow: there the truth should be nothing, and what shows is a check, not an effect.
#[derive(Debug, Clone, PartialEq)]
pub struct EventStudy {
    /// Periods since the start, with their unit: "Months since the start".
    pub x: Axis,
    /// The effect in the outcome's unit: "Effect on absence, days a month".
    pub y: Axis,
    /// Exposure (0 is the first period with the solution) and what was estimated there, in order.
    pub effects: Vec<(i32, Estimate)>,
    /// The smallest effect that would be worth it, with its sign; `None` when none was named.
    pub worth: Option<f64>,
    /// The true effect, where it is known because the data are simulated.
    pub truth: Option<f64>,
}

impl EventStudy {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let rows = self
            .effects
            .iter()
            .map(|(exposure, effect)| {
                let [value, low, high] = Cell::estimated(&self.y, effect);
                vec![Cell::Number(f64::from(*exposure)), value, low, high]
            })
            .collect();
        let table = Table::new([self.x.label.as_str(), &self.y.label, "Low end", "High end"], rows);
        let description = self.description();
        // Two names for one line would cover each other.
        let nothing = if self.truth == Some(0.0) { "no effect, as simulated" } else { "no effect" };
        let mut marks = vec![
            Mark::Across { y: 0.0, tone: Tone::Ink, stroke: Stroke::Thin, label: Some(nothing.into()) },
            Mark::Moment { x: -0.5, tone: Tone::Quiet, label: "start".into() },
        ];
        if let Some(worth) = self.worth.filter(|worth| *worth != 0.0) {
            marks.push(Mark::Across {
                y: worth,
                tone: Tone::Push,
                stroke: Stroke::Dashed,
                label: Some(format!("smallest effect worth it, {}", self.y.says(worth))),
            });
        }
        if let Some(truth) = self.truth.filter(|truth| *truth != 0.0) {
            marks.push(Mark::Across {
                y: truth,
                tone: Tone::Quiet,
                stroke: Stroke::Dotted,
                label: Some(format!("true effect of the simulation, {}", self.y.says(truth))),
            });
        }
        for (exposure, effect) in &self.effects {
            let x = f64::from(*exposure);
            let (shape, tone) =
                if *exposure < 0 { (Shape::Ring, Tone::Quiet) } else { (Shape::Dot, Tone::Pull) };
            let (value, ends) = self.y.says_alike(effect);
            let mut says = format!("{exposure}: {value}");
            if let Some((low, high)) = ends {
                says = format!("{says} ({low} to {high})");
            }
            if let Some(interval) = effect.interval {
                marks.push(Mark::Interval { x, low: interval.low, high: interval.high, tone });
            }
            marks.push(Mark::Point { x, y: effect.value, shape, tone, says, label: None });
        }
        let plot = Plot { x: self.x, y: self.y, y_holds: vec![0.0], x_holds: vec![-1.0, 0.0], marks };
        let picture = if plot.is_empty() {
            Picture::Nothing(
                "No effect could be estimated yet. It takes outcomes from before and after a start, and units to compare with.",
            )
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }

    fn description(&self) -> String {
        let before = self.effects.iter().filter(|(exposure, _)| *exposure < 0).count();
        let mut words = format!(
            "{}, by {}. {before} estimates before the start and {} from it on.",
            self.y.label,
            self.x.label.to_lowercase(),
            self.effects.len() - before
        );
        if let Some((exposure, last)) = self.effects.iter().rev().find(|(exposure, _)| *exposure >= 0) {
            let (value, ends) = self.y.says_alike(last);
            words.push_str(&format!(" The last, at {exposure}, is {value}"));
            if let Some((low, high)) = ends {
                words.push_str(&format!(", interval {low} to {high}"));
            }
            words.push('.');
        }
        if let Some(worth) = self.worth {
            words.push_str(&format!(" The smallest effect worth it is {}.", self.y.says(worth)));
        }
        words
    }
}
