//! Pictures on two axes: the frame (range, ticks, labels) and the marks in it.
//!
//! The range always holds everything that is drawn: values, intervals, limits and reference lines. Numbers that are
//! not finite are not drawn; an interval with an end at infinity runs to the edge.

use maud::{Markup, html};

use super::ink::{self, Drawn, Size, at};
use super::labels::{self, Area, Placer};
use super::mark::{Frame, Mark};
use super::scale::{self, Axis, Shows, Span};

/// A picture on two axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plot {
    pub x: Axis,
    pub y: Axis,
    /// Values the y range must hold besides what is drawn (0 for shares, the ends of a scale).
    pub y_holds: Vec<f64>,
    /// Values the x range must hold besides what is drawn.
    pub x_holds: Vec<f64>,
    pub marks: Vec<Mark>,
}

impl Plot {
    /// Whether there is no point to draw; lines that only refer to something are not a picture.
    pub fn is_empty(&self) -> bool {
        !self
            .marks
            .iter()
            .any(|mark| matches!(mark, Mark::Point { x, y, .. } if x.is_finite() && y.is_finite()))
    }

    pub fn drawn(&self, size: Size) -> Drawn {
        let font = size.font;
        let y = self.y_span();
        let x = self.x_span();
        let rows = if size == ink::NARROW { 5.0 } else { 6.0 };
        let (y_ticks, y_step) = y.ticks(rows);
        let y_words: Vec<String> =
            y_ticks.iter().map(|value| scale::tick(*value, y_step, self.y.shows)).collect();
        let gutter = y_words.iter().map(|words| labels::width(words, font)).fold(font, f64::max) + font * 0.7;
        let heading = labels::wrap(&self.y.label, font, size.width);
        let top = font * (1.3 * heading.len() as f64 + 0.9);
        let margin = if size == ink::NARROW { 0.0 } else { self.margin(font) };
        let inner_height = (size.width * 0.4).clamp(210.0, 290.0);
        let inner = Area {
            left: gutter,
            top,
            right: size.width - if margin > 0.0 { margin + font * 0.6 } else { font * 0.6 },
            bottom: top + inner_height,
        };
        let frame = Frame { inner, x, y, font, margin };
        let inside = html! {
            @for (place, line) in heading.iter().enumerate() {
                text class="quiet" x="0" y=(at(font * (1.0 + 1.3 * place as f64))) { (line) }
            }
            @for (value, words) in y_ticks.iter().zip(&y_words) {
                @let here = frame.down(*value);
                (ink::line((inner.left, here), (inner.right, here), "line thin grid"))
                text class="quiet end" x=(at(inner.left - font * 0.6)) y=(at(here + font * 0.35)) { (words) }
            }
            (self.x_axis(&frame))
            (self.marks(&frame))
        };
        Drawn { height: inner.bottom + font * 3.6, inside }
    }

    /// How much room the names of lines need beside the picture: their widest line when broken after some 18 letters.
    fn margin(&self, font: f64) -> f64 {
        let words = self.marks.iter().filter_map(Mark::edge_words);
        let lines = words.flat_map(|words| labels::wrap(words, font, font * 9.0));
        lines.map(|line| labels::width(&line, font) + 1.0).fold(0.0, f64::max).min(font * 13.0)
    }

    fn y_span(&self) -> Span {
        let values = self.marks.iter().flat_map(Mark::ys).chain(self.y_holds.iter().copied());
        let span = Span::over(values).unwrap_or(Span { low: 0.0, high: 1.0 });
        let roomy = span.padded(0.06);
        match self.y.shows {
            // A share has ends: no room is made below 0 or above 1.
            Shows::Share => Span {
                low: if span.low >= 0.0 { roomy.low.max(0.0) } else { roomy.low },
                high: if span.high <= 1.0 { roomy.high.min(1.0) } else { roomy.high },
            },
            // Quantities that touch 0 from above stand on it.
            Shows::Number if span.low == 0.0 => Span { low: 0.0, high: roomy.high },
            Shows::Number => roomy,
        }
    }

