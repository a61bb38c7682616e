//! What a plan detects: effect against how often it is found, and the smallest effect found by the number of slots.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};

/// One place of a curve, for an effect that is there at once and for one that may grow or fade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Where it stands on the x axis.
    pub at: f64,
    /// For an effect that is there at once.
    pub constant: Option<f64>,
    /// For one that may grow or fade.
    pub growing: Option<f64>,
}

/// The two curves, each named at its line.
fn lines(found: &[Found]) -> [Mark; 2] {
    let line = |label: &str, tone, stroke, of: fn(&Found) -> Option<f64>| Mark::Line {
        points: found.iter().map(|place| (place.at, of(place))).collect(),
        tone,
        stroke,
        label: Some(label.to_owned()),
    };
    [
        line("there at once", Tone::Pull, Stroke::Whole, |place| place.constant),
        line("may grow or fade", Tone::Quiet, Stroke::Dashed, |place| place.growing),
    ]
}

/// How often effects of different sizes would be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The effect in the outcome's unit: "Effect on absence, days a month".
    pub x: Axis,
    /// By formula, ascending by effect: how often it is found.
    pub curve: Vec<Found>,
    /// As played: the effect, how often it was found, and the error of that from having played so often and no more.
    pub played: Vec<(f64, f64, f64)>,
    /// How often an effect is to be found.
    pub wanted: f64,
    /// The smallest effect worth having, above 0; `None` when none was named.
    pub worth: Option<f64>,
}

impl Power {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let y = Axis::share("How often it would be found");
        let most = self.curve.last().map_or(f64::INFINITY, |point| point.at);
        let by_formula = self.curve.iter().map(|point| {
            let how = Cell::words("by formula");
            vec![Cell::Number(point.at), how, Cell::on(&y, point.constant), Cell::on(&y, point.growing)]
        });
        let as_played = self.played.iter().map(|(effect, power, _)| {
            vec![Cell::Number(*effect), Cell::words("played"), Cell::on(&y, Some(*power)), Cell::Nothing]
        });
        let headings = [self.x.label.as_str(), "How", "There at once", "May grow or fade"];
        let table = Table::new(headings, by_formula.chain(as_played).collect());
        let description = self.description(&y);
        let wanted = format!("wanted, {}", y.says(self.wanted));
        let mut marks =
            vec![Mark::Across { y: self.wanted, tone: Tone::Ink, stroke: Stroke::Thin, label: Some(wanted) }];
        marks.extend(lines(&self.curve));
        marks.extend(self.worth.map(|worth| Mark::Moment {
            x: worth,
            tone: Tone::Push,
            label: format!("worth having, {}", self.x.says(worth)),
        }));
        let played: Vec<(f64, f64, f64)> =
            self.played.iter().copied().filter(|point| point.0 <= most).collect();
        marks.push(Mark::Line {
            points: played.iter().map(|point| (point.0, Some(point.1))).collect(),
            tone: Tone::Pull,
            stroke: Stroke::Dotted,
            label: None,
        });
        // Half-way up is where a name stands freest.
        let half_way =
            |a: &&(f64, f64, f64), b: &&(f64, f64, f64)| (a.1 - 0.5).abs().total_cmp(&(b.1 - 0.5).abs());
        let named = played.iter().min_by(half_way).map(|point| point.0);
        for (x, power, error) in played {
            let says = format!("{}, played: found in {}", self.x.says(x), y.says(power));
            let (low, high) = ((power - 2.0 * error).max(0.0), (power + 2.0 * error).min(1.0));
            let label = (named == Some(x)).then(|| "as played".to_owned());
            marks.push(Mark::Interval { x, low, high, tone: Tone::Pull });
            marks.push(Mark::Point { x, y: power, shape: Shape::Dot, tone: Tone::Pull, says, label });
        }
        // A curve without played points still has its crossing to point at.
        if let Some((x, power)) = self.crossing(|point| point.constant) {
            let says = format!("{}, by formula: found in {}", self.x.says(x), y.says(power));
            let label = Some("by formula".to_owned());
            marks.push(Mark::Point { x, y: power, shape: Shape::Ring, tone: Tone::Pull, says, label });
        }
        let plot = Plot { x: self.x, y, y_holds: vec![0.0, 1.0], x_holds: vec![0.0], marks };
        Chart { title: title.into(), description, picture: shown(plot), table }
    }

    /// The first effect on the curve that is found as often as wanted, and how often it is.
    fn crossing(&self, of: fn(&Found) -> Option<f64>) -> Option<(f64, f64)> {
        let found = self.curve.iter().filter_map(|point| Some((point.at, of(point)?)));
        found.into_iter().find(|(_, power)| *power >= self.wanted)
    }

    fn description(&self, y: &Axis) -> String {
        let mut words = "How often effects of different sizes would be found.".to_owned();
        if let Some((effect, _)) = self.crossing(|point| point.constant) {
            words.push_str(&format!(
                " From about {} on, one that is there at once is found in {}.",
                self.x.says(effect),
                y.says(self.wanted)
            ));
        }
        if let Some((effect, _)) = self.crossing(|point| point.growing) {
            words.push_str(&format!(" One that may grow or fade from about {} on.", self.x.says(effect)));
        }
        if let Some(worth) = self.worth {
            words.push_str(&format!(" The smallest effect worth having is {}.", self.x.says(worth)));
        }
        words
    }
}

