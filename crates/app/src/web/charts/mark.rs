//! What can be drawn on two axes: each mark's shape, the room it takes, and where its words may stand.

use maud::{Markup, html};

use super::ink::{self, Shape, Stroke, Tone, at};
use super::labels::{self, Area, Side, Spot};
use super::scale::Span;

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line through places in order; a missing value breaks it.
    Line { points: Vec<(f64, Option<f64>)>, tone: Tone, stroke: Stroke, label: Option<String> },
    /// A shaded area from `left` to `right` between `low` and `high`.
    Band { left: f64, right: f64, low: f64, high: f64, tone: Tone },
    /// A value's interval.
    Interval { x: f64, low: f64, high: f64, tone: Tone },
    /// A point; `says` is shown when the pointer rests on it.
    Point { x: f64, y: f64, shape: Shape, tone: Tone, says: String, label: Option<String> },
    /// A reference value across the whole picture.
    Across { y: f64, tone: Tone, stroke: Stroke, label: Option<String> },
    /// A moment, drawn from top to bottom.
    Moment { x: f64, tone: Tone, label: String },
}

impl Mark {
    pub fn ys(&self) -> Vec<f64> {
        match self {
            Self::Line { points, .. } => points.iter().filter_map(|point| point.1).collect(),
            Self::Band { low, high, .. } | Self::Interval { low, high, .. } => vec![*low, *high],
            Self::Point { y, .. } | Self::Across { y, .. } => vec![*y],
            Self::Moment { .. } => Vec::new(),
        }
    }

    /// The words of a mark that may reach the right edge.
    pub fn edge_words(&self) -> Option<&str> {
        match self {
            Self::Line { label, .. } | Self::Across { label, .. } => label.as_deref(),
            _ => None,
        }
    }

    pub fn xs(&self) -> Vec<f64> {
        match self {
            Self::Line { points, .. } => points.iter().map(|point| point.0).collect(),
            Self::Band { left, right, .. } => vec![*left, *right],
            Self::Interval { x, .. } | Self::Point { x, .. } | Self::Moment { x, .. } => vec![*x],
            Self::Across { .. } => Vec::new(),
        }
    }

    pub fn layer(&self) -> u8 {
        match self {
            Mark::Band { .. } => 0,
            Mark::Across { .. } | Mark::Moment { .. } => 1,
            Mark::Line { .. } | Mark::Interval { .. } => 2,
            Mark::Point { .. } => 3,
        }
    }

    pub fn drawn(&self, frame: &Frame) -> Markup {
        let inner = frame.inner;
        match self {
            Mark::Band { left, right, low, high, tone } => {
                let (left, right) = (frame.across(*left), frame.across(*right));
                let (top, bottom) = (frame.down(*high), frame.down(*low));
                html! {
                    rect class=(format!("soft {}", tone.class())) x=(at(left)) y=(at(top))
                        width=(at((right - left).max(0.0))) height=(at((bottom - top).max(0.0))) {}
                }
            }
            Mark::Across { y, tone, stroke, .. } if y.is_finite() => {
                let here = frame.down(*y);
                ink::line((inner.left, here), (inner.right, here), &class(*stroke, *tone))
            }
            Mark::Moment { x, tone, .. } if x.is_finite() => {
                let here = frame.across(*x);
                ink::line((here, inner.top), (here, inner.bottom), &class(Stroke::Dotted, *tone))
            }
            Mark::Line { points, tone, stroke, .. } => html! {
                @for run in runs(points, frame).iter().filter(|run| run.len() > 1) {
                    path class=(class(*stroke, *tone)) d=(ink::path(run)) {}
                }
            },
            Mark::Interval { x, low, high, tone } if x.is_finite() && !low.is_nan() && !high.is_nan() => {
                let here = frame.across(*x);
                ink::line((here, frame.down(*low)), (here, frame.down(*high)), &class(Stroke::Whole, *tone))
            }
            Mark::Point { x, y, shape, tone, says, .. } if x.is_finite() && y.is_finite() => {
                ink::point(frame.across(*x), frame.down(*y), *shape, *tone, says)
            }
            _ => html! {},
        }
    }