    fn x_span(&self) -> Span {
        let named = (0..self.x.names.len()).map(|place| place as f64);
        let values = self.marks.iter().flat_map(Mark::xs).chain(self.x_holds.iter().copied()).chain(named);
        let span = Span::over(values).unwrap_or(Span { low: 0.0, high: 1.0 });
        if self.is_whole() {
            Span { low: (span.low + 0.5).floor() - 0.5, high: (span.high - 0.5).ceil() + 0.5 }
        } else {
            span.padded(0.04)
        }
    }

    /// Whether the x axis counts periods, so that half a place is the natural room at its ends.
    fn is_whole(&self) -> bool {
        !self.x.names.is_empty()
            || self.marks.iter().all(|mark| match mark {
                Mark::Point { x, .. } => x.fract() == 0.0,
                Mark::Line { points, .. } => points.iter().all(|point| point.0.fract() == 0.0),
                _ => true,
            })
    }

    fn x_axis(&self, frame: &Frame) -> Markup {
        let (inner, font) = (frame.inner, frame.font);
        let ticks: Vec<(f64, String)> = if self.x.names.is_empty() {
            let (mut ticks, mut step) = frame.x.ticks(inner.width() / (font * 5.0));
            if self.is_whole() && step < 1.0 {
                step = 1.0;
                ticks.retain(|tick| (tick - tick.round()).abs() < 1e-9);
            }
            ticks.iter().map(|value| (*value, scale::tick(*value, step, self.x.shows))).collect()
        } else {
            let wide =
                (0..self.x.names.len()).map(|at| labels::width(&self.x.name(at), font)).fold(font, f64::max);
            let place = inner.width() / (frame.x.high - frame.x.low);
            let every = ((wide + font) / place).ceil().max(1.0) as usize;
            (0..self.x.names.len()).step_by(every).map(|at| (at as f64, self.x.name(at))).collect()
        };
        html! {
            (ink::line((inner.left, inner.bottom), (inner.right, inner.bottom), "line thin quiet"))
            @for (value, words) in &ticks {
                @let here = frame.across(*value);
                (ink::line((here, inner.bottom), (here, inner.bottom + 4.0), "line thin quiet"))
                // The outermost names stay inside the picture.
                @let half = labels::width(words, font) / 2.0;
                @let here = here.max(half).min(inner.right + font * 0.6 - half);
                text class="quiet mid" x=(at(here)) y=(at(inner.bottom + font * 1.55)) { (words) }
            }
            text class="quiet end" x=(at(inner.right)) y=(at(inner.bottom + font * 3.1)) {
                (labels::clip(&self.x.label, font, inner.right))
            }
        }
    }

    fn marks(&self, frame: &Frame) -> Markup {
        let whole = Area { right: frame.inner.right + frame.font * 0.6 + frame.margin, ..frame.inner };
        let mut placer = Placer::new(whole, frame.font);
        for mark in &self.marks {
            // A covered point is a lost number; a covered stretch of line is still guessed.
            let weight = if matches!(mark, Mark::Point { .. }) { 6 } else { 1 };
            for area in mark.footprint(frame) {
                placer.avoid(area, weight);
            }
        }
        // Words of the rarest things first: they have the fewest places to stand.
        let moments = self.words(frame, &mut placer, |mark| matches!(mark, Mark::Moment { .. }));
        let lines =
            self.words(frame, &mut placer, |mark| matches!(mark, Mark::Across { .. } | Mark::Line { .. }));
        let points = self.words(frame, &mut placer, |mark| matches!(mark, Mark::Point { .. }));
        html! {
            @for depth in 0..4 {
                @for mark in self.marks.iter().filter(|mark| mark.layer() == depth) { (mark.drawn(frame)) }
            }
            (moments) (lines) (points)
        }
    }

    fn words(&self, frame: &Frame, placer: &mut Placer, which: impl Fn(&Mark) -> bool) -> Markup {
        html! {
            @for mark in self.marks.iter().filter(|mark| which(mark)) {
                @if let Some((words, tone, spots)) = mark.named(frame) { (placer.put(words, tone, &spots)) }
            }
        }
    }
}
