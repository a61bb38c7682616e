//! How the lot alone would let an effect fall, and where the one that happened stands.

use super::ink::{Shape, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// Beyond so many standard errors nothing is drawn to scale.
const FARTHEST: f64 = 8.0;

/// How often the lot alone lets the effect fall into each of equal steps, in standard errors.
#[derive(Debug, Clone, PartialEq)]
pub struct ByLot {
    /// Where the first step begins.
    pub first: f64,
    /// How wide each step is, above 0.
    pub step: f64,
    /// How many lots fell into each; the outermost hold all beyond.
    pub counts: Vec<u64>,
    /// Where the effect that happened stands.
    pub happened: f64,
}

impl ByLot {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let y = Axis::share("Share of all lots tried");
        let x = Axis::number("Effect, in standard errors");
        let total = self.counts.iter().sum::<u64>() as f64;
        let share = |count: u64| count as f64 / total.max(1.0);
        let from = |place: usize| self.first + self.step * place as f64;
        let steps = || self.counts.iter().enumerate();
        let rows = steps().map(|(place, count)| {
            vec![Cell::Number(from(place)), Cell::Number(from(place + 1)), Cell::on(&y, Some(share(*count)))]
        });
        let table = Table::new(["From", "To", y.label.as_str()], rows.collect());
        let mut marks: Vec<Mark> = steps()
            .filter(|(_, count)| **count > 0)
            .map(|(place, count)| Mark::Band {
                left: from(place),
                right: from(place + 1),
                low: 0.0,
                high: share(*count),
                tone: Tone::Quiet,
            })
            .collect();
        let here = self.happened.clamp(-FARTHEST, FARTHEST);
        let happened = x.says(self.happened);
        let says = format!("what happened, {happened}");
        marks.push(Mark::Moment { x: here, tone: Tone::Pull, label: says.clone() });
        if total > 0.0 {
            let (shape, tone) = (Shape::Diamond, Tone::Pull);
            marks.push(Mark::Point { x: here, y: 0.0, shape, tone, says, label: None });
        }
        let description = format!(
            "How often each effect came about when the lots were drawn again and nobody was moved: {total} lots. What happened \
             is {happened} standard errors from none."
        );
        let plot = Plot { x, y, y_holds: vec![0.0], x_holds: vec![self.first, -self.first], marks };
        let picture = if plot.is_empty() {
            Picture::Nothing("No lots were drawn again yet. It takes a recorded draw.")
        } else {
            Picture::Plot(plot)
        };
        Chart { title: title.into(), description, picture, table }
    }
}
