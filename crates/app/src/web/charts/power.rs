//! What a plan detects: effect against how often it is found, and the smallest effect found by the number of slots.

use super::ink::{Shape, Stroke, Tone};
use super::mark::Mark;
use super::plot::Plot;
use super::{Axis, Cell, Chart, Picture, Table};
use traction_domain::prove::Figures;

/// A smallest effect worth having that is so many times what else is drawn is left out of the picture.
const FAR_ABOVE: f64 = 2.0;

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

/// An effect that was played: its size, how often it was found, and the error of that from having played so often.
pub type Played = (f64, f64, f64);

/// How often effects of different sizes would be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The effect in the outcome's unit: "Effect on absence, days a month".
    pub x: Axis,
    /// By formula, ascending by effect: how often it is found.
    pub curve: Vec<Found>,
    /// As played, ascending, of an effect that is there at once.
    pub played: Vec<Played>,
    /// As played, ascending, of one that grows.
    pub played_growing: Vec<Played>,
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
        let table = self.table(&y);
        let description = self.description(&y);
        let wanted = format!("wanted, {}", y.says(self.wanted));
        let mut marks =
            vec![Mark::Across { y: self.wanted, tone: Tone::Ink, stroke: Stroke::Thin, label: Some(wanted) }];
        marks.extend(self.worth.map(|worth| Mark::Moment {
            x: worth,
            tone: Tone::Push,
            label: format!("worth having, {}", self.x.says(worth)),
        }));
        if self.played.is_empty() {
            marks.extend(lines(&self.curve));
            // A curve without played points still has its crossing to point at.
            marks.extend(self.crossing(|point| point.constant).map(|(x, power)| {
                let says = format!("{}, by formula: found in {}", self.x.says(x), y.says(power));
                Mark::Point { x, y: power, shape: Shape::Ring, tone: Tone::Pull, says, label: None }
            }));
        } else {
            let points = self.curve.iter().map(|point| (point.at, point.constant)).collect();
            let label = Some("by formula".to_owned());
            marks.push(Mark::Line { points, tone: Tone::Quiet, stroke: Stroke::Dotted, label });
            let inside = |played: &[Played]| -> Vec<Played> {
                played.iter().copied().filter(|point| point.0 <= most).collect()
            };
            marks.extend(self.as_played(&inside(&self.played), &AT_ONCE));
            marks.extend(self.as_played(&inside(&self.played_growing), &GROWING));
        }
        let plot = Plot { x: self.x, y, y_holds: vec![0.0, 1.0], x_holds: vec![0.0], marks };
        Chart { title: title.into(), description, picture: shown(plot), table }
    }

    /// A line through what was played, each point with twice its error.
    fn as_played(&self, played: &[Played], look: &Look) -> Vec<Mark> {
        let (tone, shape) = (look.tone, look.shape);
        let points = played.iter().map(|point| (point.0, Some(point.1))).collect();
        let mut marks =
            vec![Mark::Line { points, tone, stroke: look.stroke, label: Some(look.name.to_owned()) }];
        for (x, power, error) in played {
            let says = format!("{}, {}, played: found in {:.0} %", self.x.says(*x), look.name, 100.0 * power);
            let (low, high) = ((power - 2.0 * error).max(0.0), (power + 2.0 * error).min(1.0));
            marks.push(Mark::Interval { x: *x, low, high, tone });
            marks.push(Mark::Point { x: *x, y: *power, shape, tone, says, label: None });
        }
        marks
    }

    fn table(&self, y: &Axis) -> Table {
        let played = self.played.iter().chain(&self.played_growing).map(|point| point.0);
        let alike = Alike::of(self.curve.iter().map(|point| point.at).chain(played));
        let by_formula = self.curve.iter().map(|point| {
            let how = Cell::words("by formula");
            vec![alike.cell(point.at), how, Cell::on(y, point.constant), Cell::on(y, point.growing)]
        });
        let row = |effect: f64, constant, growing| {
            vec![alike.cell(effect), Cell::words("played"), Cell::on(y, constant), Cell::on(y, growing)]
        };
        let constant = self.played.iter().map(|(effect, power, _)| row(*effect, Some(*power), None));
        let growing = self.played_growing.iter().map(|(effect, power, _)| row(*effect, None, Some(*power)));
        let headings = [self.x.label.as_str(), "How", "There at once", "Growing"];
        Table::new(headings, by_formula.chain(constant).chain(growing).collect())
    }

    /// The first effect on the curve that is found as often as wanted, and how often it is.
    fn crossing(&self, of: fn(&Found) -> Option<f64>) -> Option<(f64, f64)> {
        let found = self.curve.iter().filter_map(|point| Some((point.at, of(point)?)));
        found.into_iter().find(|(_, power)| *power >= self.wanted)
    }

    fn description(&self, y: &Axis) -> String {
        let mut words = "How often effects of different sizes would be found.".to_owned();
        let mut from = |how: &str, effect: Option<f64>| {
            if let Some(effect) = effect {
                let (effect, share) = (self.x.says(effect), y.says(self.wanted));
                words.push_str(&format!(" {how}: from about {effect} on in {share}."));
            }
        };
        let reached =
            |played: &[Played]| played.iter().find(|point| point.1 >= self.wanted).map(|point| point.0);
        from("There at once, played", reached(&self.played));
        from("Growing, played", reached(&self.played_growing));
        from("There at once, by formula", self.crossing(|point| point.constant).map(|point| point.0));
        from("Growing or fading, by formula", self.crossing(|point| point.growing).map(|point| point.0));
        if let Some(worth) = self.worth {
            words.push_str(&format!(" The smallest effect worth having is {}.", self.x.says(worth)));
        }
        words
    }
}