    /// The room a mark takes, which labels keep clear of.
    pub fn footprint(&self, frame: &Frame) -> Vec<Area> {
        match self {
            Mark::Point { x, y, .. } => vec![Area::around(frame.across(*x), frame.down(*y), 7.0)],
            Mark::Interval { x, low, high, .. } => {
                let here = frame.across(*x);
                vec![Area {
                    left: here - 3.0,
                    right: here + 3.0,
                    top: frame.down(*high),
                    bottom: frame.down(*low),
                }]
            }
            Mark::Moment { x, .. } => {
                let here = frame.across(*x);
                steps((here, frame.inner.top), (here, frame.inner.bottom))
            }
            Mark::Across { y, .. } => {
                let here = frame.down(*y);
                steps((frame.inner.left, here), (frame.inner.right, here))
            }
            Mark::Line { points, .. } => runs(points, frame)
                .iter()
                .flat_map(|run| run.windows(2).flat_map(|pair| steps(pair[0], pair[1])))
                .collect(),
            Mark::Band { .. } => Vec::new(),
        }
    }

    /// A mark's words and the places they could stand, best first.
    pub fn named(&self, frame: &Frame) -> Option<(&str, Tone, Vec<Spot>)> {
        let (inner, font) = (frame.inner, frame.font);
        let line = font * 1.2;
        let room = frame.room();
        match self {
            Mark::Across { y, tone, label: Some(words), .. } if y.is_finite() => {
                let here = frame.down(*y);
                let mut spots: Vec<Spot> = frame.beside(words, here).into_iter().collect();
                // Broken into short lines, words stand between marks where they would cross them in one.
                for room in [room, (room * 0.5).max(font * 8.0)] {
                    let tall = labels::wrap(words, font, room).len() as f64 * line;
                    for top in [here - tall - 3.0, here + 3.0] {
                        for (x, side) in [
                            (inner.right - 2.0, Side::Ends),
                            (inner.left + 4.0, Side::Starts),
                            ((inner.left + inner.right) / 2.0, Side::Centred),
                            (inner.left + inner.width() * 0.25, Side::Centred),
                            (inner.left + inner.width() * 0.75, Side::Centred),
                        ] {
                            spots.push(Spot { x, top, side, room });
                        }
                    }
                }
                Some((words, *tone, spots))
            }
            Mark::Moment { x, tone, label } if x.is_finite() => {
                let here = frame.across(*x);
                let mut spots = Vec::new();
                for top in [
                    inner.top + 2.0,
                    inner.bottom - line - 4.0,
                    inner.top + line + 4.0,
                    inner.bottom - 2.0 * line - 6.0,
                ] {
                    spots.push(Spot { x: here + 6.0, top, side: Side::Starts, room });
                    spots.push(Spot { x: here - 6.0, top, side: Side::Ends, room });
                }
                Some((label, *tone, spots))
            }
            Mark::Line { points, tone, label: Some(words), .. } => {
                let places: Vec<(f64, f64)> = runs(points, frame).concat();
                let last = places.len().checked_sub(1)?;
                let at_the_end = places[last].0 > inner.right - inner.width() * 0.06;
                let beside = if at_the_end { frame.beside(words, places[last].1) } else { None };
                let mut spots: Vec<Spot> = beside.into_iter().collect();
                // The end first, then ever further back: the end is where a reader looks for the name.
                for part in [last, last * 4 / 5, last * 3 / 5, last * 2 / 5, last / 5, 0] {
                    let (x, y) = places[part];
                    let side = if part == last {
                        Side::Ends
                    } else if part == 0 {
                        Side::Starts
                    } else {
                        Side::Centred
                    };
                    for top in [y - line - 8.0, y + 8.0, y - 2.0 * line - 8.0, y + line + 8.0] {
                        spots.push(Spot { x, top, side, room });
                    }
                }
                // Where a line is steep, its sides are free.
                for part in (0..=10).map(|tenth| last * tenth / 10) {
                    let (x, y) = places[part];
                    spots.push(Spot { x: x + 10.0, top: y - line / 2.0, side: Side::Starts, room });
                    spots.push(Spot { x: x - 10.0, top: y - line / 2.0, side: Side::Ends, room });
                }
                if let [from, to] = places[..] {
                    spots.extend(over_a_level(from, to, inner, line, room));
                }
                Some((words, *tone, spots))
            }
            Mark::Point { x, y, tone, label: Some(words), .. } if x.is_finite() && y.is_finite() => {
                let (x, y) = (frame.across(*x), frame.down(*y));
                Some((
                    words,
                    *tone,
                    vec![
                        Spot { x: x + 8.0, top: y - line / 2.0, side: Side::Starts, room },
                        Spot { x: x - 8.0, top: y - line / 2.0, side: Side::Ends, room },
                        Spot { x, top: y - line - 8.0, side: Side::Centred, room },
                        Spot { x, top: y + 8.0, side: Side::Centred, room },
                        Spot { x: x + 6.0, top: y - line - 4.0, side: Side::Starts, room },
                        Spot { x: x + 6.0, top: y + 5.0, side: Side::Starts, room },
                        Spot { x: x - 6.0, top: y - line - 4.0, side: Side::Ends, room },
                        Spot { x: x - 6.0, top: y + 5.0, side: Side::Ends, room },
                    ],
                ))
            }
            _ => None,
        }
    }
}