/// The smallest effect found, by the number of slots in every wave.
#[derive(Debug, Clone, PartialEq)]
pub struct BySlots {
    /// The effect in the outcome's unit.
    pub y: Axis,
    /// By slots in every wave, ascending: the smallest effect found.
    pub slots: Vec<Found>,
    /// The number that is planned, where all waves have the same.
    pub planned: Option<usize>,
    /// The smallest effect worth having, above 0.
    pub worth: Option<f64>,
}

impl BySlots {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let x = Axis::number("Slots in every wave");
        let rows = self.slots.iter().map(|place| {
            vec![Cell::Number(place.at), Cell::on(&self.y, place.constant), Cell::on(&self.y, place.growing)]
        });
        let table = Table::new([x.label.as_str(), "There at once", "May grow or fade"], rows.collect());
        let named = |n: f64| if n == 1.0 { "1 slot".to_owned() } else { format!("{n} slots") };
        let ends = [self.slots.first(), self.slots.last()].into_iter().flatten();
        let mut description = "The smallest effect that would be found, by slots in every wave.".to_owned();
        for place in ends {
            if let Some(effect) = place.constant {
                description.push_str(&format!(" With {}: {}.", named(place.at), self.y.says(effect)));
            }
        }
        let mut marks = lines(&self.slots).to_vec();
        marks.extend(self.worth.map(|worth| Mark::Across {
            y: worth,
            tone: Tone::Push,
            stroke: Stroke::Dashed,
            label: Some(format!("worth having, {}", self.y.says(worth))),
        }));
        for place in &self.slots {
            let Some(effect) = place.constant else { continue };
            let is_planned = self.planned.is_some_and(|planned| planned as f64 == place.at);
            let shape = if is_planned { Shape::Diamond } else { Shape::Dot };
            let says = format!("{}: {}", named(place.at), self.y.says(effect));
            let label = is_planned.then(|| format!("planned, {}", self.y.says(effect)));
            marks.push(Mark::Point { x: place.at, y: effect, shape, tone: Tone::Pull, says, label });
        }
        let plot = Plot { x, y: self.y, y_holds: vec![0.0], x_holds: Vec::new(), marks };
        Chart { title: title.into(), description, picture: shown(plot), table }
    }
}

fn shown(plot: Plot) -> Picture {
    if plot.is_empty() {
        Picture::Nothing(
            "No effect that was tried would be found often enough. More units or more periods would change that.",
        )
    } else {
        Picture::Plot(plot)
    }
}