/// How what was played of one shape of effect is drawn.
struct Look {
    name: &'static str,
    tone: Tone,
    stroke: Stroke,
    shape: Shape,
}

const AT_ONCE: Look =
    Look { name: "there at once", tone: Tone::Pull, stroke: Stroke::Whole, shape: Shape::Dot };
const GROWING: Look = Look { name: "growing", tone: Tone::Ink, stroke: Stroke::Dashed, shape: Shape::Ring };

/// Numbers of one column, all with as many digits after the point: as many as tell the smallest of them.
struct Alike(Option<Figures>);

impl Alike {
    fn of(numbers: impl Iterator<Item = f64>) -> Alike {
        let least = numbers.filter(|number| *number > 0.0 && number.is_finite()).reduce(f64::min);
        // Figures are for an error, of which they give two digits.
        Alike(least.map(|least| Figures::of(10.0 * least)))
    }

    fn cell(&self, number: f64) -> Cell {
        match self.0 {
            Some(figures) => Cell::Said(number, figures.say(number)),
            None => Cell::Number(number),
        }
    }

    fn maybe(&self, number: Option<f64>) -> Cell {
        number.filter(|number| number.is_finite()).map_or(Cell::Nothing, |number| self.cell(number))
    }
}

/// The smallest effect found, by the number of slots in every wave.
#[derive(Debug, Clone, PartialEq)]
pub struct BySlots {
    /// The effect in the outcome's unit.
    pub y: Axis,
    /// By slots in every wave, ascending: the smallest effect found.
    pub slots: Vec<Found>,
    /// As played, of an effect that is there at once: slots in every wave, the smallest effect, and its error from having
    /// played so often.
    pub played: Vec<(usize, f64, f64)>,
    /// The number that is planned, where all waves have the same.
    pub planned: Option<usize>,
    /// The smallest effect worth having, above 0.
    pub worth: Option<f64>,
}

impl BySlots {
    /// The picture; `title` states the finding.
    pub fn chart(self, title: impl Into<String>) -> Chart {
        let x = Axis::number("Slots in every wave");
        let by_formula = self.slots.iter().flat_map(|place| [place.constant, place.growing]).flatten();
        let played = self.played.iter().map(|point| point.1);
        // Three telling digits of the smallest.
        let alike = Alike::of(by_formula.chain(played.clone()).map(|effect| 0.01 * effect));
        let rows = self.slots.iter().map(|place| {
            let as_played = self.played.iter().find(|point| point.0 as f64 == place.at).map(|point| point.1);
            let by_formula = [alike.maybe(place.constant), alike.maybe(place.growing)];
            [Cell::Number(place.at)].into_iter().chain(by_formula).chain([alike.maybe(as_played)]).collect()
        });
        let headings = [x.label.as_str(), "There at once", "May grow or fade", "There at once, played"];
        let table = Table::new(headings, rows.collect());
        let drawn = self.slots.iter().flat_map(|place| [place.constant, place.growing]).flatten();
        let most = drawn.chain(played).fold(0.0, f64::max);
        // A line far above all others would press them flat; it is said instead.
        let worth_drawn = self.worth.filter(|worth| *worth <= FAR_ABOVE * most);
        let named = |n: f64| if n == 1.0 { "1 slot".to_owned() } else { format!("{n} slots") };
        let ends = [self.slots.first(), self.slots.last()].into_iter().flatten();
        let mut description = "The smallest effect that would be found, by slots in every wave.".to_owned();
        for place in ends {
            if let Some(effect) = place.constant {
                description.push_str(&format!(" With {}: {}.", named(place.at), self.y.says(effect)));
            }
        }
        if let Some(worth) = self.worth {
            description.push_str(&format!(" The smallest effect worth having is {}.", self.y.says(worth)));
        }
        let mut marks = lines(&self.slots).to_vec();
        marks.extend(worth_drawn.map(|worth| Mark::Across {
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
            let label = is_planned.then(|| "planned".to_owned());
            marks.push(Mark::Point { x: place.at, y: effect, shape, tone: Tone::Pull, says, label });
        }
        for (place, (n, effect, error)) in self.played.iter().enumerate() {
            let (x, tone) = (*n as f64, Tone::Ink);
            let says = format!("{}, played: {}", named(x), self.y.says(*effect));
            let label = (place == 0).then(|| "as played".to_owned());
            let (low, high) = ((effect - 2.0 * error).max(0.0), effect + 2.0 * error);
            marks.push(Mark::Interval { x, low, high, tone });
            marks.push(Mark::Point { x, y: *effect, shape: Shape::Ring, tone, says, label });
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