/// Where the name of a level, a line of two places, may stand clear of the readings around it: along the level, then at
/// the top and at the bottom of its stretch.
fn over_a_level(from: (f64, f64), to: (f64, f64), inner: Area, line: f64, room: f64) -> Vec<Spot> {
    let parts = [1.0, 0.75, 0.5, 0.25, 0.0];
    let along = parts.map(|part| (from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1), part));
    let near = [-3.0, 2.0, -4.0, 3.0];
    let mut tops: Vec<[f64; 5]> =
        near.iter().map(|n_lines| along.map(|(_, y, _)| y + n_lines * line)).collect();
    tops.extend([[inner.top + 2.0; 5], [inner.bottom - line - 2.0; 5]]);
    let spot = |(x, _, part): (f64, f64, f64), top| {
        let side = match part {
            1.0 => Side::Ends,
            0.0 => Side::Starts,
            _ => Side::Centred,
        };
        Spot { x, top, side, room }
    };
    tops.iter().flat_map(|tops| along.into_iter().zip(*tops)).map(|(at, top)| spot(at, top)).collect()
}

/// The frame of one drawing: where the inner area is, and which numbers it spans.
pub(super) struct Frame {
    pub inner: Area,
    pub x: Span,
    pub y: Span,
    pub font: f64,
    /// Room right of the inner area, where lines that reach the edge are named; 0 where there is none.
    pub margin: f64,
}

impl Frame {
    /// How wide words within the picture may run before they break.
    pub fn room(&self) -> f64 {
        (self.inner.width() * 0.62).max(self.font * 8.0)
    }

    /// The place right of the picture for the name of what ends at height `y`.
    fn beside(&self, words: &str, y: f64) -> Option<Spot> {
        let lines = labels::wrap(words, self.font, self.margin).len() as f64;
        (self.margin > 0.0).then_some(Spot {
            x: self.inner.right + self.font * 0.6,
            top: y - self.font * 0.6 * lines,
            side: Side::Starts,
            room: self.margin,
        })
    }

    pub fn across(&self, x: f64) -> f64 {
        self.x.place(x, self.inner.left, self.inner.right)
    }

    pub fn down(&self, y: f64) -> f64 {
        self.y.place(y, self.inner.bottom, self.inner.top)
    }
}

fn class(stroke: Stroke, tone: Tone) -> String {
    format!("{} {}", stroke.class(), tone.class())
}

/// The unbroken stretches of a line, in the picture's units.
fn runs(points: &[(f64, Option<f64>)], frame: &Frame) -> Vec<Vec<(f64, f64)>> {
    points
        .split(|(x, y)| !x.is_finite() || !y.is_some_and(f64::is_finite))
        .map(|run| {
            run.iter().filter_map(|(x, y)| y.map(|y| (frame.across(*x), frame.down(y)))).collect::<Vec<_>>()
        })
        .filter(|run| !run.is_empty())
        .collect()
}

/// A line's stretch as a chain of small squares.
fn steps(from: (f64, f64), to: (f64, f64)) -> Vec<Area> {
    let long = (to.0 - from.0).hypot(to.1 - from.1);
    let count = (long / 8.0).ceil().clamp(1.0, 200.0);
    (0..count as usize)
        .map(|step| {
            let part = (step as f64 + 0.5) / count;
            Area::around(from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1), 4.0)
        })
        .collect()
}
